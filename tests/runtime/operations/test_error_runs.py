"""A workflow that runs when a run fails: who may name it, which runs it follows, who sees what of it."""

import asyncio
from dataclasses import replace

import orjson
import pytest

from runtime.errors import GreenlaneError, NotAllowed
from runtime.governance.checks import check_all
from runtime.governance.tiers import tier_of
from runtime.graph.document import Document
from runtime.graph.hashing import content_hash
from runtime.graph.writing import write
from runtime.operations import (
    apps,
    connections,
    erasing,
    knowledge,
    pinning,
    publishing,
    runs,
    traces,
    tryouts,
    versions,
    workflows,
)
from runtime.operations.connecting import Connecting
from runtime.operations.governance import facts_of
from runtime.operations.rights import give, take
from runtime.store.audit import list_audit
from runtime.store.exploring import ran_things
from runtime.store.runs import run_row
from tests.runtime.graph.test_calling import document
from tests.runtime.graph.test_error_workflows import telling, with_run
from tests.support.publishing import approved

TELL = with_run(
    document(
        {
            "start": {"type": "flow.start", "settings": {"inputs": [{"name": "message"}, {"name": "person"}]}},
            "say": {"type": "data.join_text", "settings": {
                "texts": ["{{ start.person }}: {{ start.message }}"], "between": "nothing"}},
            "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ say.text }}"}]}},
        },
        ("start", "say"), ("say", "end"), name="tell-it",
    ),
    audience_class="restricted",
)  # fmt: skip


def broken(content: str, name: str = "desk", *, more: dict | None = None) -> Document:
    """A workflow that always fails; it names this error workflow."""
    steps = {
        "start": {"type": "flow.start", "settings": {"inputs": [{"name": "word"}]}},
        "gone": {"type": "flow.placeholder", "settings": {"what": "tool", "note": "Build it anew."}},
        **(more or {}),
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "out", "value": "{{ start.word }}"}]}},
    }
    ways = [("start", "gone"), *(("start", each) for each in more or {}), ("gone", "end")]
    made = document(steps, *ways, name=name)
    words = made.words.model_validate({"title": "Desk", "steps": {"gone": {"title": "The tool"}}})
    chosen = {"name": "tell-it", "content": content}
    return with_run(made.model_copy(update={"words": words}), error_workflow=chosen)


async def kept(runtime, actor, made: Document = TELL, title: str = "Tell IT") -> str:
    """The content of a saved version of a workflow."""
    card = await workflows.create_workflow(runtime, actor, title=title, document=made)
    await versions.save_version(runtime, actor, name=card.name)
    return content_hash(made)


async def desk(runtime, actor, content: str, **more) -> str:
    made = await workflows.create_workflow(runtime, actor, title="Desk", document=broken(content, **more))
    return made.name


async def settled(runtime, run: str) -> None:
    await asyncio.wait_for(asyncio.wrap_future(runtime.engine.settled(run)), 10)


async def ended(runtime, run: str):
    await settled(runtime, run)
    return runtime.reader.now(lambda tx: run_row(tx, run))


def by_key(actor):
    return replace(actor, via="key")


async def test_a_run_that_fails_over_the_api_is_followed_and_both_are_linked(runtime, owner):
    name = await desk(runtime, owner, await kept(runtime, owner))
    end = await runs.run_to_end(runtime, by_key(owner), workflow=name, inputs={"word": "x"})
    assert end.status == "failed"
    assert end.error_run
    row = await ended(runtime, end.error_run)
    assert row.status == "succeeded"
    assert orjson.loads(row.outputs)["said"].startswith("Owner: ")
    failed = await traces.read_run(runtime, owner, run=end.run)
    follows = await traces.read_run(runtime, owner, run=end.error_run)
    assert (failed.error_run, failed.because) == (end.error_run, "")
    assert (follows.error_run, follows.because, follows.card.title) == ("", end.run, "When “Desk” fails")
    assert [each.status for each in follows.steps] == ["done"] * 3
    assert (await traces.read_finished(runtime, owner, run=end.run)).error_run == end.error_run
    told = runtime.reader.now(lambda tx: list_audit(tx, thing=end.error_run))
    assert [(each.action, each.reason) for each in told] == [
        ("run.end", "succeeded"), ("run.follow", f"{end.run} failed"),
    ]  # fmt: skip


async def test_it_is_no_run_of_the_workflow_that_failed(runtime, owner):
    name = await desk(runtime, owner, await kept(runtime, owner))
    end = await runs.run_to_end(runtime, by_key(owner), workflow=name, inputs={"word": "x"})
    await ended(runtime, end.error_run)
    assert [each.run for each in await traces.list_runs(runtime, owner, workflow=name)] == [end.run]
    assert {each.run for each in await traces.list_runs(runtime, owner)} == {end.run, end.error_run}
    (card,) = [each for each in await workflows.list_workflows(runtime, owner) if each.name == name]
    assert card.last_status == "failed"
    assert [each.title for each in runtime.reader.now(lambda tx: ran_things(tx, owner.id))] == ["Desk"]


async def test_whoever_tries_a_draft_sees_it_fail(runtime, owner):
    name = await desk(runtime, owner, await kept(runtime, owner))
    end = await runs.run_to_end(runtime, owner, workflow=name, inputs={"word": "x"})
    assert (end.status, end.error_run) == ("failed", "")
    followed = await runs.run_to_end(runtime, by_key(owner), workflow=name, inputs={"word": "x"})
    again = await tryouts.run_from(runtime, by_key(owner), workflow=name, run=followed.run, step="gone")
    await settled(runtime, again.run)
    assert (await traces.read_finished(runtime, owner, run=again.run)).error_run == ""


async def test_a_test_case_that_fails_is_followed_by_none(runtime, owner):
    name = await desk(runtime, owner, await kept(runtime, owner))
    end = await runs.run_test(runtime, by_key(owner), workflow=name, inputs={"word": "x"}, key="test:one:1")
    assert (end.status, end.error_run) == ("failed", "")


async def test_nobody_takes_the_key_of_an_error_run(runtime, owner):
    name = await desk(runtime, owner, await kept(runtime, owner))
    with pytest.raises(GreenlaneError, match="are for error workflows"):
        await runs.start_run(runtime, by_key(owner), workflow=name, inputs={"word": "x"}, key="error:run_1")


async def app_of(runtime, owner, it, member) -> str:
    source = write(broken(await kept(runtime, owner))).encode()
    decision = await approved(runtime, source=source)
    done = await publishing.publish_app(runtime, it, decision=decision, title="Desk", holders=[member.id])
    return done.name


async def test_a_run_of_an_app_is_followed_by_one_of_the_same_app(runtime, owner, it, member):
    app = await app_of(runtime, owner, it, member)
    end = await apps.run_app_to_end(runtime, member, app=app, inputs={"word": "x"})
    assert end.status == "failed"
    row, failed = await ended(runtime, end.error_run), runtime.reader.now(lambda tx: run_row(tx, end.run))
    assert row.status == "succeeded"
    for name in ("app", "version", "manifest", "person", "via", "workflow", "name"):
        assert getattr(row, name) == getattr(failed, name), name
    seen = await traces.read_run(runtime, member, run=end.error_run)
    assert (seen.inside, seen.because) == (False, end.run)
    assert {each.output for each in seen.steps} == {None}


async def test_only_who_may_see_the_error_workflow_sees_its_steps(runtime, owner, ada):
    content = await kept(runtime, owner)
    await give(runtime, owner, kind="workflow", name="tell-it", holder=ada.id, level="see")
    name = await desk(runtime, ada, content)
    end = await runs.run_to_end(runtime, by_key(ada), workflow=name, inputs={"word": "x"})
    await ended(runtime, end.error_run)
    assert (await traces.read_run(runtime, ada, run=end.error_run)).inside
    await take(runtime, owner, kind="workflow", name="tell-it", holder=ada.id)
    seen = await traces.read_run(runtime, ada, run=end.error_run)
    assert not seen.inside
    assert {each.output for each in seen.steps} == {None}
    with pytest.raises(NotAllowed):
        await traces.inspect_step(runtime, ada, run=end.error_run, step="say")
    with pytest.raises(GreenlaneError, match="1 problem to mend"):
        await runs.run_to_end(runtime, by_key(ada), workflow=name, inputs={"word": "x"})


async def test_a_draft_tells_of_an_error_workflow_one_may_not_see_that_it_is_not_there(runtime, owner, ada):
    name = await desk(runtime, ada, await kept(runtime, owner))
    draft = await workflows.open_draft(runtime, ada, name=name)
    (problem,) = [each for each in draft.check.problems if each.severity == "error"]
    assert (problem.code, problem.step, problem.field) == ("unknown_workflow", None, "run.error_workflow")


async def test_a_base_it_searches_is_asked_for_like_ones_own(runtime, owner, ada):
    await knowledge.create_base(runtime, owner, title="Secret", purpose="Pay", data_class="restricted")
    steps = {
        "start": {"type": "flow.start", "settings": {"inputs": [{"name": "message"}]}},
        "look": {"type": "knowledge.search", "settings": {"bases": ["secret"], "query": "{{ start.message }}"}},
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ look.text }}"}]}},
    }
    content = await kept(runtime, ada, document(steps, ("start", "look"), ("look", "end")))
    name = await desk(runtime, ada, content)
    draft = await workflows.open_draft(runtime, ada, name=name)
    assert (None, "unknown_base") in {(each.step, each.code) for each in draft.check.problems}
    with pytest.raises(GreenlaneError, match="The error workflow searches “secret”"):
        await runs.run_to_end(runtime, by_key(ada), workflow=name, inputs={"word": "x"})


async def test_a_connection_it_uses_is_asked_for_like_ones_own(runtime, owner, ada):
    await connections.add_connection(
        runtime, owner, connecting=Connecting(name="Payroll", host="pay.example.com", clearance="restricted")
    )
    steps = {
        "start": {"type": "flow.start", "settings": {"inputs": [{"name": "message"}]}},
        "get": {"type": "connect.call_http", "settings": {"url": "https://pay.example.com/all"}},
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ get.body }}"}]}},
    }
    content = await kept(runtime, ada, document(steps, ("start", "get"), ("get", "end")))
    name = await desk(runtime, ada, content)
    with pytest.raises(GreenlaneError, match=r"The error workflow calls pay\.example\.com, and the connection"):
        await runs.run_to_end(runtime, by_key(ada), workflow=name, inputs={"word": "x"})


async def test_a_failure_that_may_say_too_much_is_refused_before_anything_runs(runtime, owner):
    await connections.add_connection(
        runtime, owner, connecting=Connecting(name="Chat", host="chat.example.com", clearance="public")
    )
    steps = {
        "start": {"type": "flow.start", "settings": {"inputs": [{"name": "message"}]}},
        "post": {"type": "connect.call_http", "settings": {
            "url": "https://chat.example.com/it", "method": "POST", "body": "text", "text": "{{ start.message }}"}},
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "told"}]}},
    }  # fmt: skip
    name = await desk(runtime, owner, await kept(runtime, owner, document(steps, ("start", "post"), ("post", "end"))))
    with pytest.raises(GreenlaneError, match="When a run fails: Internal data from “word” would reach"):
        await runs.run_to_end(runtime, by_key(owner), workflow=name, inputs={"word": "x"})


async def test_its_data_goes_with_that_of_the_run_that_failed(runtime, owner):
    name = await desk(runtime, owner, await kept(runtime, owner))
    end = await runs.run_to_end(runtime, by_key(owner), workflow=name, inputs={"word": "x"})
    await ended(runtime, end.error_run)
    await erasing.erase_run(runtime, owner, run=end.run)
    gone = await traces.read_run(runtime, owner, run=end.error_run)
    assert gone.erased is not None
    assert gone.inputs == {}
    assert gone.because == end.run


async def test_what_an_error_run_left_is_not_given_to_the_workflow_that_failed(runtime, owner):
    name = await desk(runtime, owner, await kept(runtime, owner))
    end = await runs.run_to_end(runtime, by_key(owner), workflow=name, inputs={"word": "x"})
    await ended(runtime, end.error_run)
    with pytest.raises(GreenlaneError, match="is of another workflow"):
        await pinning.pin_step(runtime, owner, name=name, step="start", run=end.error_run)
    with pytest.raises(GreenlaneError, match="is of another workflow"):
        await tryouts.run_from(runtime, owner, workflow=name, run=end.error_run, step="gone")


async def test_what_it_does_counts_for_tier_and_manifest(runtime, owner):
    await connections.add_connection(
        runtime, owner, connecting=Connecting(name="Chat", host="chat.example.com", clearance="internal")
    )
    made = broken(await kept(runtime, owner, telling()))
    with_it, without = (
        runtime.reader.now(lambda tx, each=each: facts_of(tx, runtime, each))
        for each in (made, with_run(made, error_workflow=None))
    )
    assert tier_of(without).number < 3
    assert "Its error workflow changes something elsewhere, and no person stands in between." in {
        each.sentence for each in tier_of(with_it).reasons
    }
    named = {each.id for each in with_it.manifest.dependencies} - {each.id for each in without.manifest.dependencies}
    assert {"connection:chat.example.com", "node_type:connect.call_http"} <= named
    assert {each.ok for each in check_all(with_it) if each.code == "places"} == {"passed"}
    assert {each.source_title for each in with_it.flow.crossings if each.sink_kind == "host"} == {"“word”"}
