"""What a try-out is given of an earlier run is as confidential as it was there, whatever the draft has become since."""

from dataclasses import replace
from typing import Any

import pytest

from runtime.errors import BadInput, NotAllowed, NotFound
from runtime.graph.document import Document
from runtime.operations import (
    apps,
    comparing,
    connections,
    items,
    knowledge,
    pinning,
    rights,
    runs,
    tryouts,
    versions,
    workflows,
)
from runtime.operations.connecting import Connecting
from runtime.store.audit import list_audit
from runtime.store.models import bind_alias, list_aliases
from runtime.store.workflows import write_draft
from tests.runtime.operations.test_tryouts import ended
from tests.support.outside_host import OutsideHost
from tests.support.publishing import published

FROM_THE_NOTE, HARMLESS = "{{ start.note }}", "nothing"


def drawn(first: str, second: str, said: str) -> Document:
    """Two steps that put texts together, and a model that is told one."""
    steps: dict[str, Any] = {
        "start": {"type": "flow.start", "settings": {"inputs": [{"name": "note", "data_class": "confidential"}]}},
        "first": {"type": "data.join_text", "settings": {"texts": [first]}},
        "second": {"type": "data.join_text", "settings": {"texts": [second]}},
        "ask": {"type": "ai.ask_model", "settings": {"messages": [{"role": "user", "text": said}]}},
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ ask.text }}"}]}},
    }
    row = list(steps)
    edges = [{"from": here, "to": row[at]} for at, here in enumerate(row[:-1], 1)]
    return Document.model_validate({"name": "d", "words": {"title": "Tried"}, "meaning": {"steps": steps,
                                                                                         "edges": edges}})  # fmt: skip


BEFORE = drawn(FROM_THE_NOTE, "x", "Hello")
"""its first step holds what the model may not see"""
AFTER = drawn(HARMLESS, "{{ first.text }}", "Well: {{ second.text }}")
"""nothing in it is confidential"""


@pytest.fixture
async def name(runtime, owner) -> str:
    for alias in runtime.reader.now(list_aliases):
        cleared = replace(alias, clearance="internal")
        await runtime.writer.write(lambda tx, each=cleared: bind_alias(tx, each))
    return (await workflows.create_workflow(runtime, owner, title="Tried", document=BEFORE)).name


@pytest.fixture
async def ran(runtime, owner, name) -> str:
    return (await runs.run_to_end(runtime, owner, workflow=name, inputs={"note": "The merger is on Friday."})).run


async def becomes(runtime, name: str, document: Document) -> None:
    """The draft is another from here on."""

    def write(tx) -> None:
        draft = workflows.draft_of(tx, name)
        write_draft(tx, workflows.as_row(draft.workflow, draft.revision + 1, document, runtime.clock.now()))

    await runtime.writer.write(write)


async def test_what_a_step_saw_when_it_was_another_goes_nowhere_it_may_not(runtime, owner, name, ran, model):
    await becomes(runtime, name, drawn(HARMLESS, "x", "Well: {{ first.text }}"))
    with pytest.raises(BadInput, match="may not go on from here: Confidential") as refused:
        await tryouts.run_step(runtime, owner, workflow=name, step="ask", run=ran)
    assert "merger" not in refused.value.sentence
    whole = await runs.run_to_end(runtime, owner, workflow=name, inputs={"note": "y"})
    assert whole.status == "succeeded", "by itself it may run"
    started = await tryouts.run_step(runtime, owner, workflow=name, step="ask", run=whole.run)
    assert (await ended(runtime, owner, started))["status"] == "succeeded"
    assert "merger" not in repr([each.body for each in model.calls])


async def test_it_is_followed_through_try_outs_in_between(runtime, owner, name, ran, model):
    await becomes(runtime, name, AFTER)
    between = await tryouts.run_step(runtime, owner, workflow=name, step="second", run=ran)
    assert (await ended(runtime, owner, between))["outputs"]["text"] == "The merger is on Friday."
    with pytest.raises(BadInput, match="may not go on from here"):
        await tryouts.run_step(runtime, owner, workflow=name, step="ask", run=between.run)
    assert "merger" not in repr([each.body for each in model.calls])


async def test_what_was_pinned_goes_nowhere_it_may_not_go(runtime, owner, name, ran, model):
    await pinning.pin_step(runtime, owner, name=name, step="first", run=ran)
    await becomes(runtime, name, AFTER)
    for attempt in (
        lambda: tryouts.run_pinned(runtime, owner, workflow=name, inputs={"note": "y"}),
        lambda: tryouts.run_from(runtime, owner, workflow=name, step="second", run=ran, pinned=True),
    ):
        with pytest.raises(BadInput, match="may not go on from here"):
            await attempt()
    await pinning.pin_step(runtime, owner, name=name, step="first", outputs={"text": "harmless"})
    started = await tryouts.run_pinned(runtime, owner, workflow=name, inputs={"note": "y"})
    assert (await ended(runtime, owner, started))["status"] == "succeeded"
    assert "merger" not in repr([each.body for each in model.calls])


async def test_a_run_of_an_app_gives_nothing_to_who_may_not_look_into_it(runtime, owner, it, ada):
    """Whoever runs an app gets what it hands back; that one may edit the workflow it came of makes no difference."""
    app = await published(runtime, it, ada)
    name = (await workflows.list_workflows(runtime, owner))[0].name
    await rights.give(runtime, owner, kind="workflow", name=name, holder=ada.id, level="edit")
    end = await apps.run_app_to_end(runtime, ada, app=app, inputs={"who": "Ada"})
    for attempt in (
        lambda: tryouts.run_step(runtime, ada, workflow=name, step="ask", run=end.run),
        lambda: tryouts.run_from(runtime, ada, workflow=name, step="ask", run=end.run),
        lambda: tryouts.replay_run(runtime, ada, workflow=name, run=end.run),
        lambda: pinning.pin_step(runtime, ada, name=name, step="ask", run=end.run),
        lambda: comparing.compare_runs(runtime, ada, left=end.run, right=end.run),
        lambda: items.list_items(runtime, ada, run=end.run, step="ask"),
        lambda: items.read_item(runtime, ada, run=end.run, path="ask[0]"),
    ):
        with pytest.raises(NotAllowed):
            await attempt()
    refused = runtime.reader.now(lambda tx: list_audit(tx, most=50))
    assert sum(each.outcome == "refused" and each.person == ada.id for each in refused) == 7


SEARCHES = {"type": "knowledge.search", "settings": {"bases": ["secret"], "query": "{{ start.note }}"}}
CALLS = {"type": "connect.call_http", "settings": {"url": "https://pay.example.com/all"}}


@pytest.mark.parametrize(
    ("step", "why"), [(SEARCHES, "no knowledge base you may read"), (CALLS, "not shared with you")]
)
async def test_a_try_out_asks_for_the_rights_of_whoever_begins_it(runtime, owner, ada, step, why):
    await knowledge.create_base(runtime, owner, title="Secret", purpose="Pay", data_class="internal")
    payroll = Connecting(name="Payroll", host="pay.example.com", clearance="internal")
    await connections.add_connection(runtime, owner, connecting=payroll)
    made = drawn(HARMLESS, "x", "Hello").model_dump(mode="json", by_alias=True)
    made["meaning"]["steps"]["second"] = step
    name = (await workflows.create_workflow(runtime, owner, title="Work", document=Document.model_validate(made))).name
    await rights.give(runtime, owner, kind="workflow", name=name, holder=ada.id, level="edit")
    for attempt in (
        lambda: tryouts.run_pinned(runtime, ada, workflow=name, inputs={"note": "y"}),
        lambda: tryouts.run_step(runtime, ada, workflow=name, step="first"),
    ):
        with pytest.raises(BadInput, match=why):
            await attempt()


async def test_a_try_out_of_what_sends_data_where_it_may_not_go_is_refused(runtime, owner, name, ran, model):
    await becomes(runtime, name, drawn(FROM_THE_NOTE, "x", "Well: {{ first.text }}"))
    for attempt in (
        lambda: tryouts.run_pinned(runtime, owner, workflow=name, inputs={"note": "y"}),
        lambda: tryouts.run_step(runtime, owner, workflow=name, step="second"),
        lambda: tryouts.replay_run(runtime, owner, workflow=name, run=ran, calls="make"),
    ):
        with pytest.raises(BadInput, match="would reach"):
            await attempt()
    assert len(model.calls) == 1


async def test_a_replay_is_of_a_version_of_the_same_workflow(runtime, owner, name, ran):
    other = await workflows.create_workflow(runtime, owner, title="Other", document=AFTER)
    version = await versions.save_version(runtime, owner, name=other.name)
    with pytest.raises(NotFound, match="no such version"):
        await tryouts.replay_run(runtime, owner, workflow=name, run=ran, version=version.id)
    mine = await versions.save_version(runtime, owner, name=name)
    started = await tryouts.replay_run(runtime, owner, workflow=name, run=ran, version=mine.id)
    assert (await ended(runtime, owner, started))["status"] == "succeeded"


async def test_a_replay_of_what_was_sent_to_a_host_sends_nothing_again(runtime, owner):
    with OutsideHost() as host:
        here = Connecting(name="Host", host=host.name, plain=True, internal=True, clearance="confidential")
        await connections.add_connection(runtime, owner, connecting=here)
        made = drawn(HARMLESS, "x", "Hello").model_dump(mode="json", by_alias=True)
        settings = {"method": "POST", "url": f"{host.url}/pay"}
        made["meaning"]["steps"]["second"] = {"type": "connect.call_http", "settings": settings}
        draft = await workflows.create_workflow(runtime, owner, title="Pay", document=Document.model_validate(made))
        end = await runs.run_to_end(runtime, owner, workflow=draft.name, inputs={"note": "y"})
        assert (end.status, len(host.got)) == ("succeeded", 1), end.error
        for calls in ("refuse", "make"):
            started = await tryouts.replay_run(runtime, owner, workflow=draft.name, run=end.run, calls=calls)
            assert (await ended(runtime, owner, started))["status"] == "succeeded"
        assert len(host.got) == 1
