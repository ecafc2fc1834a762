"""A workflow calls another in a saved version: one run, one log; who may not see a workflow is not offered it."""

import pytest

from runtime.engine.ports import Pin
from runtime.errors import BadInput, GreenlaneError
from runtime.graph.document import Document
from runtime.graph.hashing import content_hash
from runtime.graph.writing import write
from runtime.operations import (
    apps,
    calling,
    connections,
    knowledge,
    rights,
    runs,
    submissions,
    traces,
    tryouts,
    versions,
    workflows,
)
from runtime.operations.connecting import Connecting
from runtime.operations.governance import flow_in
from tests.runtime.graph.test_calling import INNER, TEXT, document, outer
from tests.support.publishing import person, published
from tests.support.reviewing import ANSWERS


@pytest.fixture
async def called(runtime, owner):
    """The other workflow, with a version."""
    made = await workflows.create_workflow(runtime, owner, title="Inner", document=INNER)
    return made.name, await versions.save_version(runtime, owner, name=made.name)


async def calls(runtime, owner, content: str, *inputs: dict) -> str:
    made = await workflows.create_workflow(runtime, owner, title="Outer", document=outer(*inputs, content=content))
    return made.name


async def test_a_called_workflow_runs_inside_the_run_of_its_caller(runtime, owner, called):
    offered = await calling.list_callable(runtime, owner)
    assert [(each.name, each.number, each.inputs) for each in offered] == [(called[0], 1, ("text", "more"))]
    name = await calls(runtime, owner, offered[0].content, TEXT)
    end = await runs.run_to_end(runtime, owner, workflow=name, inputs={"word": "x"})
    assert (end.status, end.outputs) == ("succeeded", {"out": "<x>"})
    seen = [each async for each in runs.follow_run(runtime, owner, run=end.run)]
    done = [(each["path"], each["step"]) for each in seen if each["kind"] == "step.done"]
    assert done == [("", "start"), ("call", "start"), ("call", "say"), ("call", "end"), ("", "call"), ("", "end")]
    assert (await traces.read_run(runtime, owner, run=end.run)).card.status == "succeeded"


async def test_the_version_that_was_chosen_stays(runtime, owner, called):
    name, _ = called
    (before,) = await calling.list_callable(runtime, owner)
    caller = await calls(runtime, owner, before.content, TEXT)
    draft = await workflows.open_draft(runtime, owner, name=name)
    changed = draft.document.model_dump(mode="json", by_alias=True)
    changed["meaning"]["steps"]["say"]["settings"]["texts"] = ["other"]
    other = await workflows.create_workflow(runtime, owner, title="Inner", document=Document.model_validate(changed))
    await versions.save_version(runtime, owner, name=other.name)
    end = await runs.run_to_end(runtime, owner, workflow=caller, inputs={"word": "x"})
    assert end.outputs == {"out": "<x>"}


async def test_an_input_the_called_workflow_does_not_take_fails_the_step(runtime, owner, called):
    (offered,) = await calling.list_callable(runtime, owner)
    name = await calls(runtime, owner, offered.content, {"name": "text", "value": ["a", "list"]})
    end = await runs.run_to_end(runtime, owner, workflow=name, inputs={"word": "x"})
    assert end.status == "failed"
    assert end.error
    assert end.error["code"] == "bad_input"
    assert end.error["step"] == "call"


async def test_a_workflow_that_is_not_here_is_told_before_anything_runs(runtime, owner):
    name = await calls(runtime, owner, "0" * 64, TEXT)
    with pytest.raises(GreenlaneError, match="1 problem to mend"):
        await runs.run_to_end(runtime, owner, workflow=name, inputs={"word": "x"})


async def test_nobody_is_offered_what_they_may_not_see(runtime, ada, called):
    assert await calling.list_callable(runtime, ada) == []


async def lent(runtime, owner, name: str, to) -> None:
    """Let somebody see a workflow of the owner's."""
    await rights.give(runtime, owner, kind="workflow", name=name, holder=to.id, level="see")


async def test_to_know_the_hash_of_a_version_is_no_right_to_call_it(runtime, owner, ada, called):
    name, content = called[0], called[1].hash
    mine = await calls(runtime, ada, content, TEXT, {"name": "txet", "value": "x"})
    draft = await workflows.open_draft(runtime, ada, name=mine)
    absent = await workflows.open_draft(runtime, ada, name=await calls(runtime, ada, "0" * 64, TEXT))
    assert {(each.code, each.sentence) for each in draft.check.problems} == {
        (each.code, each.sentence) for each in absent.check.problems
    }, "a hidden workflow looks like one that is not there"
    assert not draft.check.runnable
    assert draft.check.outputs["call"] == []
    mine = await calls(runtime, ada, content, TEXT)
    for attempt in (
        lambda: runs.run_to_end(runtime, ada, workflow=mine, inputs={"word": "x"}),
        lambda: runs.chats(runtime, ada, workflow=mine),
        lambda: tryouts.run_pinned(runtime, ada, workflow=mine, inputs={"word": "x"}),
        lambda: submissions.check_submission(runtime, ada, workflow=mine),
        lambda: submissions.submit(runtime, ada, workflow=mine, answers=ANSWERS),
    ):
        with pytest.raises(BadInput, match="to mend"):
            await attempt()
    assert await traces.list_runs(runtime, ada) == []
    await lent(runtime, owner, name, ada)
    assert (await runs.run_to_end(runtime, ada, workflow=mine, inputs={"word": "x"})).outputs == {"out": "<x>"}
    await rights.take(runtime, owner, kind="workflow", name=name, holder=ada.id)
    with pytest.raises(BadInput, match="to mend"):  # what was compiled a moment ago is no right
        await runs.run_to_end(runtime, ada, workflow=mine, inputs={"word": "x"})


async def test_what_a_called_workflow_calls_has_to_be_seen_too(runtime, owner, ada, called):
    between = outer(TEXT, content=called[1].hash)
    card = await workflows.create_workflow(runtime, owner, title="Between", document=between)
    await versions.save_version(runtime, owner, name=card.name)
    await lent(runtime, owner, card.name, ada)
    again = outer({"name": "word", "value": "{{ start.word }}"}, content=content_hash(between), result="{{ call.out }}")
    mine = await workflows.create_workflow(runtime, ada, title="Mine", document=again)
    with pytest.raises(BadInput, match="to mend"):
        await runs.run_to_end(runtime, ada, workflow=mine.name, inputs={"word": "x"})
    await lent(runtime, owner, called[0], ada)
    end = await runs.run_to_end(runtime, ada, workflow=mine.name, inputs={"word": "x"})
    assert end.outputs == {"out": "<x>"}


async def test_a_draft_that_was_only_tried_is_no_version_to_call(runtime, owner):
    made = await workflows.create_workflow(runtime, owner, title="Inner", document=INNER)
    await runs.run_to_end(runtime, owner, workflow=made.name, inputs={"text": "x"})
    name = await calls(runtime, owner, content_hash(INNER), TEXT)
    with pytest.raises(BadInput, match="to mend"):
        await runs.run_to_end(runtime, owner, workflow=name, inputs={"word": "x"})


async def test_what_is_no_workflow_is_not_called(runtime, owner, called):
    for digest in (called[1].words, called[1].manifest):
        name = await calls(runtime, owner, digest, TEXT)
        codes = {each.code for each in (await workflows.open_draft(runtime, owner, name=name)).check.problems}
        assert "unknown_workflow" in codes
        assert runtime.plans.compile(outer(TEXT, content=digest)).plan is None


async def searching(runtime, owner, to) -> str:
    """The content of a workflow that searches a base, kept as a version."""
    steps = {
        "start": {"type": "flow.start", "settings": {"inputs": [{"name": "text"}]}},
        "look": {"type": "knowledge.search", "settings": {"bases": ["secret"], "query": "{{ start.text }}"}},
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ look.text }}"}]}},
    }
    made = document(steps, ("start", "look"), ("look", "end"))
    card = await workflows.create_workflow(runtime, owner, title="Search", document=made)
    await versions.save_version(runtime, owner, name=card.name)
    await lent(runtime, owner, card.name, to)
    return content_hash(made)


async def test_a_base_a_called_workflow_searches_is_asked_for_like_ones_own(runtime, owner, ada):
    await knowledge.create_base(runtime, owner, title="Secret", purpose="Pay", data_class="restricted")
    content = await searching(runtime, owner, ada)
    name = await calls(runtime, ada, content, TEXT)
    draft = await workflows.open_draft(runtime, ada, name=name)
    assert ("call", "unknown_base") in {(each.step, each.code) for each in draft.check.problems}
    assert "restricted" not in " ".join(each.sentence for each in draft.check.problems)
    with pytest.raises(GreenlaneError, match="no knowledge base you may read"):
        await runs.run_to_end(runtime, ada, workflow=name, inputs={"word": "x"})


async def test_a_connection_a_called_workflow_uses_is_asked_for_like_ones_own(runtime, owner, ada):
    await connections.add_connection(
        runtime, owner, connecting=Connecting(name="Payroll", host="pay.example.com", clearance="restricted")
    )
    steps = {
        "start": {"type": "flow.start", "settings": {"inputs": [{"name": "text"}]}},
        "get": {"type": "connect.call_http", "settings": {"url": "https://pay.example.com/all"}},
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ get.body }}"}]}},
    }
    made = document(steps, ("start", "get"), ("get", "end"))
    card = await workflows.create_workflow(runtime, owner, title="Pay", document=made)
    await versions.save_version(runtime, owner, name=card.name)
    await lent(runtime, owner, card.name, ada)
    name = await calls(runtime, ada, content_hash(made), TEXT)
    with pytest.raises(GreenlaneError, match="not shared with you"):
        await runs.run_to_end(runtime, ada, workflow=name, inputs={"word": "x"})


async def test_what_goes_where_is_followed_anew_once_a_called_workflow_is_here(runtime, owner):
    made = outer(TEXT, content=content_hash(INNER))
    assert flow_in_now(runtime, made).labels["call"] == {}
    card = await workflows.create_workflow(runtime, owner, title="Inner", document=INNER)
    await versions.save_version(runtime, owner, name=card.name)
    assert set(flow_in_now(runtime, made).labels["call"]) == {"said"}


def flow_in_now(runtime, made: Document):
    return runtime.reader.now(lambda tx: flow_in(tx, runtime, made))


async def test_a_called_workflow_sees_no_step_of_its_caller_that_happens_to_be_called_the_same(runtime, owner):
    inner = document(
        {"start": {"type": "flow.start", "settings": {"inputs": [{"name": "text"}]}},
         "way": {"type": "flow.branch", "settings": {"cases": [{"id": "yes", "conditions": [
             {"left": "{{ start.text }}", "operator": "is", "right": "never"}]}]}},
         "note": {"type": "data.join_text", "settings": {"texts": ["own"]}},
         "pick": {"type": "flow.first_available", "settings": {"values": ["{{ note.text }}", "nothing"]}},
         "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ pick.output }}"}]}}},
        ("start", "way"), ("way.yes", "note"), ("note", "pick"), ("way.else", "pick"), ("pick", "end"),
    )  # fmt: skip
    card = await workflows.create_workflow(runtime, owner, title="Inner", document=inner)
    await versions.save_version(runtime, owner, name=card.name)
    made = outer(TEXT, content=content_hash(inner)).model_dump(mode="json", by_alias=True)
    made["meaning"]["steps"]["note"] = {"type": "data.join_text", "settings": {"texts": ["of the caller"]}}
    made["meaning"]["edges"] = [{"from": "start", "to": "note"}, {"from": "note", "to": "call"},
                                {"from": "call", "to": "end"}]  # fmt: skip
    name = await workflows.create_workflow(runtime, owner, title="Outer", document=Document.model_validate(made))
    end = await runs.run_to_end(runtime, owner, workflow=name.name, inputs={"word": "x"})
    assert (end.status, end.outputs) == ("succeeded", {"out": "nothing"})


async def test_whoever_runs_an_app_hears_nothing_of_what_happens_in_a_workflow_it_calls(runtime, it, member, called):
    app = await published(runtime, it, member, source=write(outer(TEXT, content=called[1].hash)).encode())
    started = await apps.start_app_run(runtime, member, app=app, inputs={"word": "x"})
    live = [each async for each in runs.follow_run(runtime, member, run=started.run)]
    kept = (await traces.read_events(runtime, member, run=started.run, after=0))[1]
    for heard in (live, kept):
        assert [each["step"] for each in heard if each["kind"] == "step.done"] == ["start", "call", "end"]
        assert {each.get("path", "") for each in heard} == {""}
    auditor = await person(runtime, "p_auditor", "auditor")
    told = (await traces.read_events(runtime, auditor, run=started.run, after=0))[1]
    assert "call" in {each["path"] for each in told}


async def test_a_pin_holds_in_the_workflow_it_was_set_in_and_in_none_that_is_called(runtime, owner, called):
    name = await calls(runtime, owner, called[1].hash, TEXT)
    pins = {"say": Pin({"text": "pinned"})}
    end = await runs.run_to_end(runtime, owner, workflow=name, inputs={"word": "x"}, pins=pins)
    assert end.outputs == {"out": "<x>"}
