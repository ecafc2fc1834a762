"""A model server that says exactly what a test tells it to, over OpenAI's protocol and a real socket.

In a test: `with ModelServer() as server:` then `server.say(Turn("Hello"))`. As a process, for tests that kill ours:
`python -m tests.support.model_server --port 18080 --log calls.ndjson` answers every call and notes it in the log first.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.loopback import LoopbackServer, Request


@dataclass(frozen=True)
class Turn:
    """What the server does with one call."""

    text: str = ""
    status: int = 200
    error: Any = None
    """the body of an answer that is no 200"""
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    usage: tuple[int, int] | None = (7, 5)
    pieces: int = 4
    """into how many pieces a stream cuts the text"""
    drop_after: int | None = None
    """break the connection after so many pieces (of a stream), or before the body"""
    stall_after: int | None = None
    """say nothing more after so many pieces, until the caller goes away"""
    garbage_after: int | None = None
    """send something that is no JSON after so many pieces"""
    error_after: int | None = None
    """send an error object after so many pieces"""
    no_choices: bool = False
    raw: bytes | None = None
    """exactly this as the body"""
    delay_s: float = 0.0
    """before each piece"""


@dataclass
class Call:
    """One request the server got. `ended` says how: answered, dropped, or left by the caller."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    ended: str = ""

    @property
    def key(self) -> str:
        return self.headers.get("idempotency-key", "")


class Gone(Exception):
    """The caller went away."""


class ModelServer(LoopbackServer):
    """Answers with the turns it was given, in order; without any it repeats what it was asked."""

    def __init__(self, port: int = 0, log: Path | None = None, delay_s: float = 0.0) -> None:
        super().__init__(port)
        self.calls: list[Call] = []
        self._turns: deque[Turn] = deque()
        self._log, self.delay_s = log, delay_s
        """before each piece of an answer without a turn"""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def say(self, *turns: Turn | str) -> None:
        """Queue what the next calls get."""
        self._turns.extend(Turn(each) if isinstance(each, str) else each for each in turns)

    def counted(self, key: str) -> int:
        """How many calls came with this idempotency key."""
        return sum(call.key == key for call in self.calls)

    def clear(self) -> None:
        """Forget calls and turns."""
        self.calls.clear()
        self._turns.clear()

    async def answer(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        call = Call(request.path, request.headers, json.loads(request.body or b"{}"))
        if call.path == "/v1/models":
            return _send(
                writer, 200, json.dumps({"object": "list", "data": [{"id": "scripted", "object": "model"}]}).encode()
            )
        turn = self.turn_for(call)
        self._note(call)
        try:
            lives = await _answer(turn, call, reader, writer)
        except (Gone, ConnectionError):
            call.ended = "left"
            return False
        call.ended = call.ended or "answered"
        return lives

    def turn_for(self, call: Call) -> Turn:
        """What this call gets: the next turn, else what it said."""
        return self._turns.popleft() if self._turns else Turn(_echo(call.body), delay_s=self.delay_s)

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        if self._log:
            with self._log.open("a") as log:
                print(
                    json.dumps({"key": call.key, "at": time.time(), "model": call.body.get("model")}),
                    file=log,
                    flush=True,
                )


async def _answer(turn: Turn, call: Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    if turn.status != 200 or turn.raw is not None:
        said = (
            turn.raw if turn.raw is not None else json.dumps(turn.error or {"error": {"message": "scripted"}}).encode()
        )
        return _send(writer, turn.status, said, turn.headers)
    if call.body.get("stream"):
        return await _stream(turn, call, reader, writer)
    if turn.stall_after is not None:
        await _until_gone(reader)
    if turn.drop_after is not None:
        return _dropped(call, writer)
    if turn.delay_s:
        await _pause(turn.delay_s, reader)
    message = {"index": 0, "message": {"role": "assistant", "content": turn.text}, "finish_reason": turn.finish}
    answer = _common("chat.completion", call) | {"choices": [] if turn.no_choices else [message]}
    return _send(writer, 200, json.dumps(answer | _usage(turn)).encode(), turn.headers)


async def _stream(turn: Turn, call: Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    common = _common("chat.completion.chunk", call)
    event(writer, b": a comment")
    for number, piece in enumerate([*_cut(turn.text, turn.pieces), None]):
        if turn.delay_s:
            await _pause(turn.delay_s, reader)
        await writer.drain()
        if number == turn.stall_after:
            await _until_gone(reader)
        if number == turn.drop_after:
            return _dropped(call, writer)
        if number == turn.garbage_after:
            event(writer, b'data: {"choices": [{"delta"')
        if number == turn.error_after:
            event(writer, b'data: {"error": {"message": "scripted trouble", "code": 500}}')
        if piece is not None and not turn.no_choices:
            event(
                writer, _data(common | {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
            )
    if not turn.no_choices:
        event(writer, _data(common | {"choices": [{"index": 0, "delta": {}, "finish_reason": turn.finish}]}))
    if turn.usage and (call.body.get("stream_options") or {}).get("include_usage"):
        event(writer, _data(common | {"choices": []} | _usage(turn)))
    event(writer, b"data: [DONE]")
    writer.write(b"0\r\n\r\n")
    return True


def event(writer: asyncio.StreamWriter, content: bytes) -> None:
    content += b"\n\n"
    writer.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")


def _send(writer: asyncio.StreamWriter, status: int, body: bytes, headers: dict[str, str] | None = None) -> bool:
    lines = {"Content-Type": "application/json", "Content-Length": str(len(body))} | (headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"HTTP/1.1 {status} Scripted\r\n{head}\r\n".encode() + body)
    return True


def _dropped(call: Call, writer: asyncio.StreamWriter) -> bool:
    call.ended = "dropped"
    writer.transport.abort()
    return False


async def _pause(seconds: float, reader: asyncio.StreamReader) -> None:
    try:
        await asyncio.wait_for(_until_gone(reader), seconds)
    except TimeoutError:
        return


async def _until_gone(reader: asyncio.StreamReader) -> None:
    if not await reader.read(1):
        raise Gone


def _common(kind: str, call: Call) -> dict[str, Any]:
    return {"id": "scripted-1", "object": kind, "created": 1, "model": call.body.get("model", "scripted")}


def _usage(turn: Turn) -> dict[str, Any]:
    if turn.usage is None:
        return {}
    tokens_in, tokens_out = turn.usage
    return {
        "usage": {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    }


def _data(chunk: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(chunk).encode()


def _cut(text: str, pieces: int) -> list[str]:
    size = max(1, -(-len(text) // max(1, pieces)))
    return [text[start : start + size] for start in range(0, len(text), size)]


def _echo(body: dict[str, Any]) -> str:
    """What is said without a turn: the last message, or the smallest data its schema allows."""
    wanted = (body.get("response_format") or {}).get("json_schema", {}).get("schema")
    if wanted:
        return json.dumps(smallest(wanted))
    messages = body.get("messages") or [{}]
    return f"You said: {messages[-1].get('content', '')}"


def smallest(schema: dict[str, Any]) -> Any:
    """The smallest value of a plain schema."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: smallest(each) for name, each in schema.get("properties", {}).items()}
        case "array":
            return [smallest(schema.get("items", {}))] * schema.get("minItems", 0)
        case "string":
            return "text"
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return None


async def _serve(arguments: argparse.Namespace) -> None:
    server = ModelServer(arguments.port, arguments.log, arguments.delay_ms / 1000)
    async with await server.listen() as listening:
        print(f"scripted model server at {server.url}", flush=True)
        await listening.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A scripted model server; it echoes what it is asked.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, help="one JSON line for each call, written before its answer")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="pause before each piece of an answer")
    try:
        asyncio.run(_serve(parser.parse_args()))
    except KeyboardInterrupt:
        sys.exit(0)
