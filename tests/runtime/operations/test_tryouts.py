"""Trying out: one step alone, from a step on, a replay; what is given is in the log, and no effect happens again."""

from typing import Any

import orjson
import pytest

from runtime.engine.ports import Pin
from runtime.errors import BadInput, NotAllowed, NotFound
from runtime.graph.document import Document
from runtime.operations import drafts, erasing, files, pinning, runs, tryouts, versions
from runtime.operations.actors import Actor
from runtime.operations.starting import begin, ready_of
from runtime.operations.traces import read_run
from runtime.operations.workflows import create_workflow
from runtime.store.log import read_records
from runtime.store.trials import TrialRow, insert_trial
from tests.support.documents import change, each, finish, inside, loop, positive, start
from tests.support.reviewing import somebody


def says(text: str) -> dict[str, Any]:
    return {"type": "ai.ask_model", "settings": {"messages": [{"role": "user", "text": text}]}}


STEPS = {
    "start": start("words", "number"),
    "first": says("first {{ start.number }}"),
    "all": each("{{ start.words }}", "{{ loud.text }}"),
    "name": inside("all", says("{{ all.item }}")),
    "loud": inside("all", says("{{ name.text }} {{ all.index }}!")),
    "way": positive("{{ start.number }}"),
    "up": says("up {{ first.text }}"),
    "down": says("down"),
    "either": {"type": "flow.first_available", "settings": {"values": ["{{ up.text }}", "{{ down.text }}"]}},
    "finish": finish(said="{{ either.output }}", all="{{ all.output }}"),
}
EDGES = ("start > first", "first > all", "all > way", "way.yes > up", "way.else > down", "up > either",
         "down > either", "either > finish", "name > loud")  # fmt: skip
INPUTS = {"words": ["a", "b"], "number": 1}


def document(steps: dict[str, Any] | None = None, edges: tuple[str, ...] = EDGES, **variables: Any) -> Document:
    arrows = [each.split(" > ") for each in edges]
    return Document.model_validate({"name": "tried", "words": {"title": "Tried"}, "meaning": {
        "steps": steps or STEPS, "edges": [{"from": one, "to": other} for one, other in arrows],
        "variables": {name: {"start": value} for name, value in variables.items()},
    }})  # fmt: skip


@pytest.fixture
async def workflow(runtime, owner: Actor) -> str:
    return (await create_workflow(runtime, owner, title="Tried", document=document())).name


@pytest.fixture
async def ran(runtime, owner, workflow) -> str:
    return (await runs.run_to_end(runtime, owner, workflow=workflow, inputs=INPUTS)).run


async def ended(runtime, actor, started):
    async for event in runs.follow_run(runtime, actor, run=started.run):
        if event["kind"] in ("run.ended", "run.waiting"):
            return event
    raise AssertionError("a run ends")


async def edited(runtime, owner, name: str, step: str, setting: str, value: Any) -> None:
    edit = {"edit": "configure", "id": step, "field": setting, "value": value}
    saw = (await drafts.check_draft(runtime, owner, name=name)).revision
    told = await drafts.edit_draft(runtime, owner, name=name, saw=saw, batch=f"b{saw}", client="c",
                                   edits=drafts.EDITS.validate_python([edit]))  # fmt: skip
    assert not told.refused, told.refused


def log(runtime, run: str):
    return runtime.reader.now(lambda tx: read_records(tx, run))


def given(runtime, run: str) -> list[tuple[str, str]]:
    return [(each.step, each.path) for each in log(runtime, run)
            if each.kind == "done" and "given" in orjson.loads(each.detail or b"{}")]  # fmt: skip


async def test_one_step_runs_with_what_it_saw_and_nothing_behind_it(runtime, owner, workflow, ran, model):
    before = len(model.calls)
    started = await tryouts.run_step(runtime, owner, workflow=workflow, step="up", run=ran)
    end = await ended(runtime, owner, started)
    assert (end["status"], end["outputs"]["text"]) == ("succeeded", "You said: up You said: first 1")
    assert len(model.calls) == before + 1
    assert [each.step for each in log(runtime, started.run) if each.kind == "done"][-1] == "up"
    assert {"either", "finish"}.isdisjoint({each.step for each in log(runtime, started.run)})


async def test_one_step_in_an_item_runs_with_that_item(runtime, owner, workflow, ran):
    started = await tryouts.run_step(runtime, owner, workflow=workflow, step="loud", run=ran, path="all[1]")
    end = await ended(runtime, owner, started)
    assert end["outputs"]["text"] == "You said: You said: b 1!"
    assert [(each.step, each.path) for each in log(runtime, started.run)][-1] == ("loud", "all[1]")


async def test_the_first_step_of_an_item_runs_alone_too(runtime, owner, workflow, ran):
    started = await tryouts.run_step(runtime, owner, workflow=workflow, step="name", run=ran, path="all[0]")
    assert (await ended(runtime, owner, started))["outputs"]["text"] == "You said: a"


async def test_a_changed_step_runs_alone_with_its_new_settings(runtime, owner, workflow, ran):
    await edited(runtime, owner, workflow, "up", "messages", [{"role": "user", "text": "higher {{ first.text }}"}])
    started = await tryouts.run_step(runtime, owner, workflow=workflow, step="up", run=ran)
    assert (await ended(runtime, owner, started))["outputs"]["text"] == "You said: higher You said: first 1"


async def test_one_step_runs_on_pins_alone(runtime, owner, workflow):
    await pinning.pin_step(runtime, owner, name=workflow, step="first", outputs={"text": "pinned"})
    started = await tryouts.run_step(runtime, owner, workflow=workflow, step="up", pinned=True)
    assert (await ended(runtime, owner, started))["outputs"]["text"] == "You said: up pinned"


async def test_a_step_whose_source_is_not_known_is_refused(runtime, owner, workflow):
    with pytest.raises(BadInput, match="“first” hands on, and that is not known"):
        await tryouts.run_step(runtime, owner, workflow=workflow, step="up")


async def test_what_a_skipped_step_would_have_said_is_nothing(runtime, owner, workflow, ran):
    started = await tryouts.run_step(runtime, owner, workflow=workflow, step="either", run=ran)
    assert (await ended(runtime, owner, started))["outputs"]["output"].startswith("You said: up")


@pytest.mark.parametrize(("step", "path"), [("loud", ""), ("up", "all[0]"), ("loud", "all[7]"), ("loud", "other[0]")])
async def test_a_place_that_is_not_there_is_refused(runtime, owner, workflow, ran, step, path):
    with pytest.raises(BadInput):
        await tryouts.run_step(runtime, owner, workflow=workflow, step=step, run=ran, path=path)


async def test_a_step_that_fails_alone_ends_the_run_as_failed(runtime, owner, workflow, ran, model):
    model.otherwise = "{{"
    await pinning.pin_step(runtime, owner, name=workflow, step="start", outputs={"number": "no number"})
    started = await tryouts.run_step(runtime, owner, workflow=workflow, step="way", pinned=True)
    end = await ended(runtime, owner, started)
    assert (end["status"], end["error"]["step"]) == ("failed", "way")


async def test_from_a_step_on_what_lies_before_is_given_and_happens_not_again(runtime, owner, workflow, ran, model):
    before = len(model.calls)
    started = await tryouts.run_from(runtime, owner, workflow=workflow, step="up", run=ran)
    end = await ended(runtime, owner, started)
    assert end["status"] == "succeeded"
    assert end["outputs"] == (await read_run(runtime, owner, run=ran)).outputs
    assert len(model.calls) == before + 1
    assert given(runtime, started.run) == [("start", ""), ("first", ""), ("all", ""), ("way", "")]
    origin = orjson.loads(log(runtime, started.run)[1].detail)["given"]
    assert (origin["run"], log(runtime, ran)[origin["seq"] - 1].step) == (ran, "first")


async def test_from_a_step_in_a_container_on_its_items_go_on_from_there(runtime, owner, workflow, ran, model):
    before = len(model.calls)
    started = await tryouts.run_from(runtime, owner, workflow=workflow, step="loud", run=ran)
    end = await ended(runtime, owner, started)
    assert end["outputs"] == (await read_run(runtime, owner, run=ran)).outputs
    assert len(model.calls) == before + 3, "twice loud, then up"
    assert ("name", "all[1]") in given(runtime, started.run)


@pytest.mark.slow
async def test_a_changed_step_before_it_is_refused_and_one_beside_it_runs_anew(runtime, owner, workflow, ran, model):
    await edited(runtime, owner, workflow, "down", "messages", [{"role": "user", "text": "deeper"}])
    started = await tryouts.run_from(runtime, owner, workflow=workflow, step="up", run=ran)
    assert (await ended(runtime, owner, started))["status"] == "succeeded"
    await edited(runtime, owner, workflow, "first", "messages", [{"role": "user", "text": "other"}])
    with pytest.raises(BadInput, match="“first” has changed since this run, and “up” rests on it"):
        await tryouts.run_from(runtime, owner, workflow=workflow, step="up", run=ran)
    started = await tryouts.run_from(runtime, owner, workflow=workflow, step="first", run=ran)
    assert (await ended(runtime, owner, started))["outputs"]["said"] == "You said: up You said: other"


async def test_a_step_the_run_did_not_come_to_is_refused(runtime, owner, workflow, ran):
    with pytest.raises(BadInput, match="did not come to “down”"):
        await tryouts.run_from(runtime, owner, workflow=workflow, step="down", run=ran)


async def test_a_step_behind_one_that_failed_is_refused(runtime, owner, workflow):
    failed = await runs.run_to_end(runtime, owner, workflow=workflow, inputs={"words": ["a"], "number": '"x"'})
    assert failed.status == "failed"
    with pytest.raises(BadInput, match="“way”, before “up”, has not ended"):
        await tryouts.run_from(runtime, owner, workflow=workflow, step="up", run=failed.run)


@pytest.mark.slow
async def test_variables_are_as_the_given_steps_left_them(runtime, owner, model):
    steps = {
        "start": start(), "one": change("total", "add", 1), "two": change("total", "add", 10),
        "three": change("total", "add", 100), "finish": finish(total="{{ variables.total }}"),
    }  # fmt: skip
    edges = ("start > one", "one > two", "two > three", "three > finish")
    name = (await create_workflow(runtime, owner, title="Sum", document=document(steps, edges, total=0))).name
    end = await runs.run_to_end(runtime, owner, workflow=name, inputs={})
    assert end.outputs == {"total": 111}
    started = await tryouts.run_from(runtime, owner, workflow=name, step="three", run=end.run)
    assert (await ended(runtime, owner, started))["outputs"] == {"total": 111}
    alone = await tryouts.run_step(runtime, owner, workflow=name, step="two", run=end.run)
    assert (await ended(runtime, owner, alone))["outputs"]["output"] == 11


LOOP = {
    "start": start("step"),
    "rounds": loop(start={"sum": "{{ start.step }}"}, most=3),
    "more": inside("rounds", change("rounds.sum", "add", "{{ start.step }}")),
    "tell": inside("rounds", says("round {{ rounds.round }}: {{ rounds.sum }}")),
    "finish": finish(sum="{{ rounds.sum }}"),
}


async def test_in_a_loop_only_what_the_first_round_began_with_is_given(runtime, owner, model):
    edges = ("start > rounds", "rounds > finish", "more > tell")
    name = (await create_workflow(runtime, owner, title="Loop", document=document(LOOP, edges))).name
    end = await runs.run_to_end(runtime, owner, workflow=name, inputs={"step": 5})
    assert end.outputs == {"sum": 20}
    before = len(model.calls)
    started = await tryouts.run_from(runtime, owner, workflow=name, step="tell", run=end.run)
    assert (await ended(runtime, owner, started))["outputs"] == {"sum": 20}
    assert len(model.calls) == before + 3
    assert given(runtime, started.run) == [("start", ""), ("more", "rounds[0]")]


async def test_one_step_in_a_round_sees_what_the_loop_carried_then(runtime, owner, model):
    edges = ("start > rounds", "rounds > finish", "more > tell")
    name = (await create_workflow(runtime, owner, title="Loop", document=document(LOOP, edges))).name
    end = await runs.run_to_end(runtime, owner, workflow=name, inputs={"step": 5})
    started = await tryouts.run_step(runtime, owner, workflow=name, step="tell", run=end.run, path="rounds[1]")
    assert (await ended(runtime, owner, started))["outputs"]["text"] == "You said: round 1: 15"


async def test_a_replay_asks_nobody_and_hands_back_the_same(runtime, owner, workflow, ran, model):
    before = len(model.calls)
    started = await tryouts.replay_run(runtime, owner, workflow=workflow, run=ran)
    end = await ended(runtime, owner, started)
    view, old = await read_run(runtime, owner, run=started.run), await read_run(runtime, owner, run=ran)
    assert (end["status"], view.outputs, len(model.calls)) == ("succeeded", old.outputs, before)
    assert (view.card.tokens_in, view.card.cost, old.card.tokens_in > 0) == (0, None, True)


@pytest.mark.slow
async def test_a_call_nobody_recorded_is_refused_unless_it_may_be_made(runtime, owner, workflow, ran, model):
    await edited(runtime, owner, workflow, "up", "messages", [{"role": "user", "text": "new"}])
    before = len(model.calls)
    end = await ended(runtime, owner, await tryouts.replay_run(runtime, owner, workflow=workflow, run=ran))
    assert (end["status"], end["error"]["code"], end["error"]["step"]) == ("failed", "not_recorded", "up")
    assert len(model.calls) == before
    real = await tryouts.replay_run(runtime, owner, workflow=workflow, run=ran, calls="make")
    assert (await ended(runtime, owner, real))["outputs"]["said"] == "You said: new"
    assert len(model.calls) == before + 1


async def test_a_version_is_replayed_too(runtime, owner, workflow, ran, model):
    kept = await versions.save_version(runtime, owner, name=workflow, title="One")
    await edited(runtime, owner, workflow, "up", "messages", [{"role": "user", "text": "new"}])
    before = len(model.calls)
    started = await tryouts.replay_run(runtime, owner, workflow=workflow, run=ran, version=kept.id)
    assert (await ended(runtime, owner, started))["status"] == "succeeded"
    assert len(model.calls) == before
    with pytest.raises(NotFound):
        await tryouts.replay_run(runtime, owner, workflow=workflow, run=ran, version="version_none")


async def test_nobody_tries_out_with_the_runs_of_others(runtime, owner, workflow, ran):
    auditor = await somebody(runtime, "Audrey", "analyst", "auditor")
    with pytest.raises(NotFound):
        await tryouts.run_from(runtime, auditor, workflow=workflow, step="up", run=ran)
    own = (await create_workflow(runtime, auditor, title="Mine", document=document())).name
    with pytest.raises(NotAllowed, match="one’s own runs"):
        await tryouts.run_from(runtime, auditor, workflow=own, step="up", run=ran)


async def test_a_run_of_another_workflow_or_without_data_is_refused(runtime, owner, workflow, ran):
    other = (await create_workflow(runtime, owner, title="Other", document=document())).name
    with pytest.raises(BadInput, match="another workflow"):
        await tryouts.run_from(runtime, owner, workflow=other, step="up", run=ran)
    await erasing.erase_run(runtime, owner, run=ran)
    with pytest.raises(BadInput, match="was removed"):
        await tryouts.replay_run(runtime, owner, workflow=workflow, run=ran)


async def test_a_step_that_is_not_there_is_refused(runtime, owner, workflow, ran):
    with pytest.raises(NotFound, match="no step “gone”"):
        await tryouts.run_from(runtime, owner, workflow=workflow, step="gone", run=ran)


async def test_a_run_that_cannot_go_on_where_it_should_ends(runtime, owner, workflow):
    ready = await ready_of(runtime, document(), workflow=workflow, name=workflow)
    trial = TrialRow("", "step", "", "name", "all[7]", "refuse", b"{}")
    started, _ = await begin(
        runtime, owner, action="run.start", thing=workflow, ready=ready, inputs={}, queued=True, any_inputs=True,
        moves=lambda tx, run: insert_trial(tx, trial._replace(run=run)),
    )  # fmt: skip
    end = await ended(runtime, owner, started)
    assert (end["status"], end["error"]["code"]) == ("failed", "replay_mismatch")


READING = {
    "start": start("text"),
    "make": {"type": "flow.first_available", "settings": {"values": ["{{ start.text }}"]}},
    "read": {"type": "data.read_file", "settings": {"file": "{{ make.output }}"}},
    "finish": finish(text="{{ read.text }}"),
}


async def test_a_file_that_is_only_named_is_not_given(runtime, owner):
    """Whoever knows the id of a file of somebody else has no more of it by pinning its handle, or by a run that handed
    such a handle on."""

    async def content():
        yield b"Salaries"

    card = await files.bring_file(runtime, owner, name="pay.txt", body=content())
    handle = {"id": card.id, "name": card.name, "type": card.type, "size": card.size, "sha256": card.sha256}
    eve = await somebody(runtime, "Eve", "analyst")
    made = document(READING, ("start > make", "make > read", "read > finish"))
    name = (await create_workflow(runtime, eve, title="Reading", document=made)).name
    pins = {"make": Pin({"output": handle}), "read": Pin({"text": "", "pages": []})}
    ran = await runs.run_to_end(runtime, eve, workflow=name, inputs={"text": 1}, pins=pins)
    assert ran.status == "succeeded"
    started = [await tryouts.run_from(runtime, eve, workflow=name, step="read", run=ran.run)]
    started.append(await tryouts.run_step(runtime, eve, workflow=name, step="read", run=ran.run))
    await pinning.pin_step(runtime, eve, name=name, step="make", outputs={"output": handle})
    started.append(await tryouts.run_step(runtime, eve, workflow=name, step="read", pinned=True))
    started.append(await tryouts.run_pinned(runtime, eve, workflow=name, inputs={"text": 1}))
    for one in started:
        end = await ended(runtime, eve, one)
        assert end["error"]["code"] == "no_file", end
    with pytest.raises(NotFound):
        await files.describe_file(runtime, eve, file=card.id)


async def test_the_data_of_a_run_goes_from_what_was_tried_out_with_it_too(runtime, owner, workflow, ran):
    first = await tryouts.run_from(runtime, owner, workflow=workflow, step="up", run=ran)
    assert (await ended(runtime, owner, first))["status"] == "succeeded"
    second = await tryouts.replay_run(runtime, owner, workflow=workflow, run=first.run, calls="make")
    assert (await ended(runtime, owner, second))["status"] == "succeeded"
    await erasing.erase_run(runtime, owner, run=ran)
    for run in (ran, first.run, second.run):
        view = await read_run(runtime, owner, run=run)
        assert (view.erased is not None, view.inputs, view.outputs) == (True, {}, None)
        assert {each.value for each in log(runtime, run)} == {None}
