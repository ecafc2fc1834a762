"""Forgery: what was never approved, or is not any more, cannot be published or run, whoever tries by whatever way; each
attempt is refused with a sentence and recorded."""

import pytest

from runtime.clock import MovedClock
from runtime.errors import AppStopped, Conflict, NotAllowed
from runtime.graph.edits import Configure
from runtime.operations import apps, deciding, keys, publishing, stops, submissions, versions
from runtime.operations.drafts import edit_draft
from runtime.operations.people import local_owner
from runtime.operations.workflows import create_workflow, open_draft
from runtime.store import people
from runtime.store.audit import list_audit
from tests.support.product import product
from tests.support.publishing import approved, person, published
from tests.support.reviewing import ANSWERS, drawn, somebody, submitted, verdict_on


@pytest.fixture
def runtime(tmp_path, model):
    with product(tmp_path, model, clock=MovedClock()) as running:
        yield running


async def write(runtime, statement: str, *values) -> None:
    """What somebody does who reaches the database itself."""
    await runtime.writer.write(lambda tx: tx.exec_driver_sql(statement, values))


def last_refusal(runtime, action: str) -> tuple[str, str]:
    """Who was refused last, and why; it has to be the last thing that was recorded."""
    row = runtime.reader.now(list_audit)[0]
    assert (row.outcome, row.action) == ("refused", action)
    assert runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM run").scalar_one()) == 0
    return row.person, row.reason


async def another_version(runtime, app: str) -> str:
    """Saved by its author behind the back of the review: the id of a version with a hash of its own."""
    workflow = runtime.reader.now(
        lambda tx: tx.exec_driver_sql(
            "SELECT workflow.name FROM workflow JOIN app ON app.workflow = workflow.id WHERE app.name = ?", (app,)
        ).scalar_one()
    )
    owner = await local_owner(runtime)
    draft = await open_draft(runtime, owner, name=workflow)
    edit = Configure(id="ask", field="temperature", value=0.9)
    done = await edit_draft(runtime, owner, name=workflow, saw=draft.revision, batch="b", client="c", edits=[edit])
    assert not done.refused
    return (await versions.save_version(runtime, owner, name=workflow)).id


FORGERIES = {
    "another version under the release": "UPDATE release SET version = ?1, hash = (SELECT hash FROM version WHERE id"
    " = ?1), manifest = (SELECT manifest FROM version WHERE id = ?1)",
    "another version under the hash of the approved one": "UPDATE release SET version = ?1",
    "another hash alone": "UPDATE release SET hash = (SELECT hash FROM version WHERE id = ?1)",
    "a decision made to fit": "UPDATE release SET decision = (SELECT id FROM decision WHERE kind = 'denied'"
    " OR ?1 IN ('nothing'))",
    "a new release by hand": "INSERT INTO release (app, number, version, hash, words, manifest, decision, at, person,"
    " reason) SELECT app, 2, ?1, (SELECT hash FROM version WHERE id = ?1), words, manifest, decision, at, person, ''"
    " FROM release",
    "another meaning under the hash that was approved": "UPDATE content SET body = (SELECT body FROM content WHERE"
    " digest = (SELECT hash FROM version WHERE id = ?1)) WHERE digest = (SELECT hash FROM release)",
}


@pytest.mark.parametrize(
    ("forgery", "warm"),
    # what was compiled from the approved meaning goes on running, whatever becomes of the text it was read from
    [(each, warm) for each in FORGERIES for warm in (False, True) if not (warm and "meaning under" in each)],
)
async def test_a_release_made_by_hand_does_not_run(runtime, it, member, forgery, warm):
    app = await published(runtime, it, member)
    await approved(runtime, kind="denied")
    if warm:
        assert (await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})).status == "succeeded"
        await write(runtime, "DELETE FROM record")
        await write(runtime, "DELETE FROM run")
    version = await another_version(runtime, app)
    await write(runtime, FORGERIES[forgery], version)
    if "new release" in forgery:
        await write(runtime, "UPDATE app SET release = 2")
    with pytest.raises(AppStopped) as refusal:
        await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Eve"})
    assert last_refusal(runtime, "app.run") == (member.id, refusal.value.sentence)


async def test_a_decision_changed_by_hand_publishes_nothing(runtime, it, member):
    denied = await approved(runtime, kind="denied")
    await approved(runtime)
    for statement in (
        "UPDATE decision SET hash = 'forged', kind = 'approved' WHERE id = ?1",
        "UPDATE decision SET manifest = 'forged', kind = 'approved' WHERE id = ?1",
    ):
        await write(runtime, statement, denied)
        with pytest.raises(NotAllowed, match="not the same"):
            await publishing.publish_app(runtime, it, decision=denied, title="Greeter", holders=[member.id])
        assert last_refusal(runtime, "app.publish")[0] == it.id
        with pytest.raises(NotAllowed, match="not the same"):
            await publishing.publish_template(runtime, it, decision=denied, title="Greeter", holders=["role:analyst"])
        assert last_refusal(runtime, "template.publish")[0] == it.id


@pytest.mark.parametrize("decision", ["", "decision_made_up", "version_1", "' OR 1=1 --"])
async def test_what_nobody_decided_about_is_not_published(runtime, it, member, decision):
    await approved(runtime)
    with pytest.raises(NotAllowed, match="cannot be published"):
        await publishing.publish_app(runtime, it, decision=decision, title="Greeter", holders=[member.id])
    assert last_refusal(runtime, "app.publish")[0] == it.id


async def test_an_author_publishes_nothing(runtime, member):
    decision = await approved(runtime)
    author = await person(runtime, "p_author", "analyst")
    for actor in (member, author):
        with pytest.raises(NotAllowed, match="one has to be"):
            await publishing.publish_app(runtime, actor, decision=decision, title="Greeter", holders=[actor.id])
        assert last_refusal(runtime, "app.publish")[0] == actor.id


async def test_who_publishes_needs_the_role_at_the_click(runtime, it, member):
    decision = await approved(runtime)
    await runtime.writer.write(lambda tx: people.set_roles(tx, it.id, ["member"]))
    with pytest.raises(NotAllowed, match="one has to be"):
        await publishing.publish_app(runtime, it, decision=decision, title="Greeter", holders=[member.id])
    assert last_refusal(runtime, "app.publish")[0] == it.id


async def test_an_edit_after_the_approval_is_not_what_runs(runtime, it, member):
    app = await published(runtime, it, member)
    before = (await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})).run
    await another_version(runtime, app)
    after = (await apps.run_app_to_end(runtime, member, app=app, inputs={"who": "Ada"})).run
    hashes = runtime.reader.now(
        lambda tx: tx.exec_driver_sql("SELECT hash FROM run WHERE id IN (?, ?)", (before, after)).scalars().all()
    )
    assert len(hashes) == 2
    assert len(set(hashes)) == 1


async def test_a_stopped_app_is_refused_to_everybody_by_every_way(runtime, it, member):
    app = await published(runtime, it, member)
    owner = await local_owner(runtime)
    made = await keys.create_key(runtime, owner, label="billing", app=app)
    program = await keys.actor_of_key(runtime, made.text)
    await stops.stop_app(runtime, it, app=app, reason="It told a customer nonsense.")
    for actor in (member, owner, program):
        assert actor is not None
        for start in (apps.run_app_to_end, apps.start_app_run):
            with pytest.raises(AppStopped, match="nonsense"):
                await start(runtime, actor, app=app, inputs={"who": "Ada"})
            assert last_refusal(runtime, "app.run")[0] == actor.id


async def test_an_approval_withdrawn_after_publishing_ends_the_app(runtime, it, member):
    app = await published(runtime, it, member)
    await write(runtime, "UPDATE decision SET withdrawn = ?", runtime.clock.now())
    with pytest.raises(AppStopped, match="withdrawn"):
        await apps.start_app_run(runtime, member, app=app, inputs={"who": "Ada"})
    assert last_refusal(runtime, "app.run")[0] == member.id


@pytest.mark.parametrize("roles", [("reviewer", "analyst"), ("owner", "reviewer", "analyst"), ("owner", "reviewer")])
async def test_nobody_approves_what_they_submitted_or_owned_whatever_their_roles(runtime, roles):
    boss = await somebody(runtime, "Boss", *roles)
    card = await submitted(runtime, boss)
    verdict = await verdict_on(runtime, boss, card.number)
    with pytest.raises(NotAllowed, match="nobody decides about what they took part in"):
        await deciding.decide(runtime, boss, number=card.number, verdict=verdict)
    assert last_refusal(runtime, "decision.make")[0] == boss.id


async def test_who_forges_what_they_looked_at_approves_nothing(runtime):
    ada, grace = await somebody(runtime, "Ada", "analyst"), await somebody(runtime, "Grace", "reviewer")
    card = await submitted(runtime, ada)
    for change in ({"hash": "forged"}, {"manifest": "forged"}, {"hash": "", "manifest": ""}):
        verdict = await verdict_on(runtime, grace, card.number, **change)
        with pytest.raises(Conflict, match="not what is under review"):
            await deciding.decide(runtime, grace, number=card.number, verdict=verdict)
        assert last_refusal(runtime, "decision.make")[0] == grace.id


async def test_another_version_put_under_an_open_submission_is_not_approved(runtime):
    ada, grace = await somebody(runtime, "Ada", "analyst"), await somebody(runtime, "Grace", "reviewer")
    draft = await create_workflow(runtime, ada, title="Triage", document=drawn())
    card = await submissions.submit(runtime, ada, workflow=draft.name, answers=ANSWERS)
    verdict = await verdict_on(runtime, grace, card.number)
    edit = Configure(id="ask", field="temperature", value=0.9)
    await edit_draft(runtime, ada, name=draft.name, saw=1, batch="b", client="c", edits=[edit])
    other = await versions.save_version(runtime, ada, name=draft.name)
    await write(runtime, "UPDATE submission SET version = ?, hash = ?", other.id, other.hash)
    with pytest.raises(Conflict, match="not what is under review"):
        await deciding.decide(runtime, grace, number=card.number, verdict=verdict)
    assert last_refusal(runtime, "decision.make")[0] == grace.id
