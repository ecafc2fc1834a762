"""Whole workflows: imported, run with their mocks, compared with what is expected."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from builder.command.attached import throwaway
from builder.command.run import _result
from runtime.errors import GreenlaneError
from runtime.operations import runs, traces, trying
from runtime.operations.importing import Imported, convert_file
from runtime.operations.runtime import Runtime
from runtime.settings import read_settings
from tests.conformance.material import case_file
from tests.conformance.mocking import pins_of
from tests.conformance.single import step_of

STATUS = {"partial-succeeded": "partly_succeeded"}
ONLY_IMPORTED = "import_ok_expected_not_verified"
Case = Mapping[str, Any]


@dataclass
class Ran:
    """What a run came to."""

    result: dict[str, Any]
    said: str = ""
    """what was streamed of the answer"""
    took: float = 0.0
    imported: Imported | None = None
    steps: dict[str, str] = field(default_factory=dict)


class Prepared:
    """A case, ready to be run: the workflow, its pins, inputs and variables."""

    def __init__(self, case: Case) -> None:
        content = _patched(case_file(dict(case)), case.get("patch"))
        self.imported = convert_file(content)
        self.steps = {node: fate.step for node, fate in self.imported.report.steps.items()}
        document = self.imported.document
        self.inputs: dict[str, Any] = dict(case.get("inputs") or {})
        self.pins: dict[str, Any] = {}
        self.variables: dict[str, Any] = {}
        if document is None:
            return
        self.pins = pins_of(case.get("mocks") or {}, _kinds(content), self.steps, document)
        start = next(each for each in document.meaning.steps.values() if each.type == "flow.start")
        if case.get("query") is not None and start.settings.get("kind") == "chat":
            self.inputs["message"] = case["query"]
        for name, each in (case.get("preset_variables") or {}).items():
            root, _, rest = name.partition(".")
            self.variables[rest if root in ("env", "conversation") else name.replace(".", "_")] = each


def _patched(content: bytes, patch: Any) -> bytes:
    if not patch:
        return content
    data = yaml.safe_load(content)
    for node in _graph(data)["nodes"]:
        node["data"].update(patch["nodes"].get(node["id"], {}).get("data", {}))
    return yaml.safe_dump(data, allow_unicode=True).encode()


def _graph(data: dict[str, Any]) -> dict[str, Any]:
    return data.get("workflow", {}).get("graph") or data.get("graph") or data


def _kinds(content: bytes) -> dict[str, str]:
    return {str(each["id"]): each["data"].get("type", "") for each in _graph(yaml.safe_load(content))["nodes"]}


def in_process(cases: Sequence[Case]) -> list[Ran]:
    """All cases, one after the other, in one throw-away store."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        own = read_settings({}).model_copy(update={"data": Path(folder) / "own", "demo_model": False})
        with throwaway(own, Path(folder)) as runtime:
            return asyncio.run(_all(runtime, [Prepared(each) for each in cases]))


async def _all(runtime: Runtime, cases: list[Prepared]) -> list[Ran]:
    return [await _run(runtime, each) for each in cases]


async def _run(runtime: Runtime, case: Prepared) -> Ran:
    if case.imported.document is None:
        return Ran(_failed("it could not be imported"), imported=case.imported, steps=case.steps)
    began, said = time.monotonic(), ""
    try:
        actor, name = await trying.adopt_file(runtime, case.imported.content, variables=case.variables)
        started = await runs.start_run(
            runtime, actor, workflow=name, inputs=case.inputs, pins=trying.pins_of(case.pins)
        )
        async for event in runs.follow_run(runtime, actor, run=started.run):
            if event.get("kind") == "answer":
                said = said[: event["offset"]] + event["text"]
        result = _result(await traces.read_run(runtime, actor, run=started.run))
    except GreenlaneError as error:
        result = _failed(error.as_dict())
    return Ran(result, said, time.monotonic() - began, case.imported, case.steps)


def _failed(error: Any) -> dict[str, Any]:
    return {"status": "failed", "outputs": None, "error": error, "steps": []}


def by_command(case: Case) -> Ran:
    """One case by `greenlane run`, as anybody would."""
    prepared = Prepared(case)
    if prepared.imported.document is None:
        return Ran(_failed("it could not be imported"), imported=prepared.imported, steps=prepared.steps)
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        given = {"inputs": prepared.inputs, "pins": prepared.pins, "variables": prepared.variables}
        for name, each in given.items():
            Path(folder, f"{name}.json").write_text(json.dumps(each), "utf-8")
        Path(folder, "workflow.yaml").write_bytes(prepared.imported.content)
        options = [part for name in given for part in (f"--{name}", f"{folder}/{name}.json")]
        environment = os.environ | {"GREENLANE_DATA": f"{folder}/data", "GREENLANE_DEMO_MODEL": "false"}
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "builder.command", "run", f"{folder}/workflow.yaml", "--json", *options],
            capture_output=True, env=environment, timeout=120, check=False,
        )  # fmt: skip
        took = time.monotonic() - began
    try:
        result = json.loads(done.stdout)
    except ValueError:
        result = _failed(done.stderr.decode()[-400:])
    return Ran(result, (result["outputs"] or {}).get("answer") or "", took, prepared.imported, prepared.steps)


def verdict(case: Case, ran: Ran) -> str:
    """What is wrong; nothing where all is as expected."""
    if case["expected_status"] == ONLY_IMPORTED:
        return "" if ran.imported and ran.imported.document else "it could not be imported"
    wanted = STATUS.get(case["expected_status"], case["expected_status"])
    if ran.result["status"] != wanted:
        return f"status {ran.result['status']}, not {wanted}: {_short(ran.result['error'])}"
    return _outputs(case, ran) or _said(case, ran) or _steps(case, ran) or _rest(case, ran)


def _outputs(case: Case, ran: Ran) -> str:
    expected, found = case["expected_outputs"], ran.result["outputs"] or {}
    if expected is None:
        return ""
    within = all(name in found and found[name] == each for name, each in expected.items())
    same = within and (case["match"] != "exact" or len(found) == len(expected))
    return "" if same else f"outputs {_short(found)}, not {_short(expected)}"


def _said(case: Case, ran: Ran) -> str:
    expected = case.get("streamed_answer")
    if expected is not None and ran.said != expected:
        return f"streamed {_short(ran.said)}, not {_short(expected)}"
    whole = (ran.result["outputs"] or {}).get("answer")
    chats = ran.imported and ran.imported.document and any(
        each.type == "flow.answer" for each in ran.imported.document.meaning.steps.values())  # fmt: skip
    if chats and ran.result["status"] == "succeeded" and ran.said != (whole or ""):
        return f"streamed {_short(ran.said)}, and the answer is {_short(whole)}"
    return ""


def _steps(case: Case, ran: Ran) -> str:
    done = {each["step"] for each in ran.result["steps"]}
    if started := case.get("started_nodes"):
        expected = {ran.steps[each] for each in started}
        if done != expected:
            return f"steps {sorted(done)}, not {sorted(expected)}"
    for node, each in (case.get("container") or {}).items():
        output = next((step["output"] for step in ran.result["steps"] if step["step"] == ran.steps[node]), None) or {}
        wanted = {"round" if name == "loop_round" else name: value for name, value in each["outputs"].items()}
        if any(output.get(name) != value for name, value in wanted.items()):
            return f"“{node}” handed on {_short(output)}, not {_short(wanted)}"
    return ""


def _rest(case: Case, ran: Ran) -> str:
    if (words := case.get("error_contains")) and words.lower() not in _short(ran.result["error"], 2000).lower():
        return f"the error does not say “{words}”: {_short(ran.result['error'])}"
    if ran.took < case.get("min_elapsed_s", 0):
        return f"it took {ran.took:.3f} s"
    for node, prompts in (case.get("expected_prompts") or {}).items():
        assert ran.imported
        assert ran.imported.document
        values = {each["step"]: each["output"] for each in ran.result["steps"]}
        asked = step_of(ran.imported.document, ran.steps[node], values).model_dump()["messages"]
        if asked != prompts:
            return f"“{node}” asks {_short(asked)}, not {_short(prompts)}"
    return ""


def _short(value: Any, longest: int = 220) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= longest else f"{text[:longest]}…"
