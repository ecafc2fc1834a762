"""A run is followed from a process that does not execute it: records, and the text so far."""

import asyncio
from typing import Any

import pytest

from runtime.engine import partials
from runtime.operations import runs
from runtime.operations.trying import adopt_file
from runtime.store.partial import Partial, forget_partials, look_at, looked_at, read_partial, write_partial
from tests.support.model_server import Turn
from tests.support.product import product

pytestmark = pytest.mark.slow

SPEAKING = b"""
greenlane: 1
name: speaking
words: {title: Speaking}
meaning:
  steps:
    start: {type: flow.start, settings: {inputs: [{name: text, kind: text}]}}
    ask: {type: ai.ask_model, settings: {alias: fast, messages: [{role: user, text: "{{ start.text }}"}]}}
    finish: {type: flow.finish, settings: {outputs: [{name: answer, value: "{{ ask.text }}"}]}}
  edges: [{from: start, to: ask}, {from: ask, to: finish}]
"""


@pytest.fixture
def elsewhere(runtime, tmp_path, model):
    """Another process of the same data, which executes nothing."""
    with product(tmp_path, model, set={"executes": False}) as other:
        yield other


async def heard(runtime, actor, run: str, into: list[dict[str, Any]]) -> None:
    async for event in runs.follow_run(runtime, actor, run=run):
        into.append(event)


async def test_who_looks_from_another_process_reads_the_text_while_it_is_said(runtime, elsewhere, owner, model):
    model.say(Turn("abcdefghijkl", pieces=12, delay_s=0.15))
    _, name = await adopt_file(runtime, SPEAKING)
    started = await runs.start_run(runtime, owner, workflow=name, inputs={"text": "go"})
    events: list[dict[str, Any]] = []
    await asyncio.wait_for(heard(elsewhere, owner, started.run, events), 20)
    kinds = [each["kind"] for each in events]
    assert kinds[-1] == "run.ended"
    texts = [each for each in events if each["kind"] == "text"]
    assert len(texts) >= 2, "it comes piece by piece"
    done = next(at for at, each in enumerate(events) if each["kind"] == "step.done" and each["step"] == "ask")
    assert all(events.index(each) < done for each in texts), "its record counts as soon as there is one"
    said = ""
    for each in texts:
        assert (each["step"], each["offset"], each["attempt"]) == ("ask", len(said), 1)
        said += each["text"]
    assert "abcdefghijkl".startswith(said)


async def test_where_nobody_looks_nothing_is_written(runtime, owner, model, monkeypatch):
    written: list[Any] = []
    monkeypatch.setattr(partials, "_write_all", lambda _, new: written.append(new))
    model.say(Turn("abcdef", pieces=6, delay_s=0.15))
    _, name = await adopt_file(runtime, SPEAKING)
    end = await runs.run_to_end(runtime, owner, workflow=name, inputs={"text": "go"})
    assert (end.status, written) == ("succeeded", [])
    model.say(Turn("abcdef", pieces=6, delay_s=0.15))
    started = await runs.start_run(runtime, owner, workflow=name, inputs={"text": "go"})
    await runtime.writer.write(lambda tx: look_at(tx, started.run, runtime.clock.now() + 60))
    await asyncio.wrap_future(runtime.engine.settled(started.run))
    assert [list(each) for each in written][:1] == [[started.run]], "and where somebody does, it is"


async def test_an_older_attempt_says_nothing_any_more_and_what_nobody_looks_at_is_forgotten(runtime):
    def partial(attempt: int, text: str) -> Partial:
        return Partial(attempt, 3, [{"step": "ask", "path": "", "try": 1, "text": text}])

    def work(tx) -> tuple[Any, ...]:
        write_partial(tx, "run_1", partial(1, "nobody looks"))
        unseen = read_partial(tx, "run_1")
        look_at(tx, "run_1", 100.0)
        write_partial(tx, "run_1", partial(2, "new"))
        write_partial(tx, "run_1", partial(1, "old"))
        look_at(tx, "run_1", 110.0)
        seen = read_partial(tx, "run_1")
        looked = [looked_at(tx, ["run_1", "run_2"], at) for at in (109.0, 111.0)]
        forget_partials(tx, 120.0)
        return unseen, seen, looked, read_partial(tx, "run_1")

    found = await runtime.writer.write(work)
    assert found == (None, partial(2, "new"), [{"run_1"}, set()], None)
