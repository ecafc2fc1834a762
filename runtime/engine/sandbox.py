"""The sandbox for running steps: somebody's code in a caged worker, told in words when it comes to nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import orjson

from nodes.sdk import Language, Ran, StepFailed
from runtime.engine.ports import SandboxPort
from runtime.sandbox.cage import cage
from runtime.sandbox.limited import Broke
from runtime.sandbox.workers import TERMS, Job, Kind, Workers

log = logging.getLogger(__name__)

LONGEST_SOURCE = 64_000
"""bytes"""
LONGEST_GIVEN = 16_000_000
"""bytes of the values handed to somebody's code"""
LONGEST_APART = 64_000_000
"""bytes of the value handed to a function of ours"""
SECONDS_APART = 30.0
MOST_SECONDS = 60.0
"""the longest somebody's code may ask for"""


class RunSandbox:
    """Implements `nodes.sdk.Sandbox` for one run."""

    __slots__ = ("_owner", "_port")

    def __init__(self, port: SandboxPort, owner: str) -> None:
        self._port, self._owner = port, owner

    async def run(
        self, language: Language, source: str, inputs: Mapping[str, Any], *, entry: str = "", seconds: float = 2.0
    ) -> Ran:
        """See `nodes.sdk.Sandbox`."""
        return await self._port.run(self._owner, language, source, inputs, entry=entry, seconds=seconds)

    async def apart(self, function: str, given: Any) -> Any:
        """See `nodes.sdk.Sandbox`."""
        return await self._port.apart(self._owner, function, given)


class CagedCode:
    """Implements `SandboxPort`. No worker is started before the first use. `reduced` says whether IT permits code
    without a cage, with limits only; it is asked where no cage can be built."""

    def __init__(self, reduced: Callable[[], bool] = lambda: False) -> None:
        self._reduced = reduced
        self._workers = Workers()

    async def run(
        self, owner: str, language: Language, source: str, inputs: Mapping[str, Any], *, entry: str, seconds: float
    ) -> Ran:
        """See `SandboxPort`."""
        if not (found := cage()).works and not self._reduced():
            raise StepFailed(
                "This step runs code, and on this machine there is no cage to run it in.",
                code="sandbox_missing",
                hint=f"For IT: {found.why_not} {found.advice} `greenlane doctor` shows it.",
            )
        written = source.encode("utf-8", "replace")
        if len(written) > LONGEST_SOURCE:
            raise StepFailed(
                f"The code of this step is longer than {LONGEST_SOURCE // 1000} kB.",
                code="code_error",
                hint="Make it shorter, or split it into two steps.",
            )
        asked = {"source": source, "inputs": inputs, "entry": entry, "seconds": min(seconds, MOST_SECONDS)}
        content = sha256(f"{entry}\n".encode() + written).hexdigest()
        answer = await self._ask(language, owner, content, asked, LONGEST_GIVEN)
        return Ran(answer["value"], answer["printed"])

    async def apart(self, owner: str, function: str, given: Any) -> Any:
        """See `SandboxPort`."""
        asked = {"source": function, "inputs": given, "seconds": SECONDS_APART}
        return (await self._ask("own", owner, "", asked, LONGEST_APART))["value"]

    def close(self) -> None:
        """See `SandboxPort`."""
        self._workers.close()

    def workers(self) -> list[int]:
        """Process ids of all workers that live."""
        return self._workers.pids()

    async def _ask(self, kind: Kind, owner: str, content: str, asked: dict[str, Any], longest: int) -> dict[str, Any]:
        try:
            body = orjson.dumps(asked)
        except TypeError as error:
            raise StepFailed(f"What this step hands to its code is no data ({error}).", code="code_error") from error
        if len(body) > longest:
            raise StepFailed(
                f"This step is given more than {longest // 1_000_000} MB.",
                code="code_memory",
                hint="Hand on only what it needs, or take the values in parts.",
            )
        job = Job(kind, owner, content, body, asked["seconds"])
        try:
            answer = orjson.loads(await asyncio.wrap_future(self._workers.submit(job)))
        except asyncio.CancelledError:
            job.stop()
            raise
        except Broke as broke:
            raise _broken(broke, kind, asked["seconds"]) from broke
        except orjson.JSONDecodeError as error:
            raise _failed("code_output", kind, asked["seconds"]) from error
        if (mistake := answer.get("mistake")) is not None:
            raise _mistaken(mistake, kind, asked["seconds"])
        return answer


def _mistaken(told: Mapping[str, Any], kind: Kind, seconds: float) -> StepFailed:
    """The words for what a worker says went wrong."""
    code, message, line = told["code"], str(told["message"]), told["line"]
    if code in {"code_time", "code_memory", "code_output"}:
        return _failed(code, kind, seconds)
    if code == "internal":
        log.error("a function of ours failed in the sandbox: %s", message)
        return StepFailed("This step stopped on an error of its own.", code="internal")
    if kind == "own":
        return StepFailed(message, code=code, hint=told["hint"])
    place = f"Line {line}: " if line else ""
    return StepFailed(
        f"{place}{message}", code="code_error", hint=told["hint"] or "Correct it in the settings of this step."
    )


def _broken(broke: Broke, kind: Kind, seconds: float) -> StepFailed:
    match broke.reason:
        case "time":
            return _failed("code_time", kind, seconds)
        case "answer":
            return _failed("code_output", kind, seconds)
        case "stopped":
            return StepFailed("This step was stopped.", code="code_stopped", retry=True)
        case _:
            log.warning("a %s worker died: %s", kind, broke.last_words)
            return _failed("code_memory", kind, seconds)


def _failed(code: str, kind: Kind, seconds: float) -> StepFailed:
    what = {"jinja": "The template", "own": "The work of this step"}.get(kind, "The code")
    terms = TERMS[kind]
    sentence, hint = {
        "code_time": (f"{what} was not done after {seconds:g} seconds and was stopped.", "Let it do less at once."),
        "code_memory": (
            f"{what} needed more than {terms.memory // 1_000_000} MB of memory and was stopped.",
            "Take the values in parts, or make smaller ones.",
        ),
        "code_output": (
            f"{what} gave or printed more than {terms.most // 1_000_000} MB and was stopped.",
            "Hand on only what later steps need.",
        ),
    }[code]
    return StepFailed(sentence, code=code, hint=hint)
