"""`greenlane run`: a workflow file, to its end, in a store of its own that is thrown away afterwards."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from builder.command.attached import throwaway
from builder.command.files import read_bytes, read_object
from runtime.errors import BadInput, GreenlaneError
from runtime.graph.reading import read
from runtime.operations import files, runs, traces, trying
from runtime.operations.actors import Actor
from runtime.operations.forms import form_of
from runtime.operations.runtime import Runtime
from runtime.settings import read_settings

MESSAGE = "message"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a workflow file (YAML or JSON); - reads standard input")
    parser.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="one input; NAME=@PATH gives a file; may be repeated",
    )
    parser.add_argument("--inputs", metavar="FILE.json", help="inputs as a JSON object")
    parser.add_argument("--message", metavar="TEXT", help="the message of a chat workflow")
    parser.add_argument("--variables", metavar="FILE.json", help="what variables start with, as a JSON object")
    parser.add_argument("--pins", metavar="FILE.json", help="what chosen steps give instead of being run")
    parser.add_argument("--events", action="store_true", help="print every event as a line of JSON")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")


def run(options: argparse.Namespace) -> int:
    inputs = read_object(options.inputs) if options.inputs else {}
    inputs |= _pairs(options.input)
    content = read_bytes(options.file)
    if options.message is not None and _asks_for_a_message(content):
        inputs[MESSAGE] = options.message
    elif options.message is not None:
        print("The message is left out: this workflow does not begin with one.", file=sys.stderr)
    given = _Given(
        content=content,
        inputs=inputs,
        variables=read_object(options.variables) if options.variables else {},
        pins=read_object(options.pins) if options.pins else {},
    )
    own = read_settings(os.environ)
    with tempfile.TemporaryDirectory(prefix="greenlane-") as folder:
        try:
            with throwaway(own, Path(folder)) as runtime:
                result = asyncio.run(_run(runtime, given, events=options.events))
        except GreenlaneError as error:
            if not options.json:
                raise
            result = _refusal(error)
    if options.json:
        print(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode())
    elif not options.events:
        _show(result)
    return 0 if result["status"] in ("succeeded", "partly_succeeded", "waiting") else 1


def _asks_for_a_message(content: bytes) -> bool:
    """Whether a message is asked for; also of a file that cannot be read, of which something else will be told."""
    document, _ = read(content)
    return document is None or MESSAGE in {each.name for each in form_of(document)}


@dataclass(frozen=True)
class _Given:
    """What the command line named."""

    content: bytes
    inputs: dict[str, Any]
    variables: dict[str, Any]
    pins: dict[str, Any]


async def _run(runtime: Runtime, given: _Given, *, events: bool) -> dict[str, Any]:
    """Take the file in, run it, follow it to its end."""
    actor, name = await trying.adopt_file(runtime, given.content, variables=given.variables)
    pins = trying.pins_of(given.pins)
    inputs = await _with_files(runtime, actor, given)
    started = await runs.start_run(runtime, actor, workflow=name, inputs=inputs, pins=pins)
    async for event in runs.follow_run(runtime, actor, run=started.run):
        if events:
            sys.stdout.buffer.write(orjson.dumps(event) + b"\n")
            sys.stdout.buffer.flush()
    return _result(await traces.read_run(runtime, actor, run=started.run))


def _result(view: Any) -> dict[str, Any]:
    ran = [each for each in view.steps if each.status in ("done", "failed")]
    found: dict[str, Any] = {
        "run_id": view.card.run,
        "status": view.card.status,
        "outputs": view.outputs,
        "error": view.error,
        "steps": [
            {
                "step": each.step,
                "path": each.path,
                "status": "succeeded" if each.status == "done" else each.status,
                "started": each.started,
                "ended": each.ended,
                "output": each.output,
            }
            for each in ran
        ],
    }
    if waits := [each for each in view.steps if each.status == "asking" and each.asked]:
        found["waits"] = [
            {"step": each.step, "title": each.asked.title, "for": each.asked.waits_for, "until": each.asked.deadline}
            for each in waits
        ]
    if view.chat:
        found["answer"] = answer_of(view.outputs or {})
    return found


def answer_of(outputs: Mapping[str, Any]) -> Any:
    """What a chat workflow says: its output `answer`, or its only one."""
    return outputs.get("answer", next(iter(outputs.values())) if len(outputs) == 1 else None)


def _refusal(error: GreenlaneError) -> dict[str, Any]:
    return {"run_id": None, "status": "failed", "outputs": None, "error": error.as_dict(), "steps": []}


def _show(result: Mapping[str, Any]) -> None:
    for name, value in (result["outputs"] or {}).items():
        text = value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
        print(f"{name}:\n{text}\n" if "\n" in text else f"{name}: {text}")
    for each in result.get("waits", ()):
        print(f"waiting in {each['step']}: “{each['title']}” waits for {each['for']}.", file=sys.stderr)
        print("This store is thrown away now; --pins says what a step gives instead of waiting.", file=sys.stderr)
    if error := result["error"]:
        where = f" in {error['step']}" if error.get("step") else ""
        print(f"{result['status']}{where}: {error['message']}\n{error.get('hint', '')}".strip(), file=sys.stderr)


async def _with_files(runtime: Runtime, actor: Actor, given: _Given) -> dict[str, Any]:
    """The inputs, with the files behind `@path` brought where a file is asked for; `@` in any other text is text."""
    document, _ = read(given.content)
    asked = {each.name for each in form_of(document) if each.kind in ("file", "files")} if document else set[str]()

    async def brought(value: Any) -> Any:
        if isinstance(value, list):
            return [await brought(each) for each in value]
        return await _bring(runtime, actor, value[1:]) if isinstance(value, str) and value.startswith("@") else value

    return {name: await brought(value) if name in asked else value for name, value in given.inputs.items()}


async def _bring(runtime: Runtime, actor: Actor, path: str) -> str:
    content = read_bytes(path)

    async def body() -> AsyncIterator[bytes]:
        yield content

    return (await files.bring_file(runtime, actor, name=Path(path).name, body=body(), length=len(content))).id


def _pairs(texts: Sequence[str]) -> dict[str, Any]:
    """Inputs by name. A file that is given again joins the ones before; of other values the last one counts."""
    found: dict[str, Any] = {}
    for name, value in map(_pair, texts):
        before = found.get(name)
        if value.startswith("@") and before is not None:
            found[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            found[name] = value
    return found


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise BadInput(f"--input {text!r} is not of the form name=value.")
    return name, value
