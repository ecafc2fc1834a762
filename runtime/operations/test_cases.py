"""Test cases: inputs with what has to come out. Run against the draft by the real engine."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from nodes.sdk import StepFailed
from nodes.sdk.compare import ONE_SIDED, Operator, holds
from nodes.sdk.reading import as_text
from runtime.errors import BadInput, GreenlaneError, NotFound
from runtime.governance.facts import Tried
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.runs import run_test
from runtime.operations.runtime import Runtime
from runtime.operations.workflows import draft_of, workflow_id
from runtime.store import test_cases as rows
from runtime.store.ids import new_id
from runtime.store.test_cases import CaseRow
from runtime.store.transaction import Tx

MOST_CASES = 100
AT_ONCE = 4
"""test cases run side by side"""
LONGEST = 100_000
"""characters of the inputs of a test case, as JSON"""


class Expectation(BaseModel):
    """What one output has to be, by an operator of the branch step."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    output: str = Field(min_length=1, max_length=63)
    operator: Operator = Operator.CONTAINS
    value: Any = None

    def words(self) -> str:
        """The expectation as a person reads it."""
        right = "" if self.operator in ONE_SIDED else f" “{as_text(self.value)[:80]}”"
        return f"“{self.output}” {self.operator.label}{right}"


_EXPECTED: TypeAdapter[list[Expectation]] = TypeAdapter(list[Expectation])


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A test case with how it last went with the draft's meaning."""

    id: str
    name: str
    inputs: dict[str, Any]
    expected: list[dict[str, Any]]
    status: Literal["passed", "failed", "not_run"]
    sentence: str
    run: str


async def list_cases(runtime: Runtime, actor: Actor | None, *, name: str) -> list[CaseCard]:
    """The test cases of a workflow, oldest first, each with its result for the draft as it is now."""
    await allowed(runtime, actor, "test.see", name)

    def find(tx: Tx) -> list[CaseCard]:
        draft = draft_of(tx, name)
        return [_card(tx, each, draft.hash) for each in rows.list_cases(tx, draft.workflow)]

    return await runtime.reader.ask(find)


async def save_case(
    runtime: Runtime,
    actor: Actor | None,
    *,
    name: str,
    title: str,
    inputs: Mapping[str, Any],
    expected: Sequence[Mapping[str, Any]],
    case: str | None = None,
) -> str:
    """Write a test case, new or (with `case`) changed; its id is answered. It has to expect something."""
    person = await allowed(runtime, actor, "test.edit", name)
    now = runtime.clock.now()

    def work(tx: Tx) -> str:
        workflow = workflow_id(tx, name)
        known = rows.list_cases(tx, workflow)
        if case is not None and case not in {each.id for each in known}:
            raise NotFound("This workflow has no such test case.", hint="Somebody may have removed it meanwhile.")
        if case is None and len(known) >= MOST_CASES:
            raise BadInput(f"A workflow has at most {MOST_CASES} test cases.", hint="Remove one that says the same.")
        new = _checked(case or new_id("test"), workflow, title, inputs, expected, person.id, now)
        rows.write_case(tx, new)
        return new.id

    return await do(runtime, actor, "test.edit", name, work)


async def remove_case(runtime: Runtime, actor: Actor | None, *, name: str, case: str) -> None:
    """Take a test case away; its runs stay."""

    def work(tx: Tx) -> None:
        if not rows.remove_case(tx, workflow_id(tx, name), case):
            raise NotFound("This workflow has no such test case.", hint="Somebody may have removed it meanwhile.")

    await do(runtime, actor, "test.edit", name, work)


async def run_cases(runtime: Runtime, actor: Actor | None, *, name: str, case: str | None = None) -> list[CaseCard]:
    """Run all test cases of a workflow (or one) with the draft as it is now, and tell how they went."""
    await allowed(runtime, actor, "run.start", name)
    found = await runtime.reader.ask(lambda tx: rows.list_cases(tx, workflow_id(tx, name)))
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(each: CaseRow) -> None:
        async with limit:
            key = rows.run_key(each.id, new_id("try"))
            await run_test(runtime, actor, workflow=name, inputs=orjson.loads(each.inputs), key=key)

    wanted = [each for each in found if case in (None, each.id)]
    results = await asyncio.gather(*(one(each) for each in wanted), return_exceptions=True)
    refused = {each.id: error for each, error in zip(wanted, results, strict=True) if error is not None}
    for error in refused.values():
        if not isinstance(error, GreenlaneError):
            raise error
    cards = await list_cases(runtime, actor, name=name)
    return [_refused(each, refused[each.id]) if each.id in refused else each for each in cards]


def tried_of(tx: Tx, workflow: str, digest: str) -> tuple[Tried, ...]:
    """How the test cases of a workflow went with this very meaning."""
    cards = [_card(tx, each, digest) for each in rows.list_cases(tx, workflow)]
    return tuple(Tried(each.name, each.status == "passed", each.sentence, each.run) for each in cards)


def judge(outputs: Mapping[str, Any], expected: Sequence[Expectation]) -> str:
    """What does not hold of some outputs, in a sentence; empty when all of it does."""
    for each in expected:
        found = outputs.get(each.output)
        try:
            if holds(found, each.operator, each.value):
                continue
        except StepFailed as error:
            return error.message
        shown = "nothing" if found is None else f"“{as_text(found)[:80]}”"
        return f"Expected: {each.words()}. It is {shown}."
    return ""


def _card(tx: Tx, case: CaseRow, digest: str) -> CaseCard:
    expected = _EXPECTED.validate_json(case.expected)
    last = rows.last_tried(tx, case.workflow, case.id, digest, case.updated)
    status: Literal["passed", "failed", "not_run"] = "not_run"
    sentence = "It was not run since something changed."
    if last is not None and last.status == "succeeded":
        sentence = judge(orjson.loads(last.outputs or b"{}"), expected)
        status = "failed" if sentence else "passed"
        sentence = sentence or "Everything is as expected."
    elif last is not None:
        error: dict[str, Any] = orjson.loads(last.error) if last.error else {}
        said = str(error.get("message", "")) or _STANDS.get(last.status, "It did not come to an end.")
        status, sentence = "failed", said
    said = [each.model_dump(mode="json") for each in expected]
    return CaseCard(case.id, case.name, orjson.loads(case.inputs), said, status, sentence, last.id if last else "")


_STANDS = {"waiting": "It waits for a person, so nothing came out yet.", "cancelled": "It was stopped."}


def _refused(card: CaseCard, error: BaseException) -> CaseCard:
    sentence = error.sentence if isinstance(error, GreenlaneError) else str(error)
    return replace(card, status="failed", sentence=sentence, run="")


def _checked(
    case: str,
    workflow: str,
    title: str,
    inputs: Mapping[str, Any],
    expected: Sequence[Mapping[str, Any]],
    person: str,
    now: float,
) -> CaseRow:
    title = " ".join(title.split())
    if not 1 <= len(title) <= 100:
        raise BadInput("A test case needs a name of 1 to 100 characters.", hint="Say what it shows.")
    packed = orjson.dumps(dict(inputs)).decode()
    if len(packed) > LONGEST:
        raise BadInput("The inputs of this test case are too long.", hint=f"At most {LONGEST:,} characters.")
    try:
        wanted = _EXPECTED.validate_python([dict(each) for each in expected])
    except ValueError as error:
        raise BadInput("What has to come out is not understood.", hint="Give output, operator and value.") from error
    if not wanted or len(wanted) > 50:
        raise BadInput("A test case expects 1 to 50 things.", hint="Say what has to come out: “answer contains …”.")
    return CaseRow(case, workflow, title, packed, _EXPECTED.dump_json(wanted).decode(), person, now)
