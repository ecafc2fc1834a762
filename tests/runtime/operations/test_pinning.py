"""Pins of a draft: for its editors, beside the workflow, used only where that is asked for."""

import pytest

from runtime.errors import BadInput, NotAllowed, NotFound
from runtime.operations import erasing, pinning, rights, runs, tryouts, versions
from runtime.operations.workflows import create_workflow
from runtime.store.log import read_kinds
from runtime.store.trials import trial_of
from tests.runtime.operations.flows import summary
from tests.support.reviewing import somebody

INPUTS = {"text": "long"}


@pytest.fixture
async def workflow(runtime, owner) -> str:
    return (await create_workflow(runtime, owner, title="Summary", document=summary())).name


async def ended(runtime, actor, run: str):
    return [each async for each in runs.follow_run(runtime, actor, run=run)][-1]


async def test_a_pinned_step_gives_what_is_pinned_only_while_that_is_asked_for(runtime, owner, workflow, model):
    await pinning.pin_step(runtime, owner, name=workflow, step="ask", outputs={"text": "short"})
    plain = await runs.run_to_end(runtime, owner, workflow=workflow, inputs=INPUTS)
    assert plain.outputs == {"answer": "You said: Summarise: long"}
    calls = len(model.calls)
    started = await tryouts.run_pinned(runtime, owner, workflow=workflow, inputs=INPUTS)
    events = [each async for each in runs.follow_run(runtime, owner, run=started.run)]
    assert events[-1]["outputs"] == {"answer": "short"}
    assert len(model.calls) == calls


async def test_a_result_of_a_run_is_pinned_and_goes_with_its_data(runtime, owner, workflow):
    end = await runs.run_to_end(runtime, owner, workflow=workflow, inputs=INPUTS)
    card = await pinning.pin_step(runtime, owner, name=workflow, step="ask", run=end.run)
    assert (card.outputs["text"], card.run) == ("You said: Summarise: long", end.run)
    assert [each.step for each in await pinning.list_pins(runtime, owner, name=workflow)] == ["ask"]
    await erasing.erase_run(runtime, owner, run=end.run)
    assert await pinning.list_pins(runtime, owner, name=workflow) == []


async def test_with_the_data_of_a_run_go_what_was_pinned_in_it_and_what_its_calls_were_answered(
    runtime, owner, workflow
):
    await pinning.pin_step(runtime, owner, name=workflow, step="start", outputs=INPUTS)
    run = (await tryouts.run_pinned(runtime, owner, workflow=workflow, inputs=INPUTS)).run
    await ended(runtime, owner, run)
    replies = runtime.reader.now(lambda tx: read_kinds(tx, run, ("reply",)))
    assert replies
    assert replies[0].value is not None
    await erasing.erase_run(runtime, owner, run=run)
    assert runtime.reader.now(lambda tx: trial_of(tx, run)).pins == b"{}"
    assert {each.value for each in runtime.reader.now(lambda tx: read_kinds(tx, run, ("reply", "done")))} == {None}


async def test_a_pin_is_no_part_of_the_workflow(runtime, owner, workflow):
    before = await versions.save_version(runtime, owner, name=workflow, title="One")
    await pinning.pin_step(runtime, owner, name=workflow, step="ask", outputs={"text": "short"})
    assert (await versions.save_version(runtime, owner, name=workflow)).id == before.id


async def test_an_unpinned_step_runs_again(runtime, owner, workflow):
    await pinning.pin_step(runtime, owner, name=workflow, step="ask", outputs={"text": "short"})
    await pinning.unpin_step(runtime, owner, name=workflow, step="ask")
    assert await pinning.list_pins(runtime, owner, name=workflow) == []
    with pytest.raises(NotFound, match="not pinned"):
        await pinning.unpin_step(runtime, owner, name=workflow, step="ask")


async def test_pins_are_for_who_edits_the_draft(runtime, owner, workflow):
    ada = await somebody(runtime, "Ada", "analyst")
    with pytest.raises(NotFound):
        await pinning.list_pins(runtime, ada, name=workflow)
    await rights.give(runtime, owner, kind="workflow", name=workflow, holder=ada.id, level="run")
    for refused in (
        pinning.list_pins(runtime, ada, name=workflow),
        pinning.pin_step(runtime, ada, name=workflow, step="ask", outputs={}),
        pinning.unpin_step(runtime, ada, name=workflow, step="ask"),
    ):
        with pytest.raises(NotAllowed, match="right to edit"):
            await refused
    assert await pinning.list_pins(runtime, owner, name=workflow) == []


async def test_only_results_of_one_s_own_runs_of_this_workflow_are_pinned(runtime, owner, workflow):
    end = await runs.run_to_end(runtime, owner, workflow=workflow, inputs=INPUTS)
    other = (await create_workflow(runtime, owner, title="Other", document=summary())).name
    with pytest.raises(BadInput, match="another workflow"):
        await pinning.pin_step(runtime, owner, name=other, step="ask", run=end.run)
    auditor = await somebody(runtime, "Audrey", "analyst", "auditor")
    await rights.give(runtime, owner, kind="workflow", name=workflow, holder=auditor.id, level="edit")
    with pytest.raises(NotAllowed, match="one’s own runs"):
        await pinning.pin_step(runtime, auditor, name=workflow, step="ask", run=end.run)


@pytest.mark.parametrize("outputs", ["text", None, {"a": float("nan")}, {"text": "x" * 1_000_001}])
async def test_what_cannot_be_pinned_is_refused(runtime, owner, workflow, outputs):
    with pytest.raises(BadInput):
        await pinning.pin_step(runtime, owner, name=workflow, step="ask", outputs=outputs)


async def test_a_step_that_is_not_there_cannot_be_pinned(runtime, owner, workflow):
    with pytest.raises(NotFound, match="no step “gone”"):
        await pinning.pin_step(runtime, owner, name=workflow, step="gone", outputs={})
