"""Apps: only what a standing decision names is published and runs, and time, IT or a changed model stop it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from runtime.clock import MovedClock
from runtime.errors import AppStopped, BadInput, Conflict, NotAllowed, NotFound
from runtime.graph.edits import Configure
from runtime.operations import apps, keys, publishing, rights, runs, stops, traces, versions
from runtime.operations.actors import Actor
from runtime.operations.drafts import edit_draft
from runtime.operations.trying import adopt_file
from runtime.store.audit import list_audit
from runtime.store.models import bind_alias, list_aliases
from tests.support.model_server import Turn
from tests.support.product import product
from tests.support.publishing import FLOW, approved, approved_as_it_is, person, published


@pytest.fixture
def runtime(tmp_path, model):
    with product(tmp_path, model, clock=MovedClock()) as running:
        yield running


@pytest.fixture
async def it(runtime) -> Actor:
    return await person(runtime, "p_it", "reviewer")


@pytest.fixture
async def member(runtime) -> Actor:
    return await person(runtime, "p_member", "member")


async def test_a_member_runs_the_app_they_were_given_and_others_do_not_know_of_it(runtime, it, member):
    app = await published(runtime, it, member)
    view = await apps.open_app(runtime, member, app=app)
    assert [(each.name, each.kind, each.required) for each in view.inputs] == [("who", "text", True)]
    end = await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})
    assert (end.status, list(end.outputs or {})) == ("succeeded", ["answer"])
    outsider = await person(runtime, "p_out", "member")
    assert await apps.list_apps(runtime, outsider) == []
    said = []
    for name in (app, "no-such-app"):
        with pytest.raises(NotFound) as refusal:
            await apps.run_app_to_end(runtime, outsider, app=name, inputs={"who": "Eve"})
        said.append(refusal.value.sentence.replace(name, "X"))
    assert said[0] == said[1]


@pytest.mark.parametrize("queued", [True, False])
async def test_a_key_that_somebody_else_took_is_refused_and_tells_nothing(runtime, it, member, queued):
    """Or whoever guesses the keys of a program would keep its starts from happening, and it would think they did."""
    other = await person(runtime, "p_other", "member")
    decision = await approved(runtime)
    holders = [member.id, other.id]
    app = (await publishing.publish_app(runtime, it, decision=decision, title="Greeter", holders=holders)).name
    start = partial(apps.start_app_run, runtime, app=app, inputs={"who": "Ada"}, key="invoice-1", queued=queued)
    first = await start(member)
    with pytest.raises(Conflict, match="Somebody else") as refusal:
        await start(other)
    assert first.run not in f"{refusal.value!r}{refusal.value.hint}{refusal.value.details}"
    assert await start(member) == replace(first, again=True)


@pytest.mark.parametrize("kind", ["changes", "denied"])
async def test_what_was_not_approved_cannot_be_published(runtime, it, member, kind):
    decision = await approved(runtime, kind=kind)
    with pytest.raises(NotAllowed):
        await publishing.publish_app(runtime, it, decision=decision, title="Greeter", holders=[member.id])
    assert await apps.list_apps(runtime, member) == []
    assert runtime.reader.now(list_audit)[0].outcome == "refused"


async def test_a_forged_hash_in_the_decision_publishes_nothing(runtime, it, member):
    decision = await approved(runtime)
    await runtime.writer.write(
        lambda tx: tx.exec_driver_sql("UPDATE decision SET hash = 'forged' WHERE id = ?", (decision,))
    )
    with pytest.raises(NotAllowed, match="not the same"):
        await publishing.publish_app(runtime, it, decision=decision, title="Greeter", holders=[member.id])


@pytest.mark.parametrize("warm", [False, True], ids=["before its first run", "after a run"])
async def test_a_release_written_by_hand_does_not_run(runtime, it, member, owner, warm):
    app = await published(runtime, it, member)
    if warm:
        await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})
    title = Configure(id="finish", field="outputs", value=[{"name": "answer", "value": "never looked at"}])
    await edit_draft(runtime, owner, name="greeting", saw=0, batch="b", client="c", edits=[title])
    other = await versions.save_version(runtime, owner, name="greeting")
    await runtime.writer.write(
        lambda tx: tx.exec_driver_sql(
            "UPDATE release SET version = ?, hash = ?, manifest = ?", (other.id, other.hash, other.manifest)
        )
    )
    with pytest.raises(AppStopped, match="not what was approved"):
        await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})
    assert runtime.reader.now(list_audit)[0].outcome == "refused"


async def test_stopping_an_app_ends_at_once_what_runs_of_it(runtime, it, member, model):
    model.say(Turn("slow", delay_s=60))
    app = await published(runtime, it, member)
    started = await apps.start_app_run(runtime, member, app=app, inputs={"who": "Ada"})
    model.wait_until(lambda server: server.calls)
    assert await stops.stop_app(runtime, it, app=app, reason="It told a customer nonsense.") == stops.Stopped(1)
    assert (await traces.read_finished(runtime, member, run=started.run)).status == "cancelled"
    model.wait_until(lambda server: server.calls[0].ended == "left", 2)


async def test_a_stopped_app_ends_its_runs_and_starts_none_until_it_is_resumed(runtime, it, member):
    app = await published(runtime, it, member)
    await stops.stop_app(runtime, it, app=app, reason="It told a customer nonsense.")
    with pytest.raises(AppStopped, match="nonsense"):
        await apps.start_app_run(runtime, member, app=app, inputs={"who": "Ada"})
    assert (await apps.list_apps(runtime, member))[0].stopped
    assert runtime.reader.now(list_audit)[1].reason == "It told a customer nonsense."
    await stops.resume_app(runtime, it, app=app, reason="The prompt was looked at again.")
    assert runtime.reader.now(list_audit)[0].reason == "The prompt was looked at again."
    assert (await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})).status == "succeeded"


async def test_an_overdue_condition_and_an_expired_exception_stop_an_app_by_time_alone(runtime, it, member):
    now = runtime.clock.now()
    conditional = await published(runtime, it, member, kind="conditions", due=now + 60)
    excepted = await published(runtime, it, member, kind="exception", expires=now + 60)
    for app in (conditional, excepted):
        assert (await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})).status == "succeeded"
    runtime.clock.move(61)
    for app in (conditional, excepted):
        with pytest.raises(AppStopped):
            await apps.start_app_run(runtime, member, app=app, inputs={"who": "Ada"})


@pytest.mark.parametrize(("tier", "starts"), [(1, True), (2, True), (3, False)])
async def test_a_swapped_model_is_judged_by_the_policy_of_the_tier_and_written_down_once(
    runtime, it, member, tier, starts
):
    app = await published(runtime, it, member, tier=tier)
    [alias] = [each for each in runtime.reader.now(list_aliases) if each.name == "fast"]
    await runtime.writer.write(lambda tx: bind_alias(tx, replace(alias, clearance="restricted")))
    for _ in range(2):
        if starts:
            await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})
        else:
            with pytest.raises(AppStopped, match="fast"):
                await apps.start_app_run(runtime, member, app=app, inputs={"who": "Ada"})
    written = [each for each in runtime.reader.now(list_audit) if each.action == "app.drift"]
    assert len(written) == (1 if starts else 0)
    runtime.clock.move(15 * 86_400)
    if tier == 2:  # the grace is over
        with pytest.raises(AppStopped, match="time it was given ended"):
            await apps.start_app_run(runtime, member, app=app, inputs={"who": "Ada"})


async def test_a_next_release_runs_instead_and_rolling_back_brings_the_first_again(runtime, it, member):
    app = await published(runtime, it, member)
    second = await approved(runtime)
    with pytest.raises(BadInput, match="another workflow"):
        await publishing.publish_app(runtime, it, decision=second, title="Greeter", holders=[], app=app)
    with pytest.raises(NotFound):
        await publishing.roll_back(runtime, it, app=app, release=7, reason="The old one was better.")


async def test_a_next_release_takes_no_right_from_those_it_is_for(runtime, it):
    author, name = await adopt_file(runtime, FLOW)
    first = await approved_as_it_is(runtime, author, name)
    made = await publishing.publish_app(runtime, it, decision=first, title="Greeter", holders=[it.id])
    await rights.give(runtime, author, kind="app", name=made.name, holder=it.id, level="own")
    again = await publishing.publish_app(
        runtime, it, decision=first, title="Greeter", holders=[it.id, "role:member"], app=made.id
    )
    held = await rights.list_rights(runtime, it, kind="app", name=again.name)
    assert {each.holder: each.level for each in held} == {author.id: "own", it.id: "own", "role:member": "run"}


async def test_the_key_of_an_app_starts_this_app_and_sees_only_its_runs(runtime, it, member, owner):
    app = await published(runtime, it, member)
    mine = await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})
    fresh = replace(owner, proved=runtime.clock.now())
    new = await keys.create_key(runtime, fresh, label="billing", app=app)
    program = await keys.actor_of_key(runtime, new.text)
    assert program is not None
    end = await apps.run_app_to_end(runtime, program, app=app, inputs={"who": "Bob"})
    assert end.status == "succeeded"
    assert (await traces.read_finished(runtime, program, run=end.run)).status == "succeeded"
    with pytest.raises(NotFound):
        await traces.read_finished(runtime, program, run=mine.run)
    with pytest.raises(NotAllowed):
        await keys.list_keys(runtime, program)


GUARDED = (
    FLOW.replace(b'"{{ ask.text }}"', b'"{{ mask.text }}"')
    .replace(b"    finish:\n", b'    mask: {type: data.guard, settings: {text: "{{ ask.text }}"}}\n    finish:\n')
    .replace(b"{from: ask, to: finish}", b"{from: ask, to: mask}\n    - {from: mask, to: finish}")
)


async def test_whoever_runs_an_app_gets_what_it_hands_back_and_nothing_of_what_lies_before(runtime, it, member, model):
    model.say("Write to ada@example.com please.")
    app = await published(runtime, it, member, source=GUARDED)
    started = await apps.start_app_run(runtime, member, app=app, inputs={"who": "Ada"})
    heard = [each async for each in runs.follow_run(runtime, member, run=started.run)]
    view = await traces.read_run(runtime, member, run=started.run)
    assert view.outputs == {"answer": "Write to [e-mail] please."}
    assert "ada@example.com" not in f"{heard}{view}"
    assert (view.inside, [each.status for each in view.steps]) == (False, ["done"] * 4)
    with pytest.raises(NotAllowed, match="owner"):
        await traces.inspect_step(runtime, member, run=started.run, step="ask")
    auditor = await person(runtime, "p_auditor", "auditor")
    assert "ada@example.com" in str(await traces.read_run(runtime, auditor, run=started.run))


@pytest.mark.parametrize(("source", "aloud"), [(FLOW, True), (GUARDED, False)], ids=["as it is", "through a guard"])
async def test_of_what_is_spoken_a_member_hears_only_what_is_handed_back_word_for_word(
    runtime, it, member, source, aloud
):
    app = await published(runtime, it, member, source=source)
    end = await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})
    spoken, kept = {"kind": "text", "step": "ask"}, {"kind": "variable.set", "step": "ask"}

    def heard_by(actor: Actor) -> list[bool]:
        row = runtime.reader.now(lambda tx: traces.visible_run(tx, actor, end.run))
        heard = runtime.reader.now(lambda tx: traces.hearing_of(tx, actor, row))
        return [heard(each) is not None for each in (spoken, kept)]

    assert heard_by(member) == [aloud, False]
    assert heard_by(await person(runtime, "p_auditor", "auditor")) == [True, True]


STUMBLING = (
    FLOW.replace(b'"{{ ask.text }}"', b'"fine"')
    .replace(
        b"    finish:\n",
        b"    rows:\n      type: flow.each\n      settings: {items: [1], on_error: skip}\n"
        b"    date:\n      type: data.join_text\n      inside: rows\n"
        b"      settings: {texts: ['{{ ask.text | date(\"%Y\") }}']}\n"
        b"    again:\n      type: data.join_text\n      settings: {texts: ['{{ ask.text | date(\"%Y\") }}']}\n"
        b"      on_failure: {retries: 1, wait_s: 0, then: fallback, fallback: {text: inner}}\n"
        b"    finish:\n",
    )
    .replace(b"{from: ask, to: finish}", b"{from: ask, to: rows}\n    - {from: rows, to: again}\n"
                                         b"    - {from: again, to: finish}")
)  # fmt: skip


@pytest.mark.parametrize("twice", [False, True], ids=["live", "from the log"])
async def test_what_a_step_of_an_app_stumbled_over_is_not_for_whoever_runs_it(runtime, it, member, model, twice):
    model.say("The password is Kestrel.")
    app = await published(runtime, it, member, source=STUMBLING)
    started = await apps.start_app_run(runtime, member, app=app, inputs={"who": "Ada"})
    heard = [each async for each in runs.follow_run(runtime, member, run=started.run)]
    if twice:
        heard = (await traces.read_events(runtime, member, run=started.run, after=0))[1]
    view = await traces.read_run(runtime, member, run=started.run)
    assert (view.card.status, view.outputs) == ("partly_succeeded", {"answer": "fine"})
    failures = [(each["kind"], each["error"]["code"]) for each in heard if each.get("error")]
    assert failures == [("step.failed", "not_a_date"), ("step.retry", "not_a_date"), ("step.failed", "not_a_date")]
    assert "Kestrel" not in f"{heard}{view}"
    assert "inner" not in f"{[each.get('error') for each in heard]}{view}"
    auditor = await person(runtime, "p_auditor", "auditor")
    told = (await traces.read_events(runtime, auditor, run=started.run, after=0))[1]
    assert "Kestrel" in str(told)


@pytest.mark.slow
async def test_an_answer_that_is_handed_back_as_it_is_is_heard_while_it_is_written(runtime, it, member, model):
    model.say(Turn("Good morning to all of you.", delay_s=0.2))  # the reader is there before the words
    app = await published(runtime, it, member)
    started = await apps.start_app_run(runtime, member, app=app, inputs={"who": "Ada"})
    kinds = {each["kind"] async for each in runs.follow_run(runtime, member, run=started.run)}
    assert {"text", "step.done", "run.ended"} <= kinds
