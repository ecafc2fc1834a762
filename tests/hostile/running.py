"""Runs the examples of every step type, each with one text replaced by a hostile one: of its settings, its inputs, its
variables, and of what models, hosts and people answer. In a child with limits: a bomb that works bursts there."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from nodes.catalogue import load
from nodes.sdk import Example, Node, StepFailed
from tests.hostile.house import SECRET
from tests.hostile.payloads import BOMBS, ESCAPES
from tests.support.context import run_example

CAGED = {"data.code", "data.calculate", "data.template"}
"""what runs code has batteries of its own"""
WORDLESS = {"flow.leave_loop"}
"""what takes no text"""
LONGEST_ERROR = 3_000
LARGEST = 5_000_000
"""characters of a result; no text here is longer than sixty thousand"""


def spoiled(value: Any, text: str) -> Iterator[Any]:
    """Copies of a value, each with another one of its texts replaced."""
    match value:
        case str():
            yield text
        case dict():
            for key, each in value.items():
                yield from ({**value, key: bad} for bad in spoiled(each, text))
        case list() | tuple():
            for at, each in enumerate(value):
                yield from (type(value)([*value[:at], bad, *value[at + 1 :]]) for bad in spoiled(each, text))
        case _:
            pass


def spoiled_examples(node: type[Node], text: str) -> Iterator[Example]:
    """The examples of a node with one hostile text each."""
    for each in node.examples:
        counted = any(isinstance(answer, list) and isinstance(answer[0], float) for answer in each.answers)
        for part in ("settings", "inputs", "variables", "answers")[counted:]:  # so many numbers fit so many settings
            yield from (replace(each, **{part: bad}) for bad in spoiled(getattr(each, part), text))


async def ran(node: type[Node], example: Example) -> str:
    """What is wrong with how it ended."""
    try:
        told = repr(await run_example(node, example))
    except StepFailed as error:
        told = f"{error.message} {error.hint}"
        if "Traceback" in told or len(told) > LONGEST_ERROR:
            return f"an error that nobody can read: {told[:100]}"
    except Exception as error:  # noqa: BLE001 - the very thing that is looked for
        return f"{type(error).__name__}: {error}"[:300]
    if SECRET in told:
        return "a secret came back"
    return "" if len(told) < LARGEST else f"a result of {len(told)} characters"


async def all_of_them(armed: dict[str, str]) -> dict[str, Any]:
    """Step type → how often it ran, the slowest in seconds of processor time, and what was wrong."""
    found: dict[str, Any] = {}
    for type_id, node in load().types.items():
        times, slowest, wrong = 0, 0.0, set[str]()
        for payload in (*ESCAPES.values(), *BOMBS.values()) if type_id not in CAGED else ():
            text = payload.encode("utf-8", "replace").decode()  # values are text that can be written down
            for name, value in armed.items():
                text = text.replace(name, value)
            for example in spoiled_examples(node, text):
                try:
                    if not all(each.warning for each in node.model_validate(example.settings).troubles()):
                        continue  # a problem of the step: nothing of it runs
                except ValidationError:
                    continue
                began = time.process_time()
                if bad := await ran(node, example):
                    wrong.add(bad)
                slowest, times = max(slowest, time.process_time() - began), times + 1
        found[type_id] = [times, slowest, sorted(wrong)[:9]]
    return found


def main(given: bytes) -> bytes:
    """Inside."""
    return json.dumps(asyncio.run(all_of_them(json.loads(given)))).encode()
