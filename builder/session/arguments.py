"""A handler's signature as a strict schema: Reflex itself does not enforce annotations."""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from builder.session.reflex_private import form_data_as_dict


class ArgumentsError(ValueError):
    """The arguments do not fit the signature. Says where and what was expected, never the values."""


class SignatureError(TypeError):
    """A signature that no schema can be made of; says what to write instead."""


@dataclass(frozen=True)
class Arguments:
    """What a handler accepts: nothing missing, nothing extra, no type converted into another."""

    adapter: TypeAdapter[Any]

    @classmethod
    def of(cls, function: Callable[..., Any]) -> "Arguments":
        hints = get_type_hints(function, include_extras=True)
        fields: dict[str, Any] = {}
        for parameter in list(inspect.signature(function).parameters.values())[1:]:  # the first is the state itself
            hint = hints.get(parameter.name)
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                raise SignatureError(f"`*{parameter.name}` accepts anything: name each argument")
            if hint is None or hint is Any:
                raise SignatureError(f"`{parameter.name}` needs a type, as in `{parameter.name}: str`")
            optional = parameter.default is not parameter.empty
            fields[parameter.name] = NotRequired[hint] if optional else hint
        # A typed dict rather than a model: what is left out gets the default of the signature, and an argument
        # may be called `json` or `copy`.
        shape = TypedDict(function.__name__, fields)  # pyright: ignore[reportArgumentType]
        return cls(TypeAdapter(with_config(ConfigDict(strict=True, extra="forbid"))(shape)))

    def checked(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The validated arguments, or `ArgumentsError`."""
        plain = {name: form_data_as_dict(value) for name, value in payload.items()}
        try:
            # Through JSON, because "strict" means something else there: a list may become a tuple and text a
            # date, since JSON has neither; "1" still never becomes 1.
            return self.adapter.validate_json(json.dumps(plain, allow_nan=False))
        except ValidationError as error:
            raise ArgumentsError(_where_and_what(error)) from None
        except (TypeError, ValueError, RecursionError):
            raise ArgumentsError("not plain JSON") from None


def _where_and_what(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found[:5])
