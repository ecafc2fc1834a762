"""OpenAI's chat protocol as a plain ASGI app, over answers that follow rules."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from builder.command.demo_model.citing import cited
from builder.command.demo_model.filling import filled
from builder.command.demo_model.replying import reply, split
from builder.command.demo_model.tickets import tickets

LABEL = "demo (scripted, no AI)"
NAME = "demo-scripted"
LARGEST_REQUEST = 4_000_000
"""bytes"""

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Mapping[str, Any], Receive, Send], Awaitable[None]]


def app(delay_s: float = 0.015) -> App:
    """The server. `delay_s` is the pause after each word of a stream."""

    async def serve(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        match scope["method"], scope["path"]:
            case "GET", "/v1/models":
                model = {"id": NAME, "object": "model", "created": 0, "owned_by": LABEL}
                await _json(send, 200, {"object": "list", "data": [model]})
            case "GET", "/demo/tickets":
                await _json(send, 200, tickets())
            case "POST", "/v1/chat/completions":
                await _chat(receive, send, delay_s)
            case _:
                await _refuse(send, 404, f"The demo model knows no {scope['path']}.")

    return serve


async def _chat(receive: Receive, send: Send, delay_s: float) -> None:
    try:
        request = json.loads(await _body(receive))
        messages = [(str(each["role"]), _text(each.get("content"))) for each in request["messages"]]
        text = answer(messages, _schema(request))
    except OverflowError:
        await _refuse(send, 413, "The messages are too long for the demo model.")
        return
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        await _refuse(send, 400, "The demo model does not understand this request.")
        return
    pieces = list(_words(text))
    limit = request.get("max_tokens") or request.get("max_completion_tokens") or len(pieces)
    finish = "stop" if len(pieces) <= limit else "length"
    pieces = pieces[:limit]
    spent = {"prompt_tokens": sum(len(list(_words(each))) for _, each in messages), "completion_tokens": len(pieces)}
    usage = spent | {"total_tokens": sum(spent.values())}
    if request.get("stream"):
        with_usage = (request.get("stream_options") or {}).get("include_usage")
        await _stream(receive, send, pieces, finish, usage if with_usage else None, delay_s)
    else:
        choice = {"index": 0, "message": {"role": "assistant", "content": "".join(pieces)}, "finish_reason": finish}
        await _json(send, 200, _common("chat.completion") | {"choices": [choice], "usage": usage})


def answer(messages: list[tuple[str, str]], schema: Mapping[str, Any] | None) -> str:
    """What the demo model says to these messages (role, text): JSON where a schema is asked for."""
    system = "\n".join(text for role, text in messages if role == "system")
    user = next((text for role, text in reversed(messages) if role == "user"), "")
    if schema is None and (found := cited(f"{system}\n{user}")) is not None:
        return found
    instruction, material = split(system, user)
    if schema is not None:
        return json.dumps(filled(schema, material), ensure_ascii=False)
    return reply(instruction, material)


async def _stream(
    receive: Receive, send: Send, pieces: list[str], finish: str, usage: Mapping[str, int] | None, delay_s: float
) -> None:
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    gone = asyncio.ensure_future(receive())  # gives a message only when the caller leaves
    try:
        for piece in pieces:
            await _event(send, {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
            if delay_s:
                await asyncio.wait([gone], timeout=delay_s)
            if gone.done():
                return
        await _event(send, {"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        if usage:
            await _event(send, {"choices": [], "usage": usage})
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n", "more_body": False})
    finally:
        gone.cancel()


async def _event(send: Send, chunk: dict[str, Any]) -> None:
    content = json.dumps(_common("chat.completion.chunk") | chunk, ensure_ascii=False)
    await send({"type": "http.response.body", "body": f"data: {content}\n\n".encode(), "more_body": True})


async def _body(receive: Receive) -> bytes:
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > LARGEST_REQUEST:
            raise OverflowError
        if not message.get("more_body"):
            return found


async def _json(send: Send, status: int, body: Mapping[str, Any]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body, ensure_ascii=False).encode()})


async def _refuse(send: Send, status: int, sentence: str) -> None:
    await _json(send, status, {"error": {"message": sentence, "type": "invalid_request_error"}})


def _common(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-demo", "object": kind, "created": 0, "model": LABEL, "system_fingerprint": LABEL}


def _schema(request: Mapping[str, Any]) -> Mapping[str, Any] | None:
    wanted = request.get("response_format") or {}
    return wanted["json_schema"].get("schema", {}) if wanted.get("type") == "json_schema" else None


def _text(content: Any) -> str:
    """A message's text, also where it comes in parts."""
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content)
    return str(content or "")


def _words(text: str) -> Iterator[str]:
    """The words with the white space before them."""
    start, inside = 0, False
    for place, sign in enumerate(text):
        if sign.isspace() and inside:
            yield text[start:place]
            start, inside = place, False
        elif not sign.isspace():
            inside = True
    if start < len(text):
        yield text[start:]
