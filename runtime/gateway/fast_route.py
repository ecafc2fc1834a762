"""The direct route: OpenAI's protocol spoken by ourselves, a tenth of a millisecond a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import orjson

from runtime.egress import (
    Barred,
    Dropped,
    Lookup,
    NotReached,
    Outlet,
    Refused,
    Reply,
    TooLarge,
    Zone,
    system_lookup,
    waiting_time,
)
from runtime.gateway.binding import Binding
from runtime.gateway.call import Call, Heard
from runtime.gateway.failures import ModelFailed, failed, failed_by_status


class FastRoute:
    """Keeps one outlet for each address and key, so that connections are used again."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._outlets: dict[tuple[str, str, Zone], Outlet] = {}

    async def ask(self, call: Call) -> Heard:
        """Make the call."""
        binding = call.binding
        body = orjson.dumps({"model": binding.bare_model, **call.parameters()})
        try:
            async with self._outlet(binding).post(
                "chat/completions", body, call.headers(), deadline_s=binding.timeout_s
            ) as reply:
                if reply.status != 200:
                    raise await _failure(reply, binding)
                return await _streamed(reply, call, call.on_text) if call.on_text else _whole(await reply.read(), call)
        except TimeoutError as error:
            raise failed("model_timeout", binding) from error
        except (Refused, Barred) as error:
            raise failed("model_barred", binding) from error
        except NotReached as error:
            raise failed("model_unreachable", binding) from error
        except Dropped as error:
            raise failed("model_interrupted", binding) from error
        except TooLarge as error:
            raise failed("bad_answer", binding, str(error)) from error

    async def close(self) -> None:
        """End all connections."""
        outlets, self._outlets = list(self._outlets.values()), {}
        for each in outlets:
            await each.close()

    def _outlet(self, binding: Binding) -> Outlet:
        way = (binding.base_url, binding.key, binding.zone)
        found = self._outlets.get(way)
        if found is None:
            headers = {"Authorization": f"Bearer {binding.key}"} if binding.key else {}
            found = self._outlets[way] = Outlet(binding.base_url, headers, zone=binding.zone, lookup=self._lookup)
        return found


async def _failure(reply: Reply, binding: Binding) -> ModelFailed:
    said = (await reply.read())[:10_000].decode(errors="replace")
    after_s = waiting_time(reply.headers.get("Retry-After"), reply.headers.get("Date"))
    return failed_by_status(reply.status, _message(said), binding, after_s)


def _message(said: str) -> str:
    """The code and message of an error in OpenAI's form, else all of it."""
    try:
        error = _object(_object(orjson.loads(said)).get("error"))
    except orjson.JSONDecodeError:
        return said
    return f"{error.get('message') or said} {error.get('code') or ''}".strip()


def _whole(body: bytes, call: Call) -> Heard:
    binding = call.binding
    try:
        data = _object(orjson.loads(body))
    except orjson.JSONDecodeError as error:
        raise failed("bad_answer", binding) from error
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices:
        raise failed("bad_answer", binding)
    first = _object(cast("list[Any]", choices)[0])
    message = _object(first.get("message"))
    if message.get("refusal"):
        raise failed("model_refused", binding, str(message["refusal"]))
    return _heard(
        str(message.get("content") or ""), first.get("finish_reason"), data, _object(data.get("usage")), binding
    )


async def _streamed(reply: Reply, call: Call, on_text: Callable[[str], None]) -> Heard:
    binding = call.binding
    pieces: list[str] = []
    finish: Any = None
    usage: dict[str, Any] = {}
    last: dict[str, Any] = {}
    async for line in reply.lines():
        if not line.startswith(b"data:"):  # a comment, an event name, the empty line between two events
            continue
        content = line[5:].strip()
        if content == b"[DONE]":
            break
        try:
            last = _object(orjson.loads(content))
        except orjson.JSONDecodeError as error:
            raise failed("model_interrupted", binding) from error
        if last.get("error"):
            raise failed("model_interrupted", binding, _message(content.decode(errors="replace")))
        usage = _object(last.get("usage")) or usage
        choices = last.get("choices")
        if not isinstance(choices, list) or not choices:  # the chunk that only carries usage
            continue
        first = _object(cast("list[Any]", choices)[0])
        finish = first.get("finish_reason") or finish
        piece = _object(first.get("delta")).get("content")
        if piece:
            pieces.append(str(piece))
            on_text(str(piece))
    return _heard("".join(pieces), finish, last, usage, binding)


def _heard(text: str, finish: Any, data: dict[str, Any], usage: dict[str, Any], binding: Binding) -> Heard:
    model = data.get("model")
    return Heard(
        text=text,
        finish=str(finish or "stop"),
        model=model if isinstance(model, str) and model else binding.bare_model,
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
    )


def _object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
