"""The steps of a called workflow in the run of its caller: for whoever sees both, told apart from its own."""

from typing import Any

import pytest

from runtime.errors import BadInput, GreenlaneError, NotAllowed, NotFound
from runtime.graph.document import Document
from runtime.graph.hashing import content_hash
from runtime.operations import called, calling, comparing, items, pinning, rights, runs, traces, versions, workflows
from runtime.operations.actors import Actor
from runtime.operations.happened import Items
from tests.runtime.graph.test_calling import document
from tests.support.documents import each, finish, inside, positive, start
from tests.support.reviewing import somebody

INNER_STEPS: dict[str, Any] = {
    "start": start("words"),
    "all": each("{{ start.words }}", "{{ say.text }}", on_error="skip"),
    "say": inside("all", {"type": "data.join_text", "settings": {
        "texts": ["<", "{{ all.item }}", ">"], "between": "nothing"}}),
    "end": finish(said="{{ all.output }}"),
}  # fmt: skip


def calls(content: str, name: str, **inputs: str) -> dict[str, Any]:
    given = [{"name": each, "value": value} for each, value in inputs.items()]
    return {"type": "flow.call", "settings": {"workflow": {"name": name, "content": content}, "inputs": given}}


async def saved(runtime, actor: Actor, made: Document, title: str) -> tuple[str, str]:
    """A workflow with a version: its name and the content others call."""
    worded = made.model_copy(update={"words": made.words.model_validate(
        {"title": title, "steps": {"end": {"title": f"End of {title}"}}})})  # fmt: skip
    card = await workflows.create_workflow(runtime, actor, title=title, document=worded)
    await versions.save_version(runtime, actor, name=card.name)
    return card.name, content_hash(made)


async def outer_of(runtime, actor: Actor, owner: Actor) -> tuple[str, str]:
    """A workflow of `actor` that calls, in a for-each, one of `owner` that calls another; steps are named alike."""
    inner = document(INNER_STEPS, ("start", "all"), ("all", "end"))
    _, deepest = await saved(runtime, owner, inner, "Deepest")
    middle = document(
        {
            "start": start("words"),
            "call": calls(deepest, "deepest", words="{{ start.words }}"),
            "end": finish(said="{{ call.said }}"),
        },
        ("start", "call"), ("call", "end"),
    )  # fmt: skip
    name, content = await saved(runtime, owner, middle, "Middle")
    outer = document(
        {
            "start": start("rows"),
            "all": each("{{ start.rows }}", "{{ call.said }}"),
            "call": inside("all", calls(content, name, words="{{ all.item }}")),
            "end": finish(out="{{ all.output }}"),
        },
        ("start", "all"), ("all", "end"),
    )  # fmt: skip
    return (await workflows.create_workflow(runtime, actor, title="Outer", document=outer)).name, name


ROWS = {"rows": [["a"], ["b", "c"]]}


@pytest.fixture
async def ran(runtime, owner) -> str:
    name, _ = await outer_of(runtime, owner, owner)
    end = await runs.run_to_end(runtime, owner, workflow=name, inputs=ROWS)
    assert end.outputs == {"out": [["<a>"], ["<b>", "<c>"]]}
    return end.run


async def test_called_steps_stand_behind_their_call_with_the_words_of_the_version(runtime, owner, ran):
    view = await traces.read_run(runtime, owner, run=ran)
    assert [(one.place, one.name, one.title, one.number, one.seen) for one in view.called] == [
        ("all[1]/call", "middle", "Middle", 1, True), ("all[1]/call/call", "deepest", "Deepest", 1, True)]  # fmt: skip
    middle, deepest = view.called
    assert [(one.step, one.path, one.status) for one in middle.steps] == [
        ("start", "all[1]/call", "done"), ("call", "all[1]/call", "done"), ("end", "all[1]/call", "done")]  # fmt: skip
    shown = {one.step: one for one in deepest.steps}
    assert (shown["end"].title, shown["end"].output) == ("End of Deepest", {"said": ["<b>", "<c>"]})
    assert (shown["all"].items, shown["say"].path) == (Items("item", 2, 0, 2), "all[1]/call/call/all[1]")


async def test_steps_of_the_caller_are_its_own_although_those_it_calls_have_the_same_names(runtime, owner, ran):
    view = await traces.read_run(runtime, owner, run=ran)
    own = {one.step: one for one in view.steps}
    assert (own["start"].path, own["start"].output) == ("", ROWS)
    assert (own["end"].path, own["all"].items) == ("", Items("item", 2, 0, 2))
    assert own["call"].path == "all[1]"
    with pytest.raises(BadInput, match="of the workflow itself"):
        await pinning.pin_step(runtime, owner, name="outer", step="end", run=ran, path="all[1]/call")


async def test_two_runs_are_compared_by_their_own_steps_and_those_called_take_no_place(
    runtime, owner, ran, monkeypatch
):
    monkeypatch.setattr(comparing, "MOST_PLACES", 2)
    found = await comparing.compare_runs(runtime, owner, left=ran, right=ran)
    assert [(one.step, one.path) for one in found.steps if one.path] == [("call", "all[0]"), ("call", "all[1]")]
    assert found.left_off == 0


async def test_a_called_step_is_inspected_and_its_items_are_read_at_their_place(runtime, owner, ran):
    place = "all[0]/call/call"
    found = await traces.inspect_step(runtime, owner, run=ran, step="say", path=f"{place}/all[0]")
    assert (found["step"].output, found["input"]["texts"]) == ({"text": "<a>"}, ["<", "a", ">"])
    call = await traces.inspect_step(runtime, owner, run=ran, step="call", path="all[1]/call")
    assert call["input"] == {"words": ["b", "c"]}
    page = await items.list_items(runtime, owner, run=ran, step="all", around=place)
    assert [(one.path, one.says) for one in page.items] == [(f"{place}/all[0]", "<a>")]
    item = await items.read_item(runtime, owner, run=ran, path=f"{place}/all[0]")
    assert [(one.step, one.title) for one in item.steps] == [("say", "say")]
    first = await items.read_item(runtime, owner, run=ran, path="all[0]")
    assert [one.place for one in first.called] == ["all[0]/call", "all[0]/call/call"]


async def test_who_may_not_see_the_called_workflow_any_more_sees_the_call_alone(runtime, owner, ada):
    name, middle = await outer_of(runtime, ada, owner)
    for shared in (middle, "deepest"):
        await rights.give(runtime, owner, kind="workflow", name=shared, holder=ada.id, level="see")
    end = await runs.run_to_end(runtime, ada, workflow=name, inputs=ROWS)
    assert end.status == "succeeded"
    for shared in (middle, "deepest"):
        await rights.take(runtime, owner, kind="workflow", name=shared, holder=ada.id)
    view = await traces.read_run(runtime, ada, run=end.run)
    assert [(one.place, one.name, one.title, one.seen, one.steps) for one in view.called] == [
        ("all[1]/call", middle, "", False, [])]  # fmt: skip
    for asked in (
        traces.inspect_step(runtime, ada, run=end.run, step="start", path="all[1]/call"),
        items.list_items(runtime, ada, run=end.run, step="all", around="all[1]/call/call"),
        items.read_item(runtime, ada, run=end.run, path="all[1]/call/call/all[0]"),
    ):
        with pytest.raises(NotAllowed, match="may see that workflow"):
            await asked
    heard = [one async for one in runs.follow_run(runtime, ada, run=end.run)]
    _, read = await traces.read_events(runtime, ada, run=end.run, after=0)
    assert not [one for one in (*heard, *read) if called.in_called(one.get("path", ""))]
    assert [one["step"] for one in read if one["kind"] == "step.done" and one["path"] == "all[0]"] == ["call"]
    await rights.give(runtime, owner, kind="workflow", name=middle, holder=ada.id, level="see")
    shown = (await traces.read_run(runtime, ada, run=end.run)).called
    assert [(one.title, one.seen, len(one.steps)) for one in shown] == [("Middle", True, 3), ("", False, 0)]


async def test_auditors_look_into_called_workflows_as_into_runs(runtime, ada, ran):
    auditor = await somebody(runtime, "Eve", "auditor")
    assert [one.seen for one in (await traces.read_run(runtime, auditor, run=ran)).called] == [True, True]


async def test_a_called_workflow_that_failed_shows_where(runtime, owner):
    broken = document({"start": start("words"), "test": positive("{{ start.words }}")}, ("start", "test"))
    name, content = await saved(runtime, owner, broken, "Broken")
    outer = document({"start": start("words"), "call": calls(content, name, words="{{ start.words }}")},
                     ("start", "call"))  # fmt: skip
    made = await workflows.create_workflow(runtime, owner, title="Outer", document=outer)
    end = await runs.run_to_end(runtime, owner, workflow=made.name, inputs={"words": ["x"]})
    (found,) = (await traces.read_run(runtime, owner, run=end.run)).called
    failed = next(one for one in found.steps if one.step == "test")
    assert (end.status, failed.status, failed.path) == ("failed", "failed", "call")
    with pytest.raises(GreenlaneError):
        await traces.inspect_step(runtime, owner, run=end.run, step="test", path="nothing")


async def test_a_called_version_is_looked_at_by_who_may_see_its_workflow(runtime, owner, ada):
    name, content = await saved(runtime, owner, document(INNER_STEPS, ("start", "all"), ("all", "end")), "Inner")
    found = await calling.read_called(runtime, owner, name=name, content=content)
    assert (found.title, found.number, found.document.title("end")) == ("Inner", 1, "End of Inner")
    for actor, digest in ((ada, content), (owner, "0" * 64)):
        with pytest.raises(NotFound, match="not here"):
            await calling.read_called(runtime, actor, name=name, content=digest)


async def test_while_it_is_at_work_a_container_and_a_call_are_told_to_run(runtime, owner):
    wait = {"type": "flow.wait", "settings": {"mode": "for", "amount": 1, "unit": "hours"}}
    inner = document({"start": start("words"), "wait": wait}, ("start", "wait"))
    name, content = await saved(runtime, owner, inner, "Inner")
    outer = document(
        {"start": start("rows"), "all": each("{{ start.rows }}", "x"),
         "call": inside("all", calls(content, name, words="{{ all.item }}"))}, ("start", "all"),
    )  # fmt: skip
    made = await workflows.create_workflow(runtime, owner, title="Outer", document=outer)
    end = await runs.run_to_end(runtime, owner, workflow=made.name, inputs={"rows": [["a"]]})
    view = await traces.read_run(runtime, owner, run=end.run)
    assert {one.step: one.status for one in view.steps} == {"start": "done", "all": "running", "call": "running"}
    assert [one.place for one in view.called] == ["all[0]/call"]
