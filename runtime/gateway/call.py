"""One try at one binding: what goes out and what came back. Both routes speak in these."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from nodes.sdk import Said
from runtime.gateway.binding import Binding
from runtime.gateway.grammar import grammar_of

_STEADY = 0.2
"""the temperature of a small model where the step names none: at 0 it repeats itself, at 1 it wanders"""


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked. With `on_text` the answer is streamed and every piece of text is given to it."""

    binding: Binding
    messages: Sequence[Said]
    schema: Mapping[str, Any] | None
    temperature: float | None
    max_tokens: int
    key: str
    on_text: Callable[[str], None] | None

    def parameters(self) -> dict[str, Any]:
        """What both routes send besides the model's name, in OpenAI's words."""
        found: dict[str, Any] = {
            "messages": [{"role": each.role, "content": _content(each)} for each in self.messages],
            "max_tokens": self.max_tokens,
        }
        if self.temperature is not None:
            found["temperature"] = self.temperature
        elif self.binding.small:
            found["temperature"] = _STEADY
        if self.schema and self.binding.small:
            found["grammar"] = grammar_of(self.schema)
        elif self.schema:
            wanted = {"name": "answer", "schema": self.schema, "strict": _fits_strict(self.schema)}
            found["response_format"] = {"type": "json_schema", "json_schema": wanted}
        if self.on_text:
            found |= {"stream": True, "stream_options": {"include_usage": True}}
        return found

    def headers(self) -> dict[str, str]:
        """The header by which a server may recognise a repetition."""
        return {"Idempotency-Key": self.key} if self.key else {}


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back. Token counts are None or 0 where the server gave none."""

    text: str
    finish: str
    model: str
    tokens_in: int | None
    tokens_out: int | None


class Route(Protocol):
    """A way to make a call. Raises `StepFailed` and nothing else; cancelling it closes the connection."""

    async def ask(self, call: Call) -> Heard: ...

    async def close(self) -> None: ...


def _content(said: Said) -> str | list[dict[str, Any]]:
    """The text; with pictures, the parts one after the other, in OpenAI's words."""
    if not said.pictures:
        return said.text
    parts: list[dict[str, Any]] = [{"type": "text", "text": said.text}] if said.text else []
    for each in said.pictures:
        url = f"data:{each.media};base64,{b64encode(each.content).decode()}"
        parts.append({"type": "image_url", "image_url": {"url": url}})
    return parts


def _fits_strict(schema: Any) -> bool:
    """Whether a schema keeps the rules of OpenAI's strict mode: closed objects, every name required."""
    if isinstance(schema, list):
        return all(_fits_strict(each) for each in cast("list[Any]", schema))
    if not isinstance(schema, Mapping):
        return True
    known = cast("Mapping[str, Any]", schema)
    if known.get("type") == "object":
        names = set(known.get("properties", {}))
        if known.get("additionalProperties") is not False or names != set(known.get("required", ())):
            return False
    return all(_fits_strict(each) for each in known.values())
