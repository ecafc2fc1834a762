"""Jinja templates, in Jinja's own sandbox, which is not what holds here: the cage and its limits are."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any, cast

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

from runtime.sandbox.worker.mistakes import Mistake, too_much

NAME = "<template>"
PLAIN = "plain"
"""as the entry of a request: what Jinja does by itself"""


class Template:
    """Two environments; a template is made anew for each call."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._strict = _without_chance(
            ImmutableSandboxedEnvironment(
                undefined=StrictUndefined, keep_trailing_newline=True, finalize=_shown, cache_size=0
            )
        )
        self._plain = _without_chance(SandboxedEnvironment(undefined=Undefined, cache_size=0))

    def run(self, source: str, inputs: Mapping[str, Any], entry: str = "") -> tuple[Any, str]:
        """The text, and nothing printed. What is missing fails, and nothing is empty text; as Jinja does by itself
        (`PLAIN`) the first is empty text and the second “None”, and lists may grow. Raises `Mistake`."""
        try:
            return self._render(self._plain if entry == PLAIN else self._strict, source, inputs), ""
        except (Mistake, MemoryError):
            raise
        except TemplateSyntaxError as error:
            raise Mistake("code_error", error.message or "This is no template.", error.lineno) from None
        except RecursionError:
            raise Mistake("code_error", "The template calls itself without end.") from None
        except TemplateError as error:
            raise Mistake("code_error", error.message or type(error).__name__, _line(error)) from None
        except Exception as error:  # noqa: BLE001 - whatever a template's values do is its author's to hear
            raise Mistake("code_error", f"{type(error).__name__}: {error}"[:500], _line(error)) from None

    def _render(self, environment: SandboxedEnvironment, source: str, inputs: Mapping[str, Any]) -> str:
        pieces: list[str] = []
        length = 0
        for piece in environment.from_string(source).generate(**inputs):
            length += len(piece)
            if length > self._most:
                raise too_much(self._most)
            pieces.append(piece)
        return "".join(pieces)


def _without_chance(environment: SandboxedEnvironment) -> SandboxedEnvironment:
    names = cast("dict[str, Any]", environment.globals)
    del names["lipsum"]  # of no use to anybody, and it draws lots
    return environment


def _shown(value: Any) -> Any:
    """A value that is missing on purpose is empty text."""
    return "" if value is None else value


def _line(error: BaseException) -> int:
    """The line of the template in which it happened, innermost first."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == NAME]
    return lines[-1] if lines else 0
