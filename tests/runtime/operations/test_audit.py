import pytest

from runtime.errors import BadInput, NotAllowed, NotFound
from runtime.operations import audit, publishing, workflows
from runtime.operations.actors import Actor
from runtime.operations.audit import Looked
from runtime.settings import Settings
from runtime.store.people import insert_person
from tests.support.publishing import approved, person


async def test_pages_follow_one_another_to_the_first_row(runtime, owner):
    for at in range(5):
        await workflows.create_workflow(runtime, owner, title=f"W{at}")
    seen, before = [], 0
    while True:
        page = await audit.search_audit(runtime, owner, before=before, most=2)
        seen += [entry.id for entry in page.entries]
        before = page.before
        if not before:
            break
    assert seen == list(range(len(seen), 0, -1))


async def test_an_entry_is_told_in_words_with_the_name_of_who_did_it(runtime, owner):
    await workflows.create_workflow(runtime, owner, title="W")
    entry = (await audit.search_audit(runtime, owner, looked=Looked(area="workflow"))).entries[0]
    assert (entry.words, entry.who, entry.outcome) == ("create a workflow", owner.name, "done")


async def test_things_and_the_ids_in_what_was_said_are_called_by_their_names(runtime, owner):
    boss = await person(runtime, "p_it", "owner", "reviewer")
    decision = await approved(runtime)
    await publishing.publish_app(runtime, boss, decision=decision, title="Greeter", holders=[boss.id])
    entries = (await audit.search_audit(runtime, owner, looked=Looked(area="app"))).entries
    assert [(each.called, each.thing[:4]) for each in entries] == [("Greeter", "app_")]


async def test_an_auditor_reads_it_and_a_reviewer_does_not(runtime, owner):
    for role in ("auditor", "reviewer"):
        await runtime.writer.write(
            lambda tx, role=role: insert_person(tx, person=role, name=role, roles=[role], now=1.0)
        )
    await audit.search_audit(runtime, Actor("auditor", "A", frozenset({"auditor"})))
    with pytest.raises(NotAllowed):
        await audit.search_audit(runtime, Actor("reviewer", "R", frozenset({"reviewer"})))


async def test_too_many_words_are_refused(runtime, owner):
    with pytest.raises(BadInput):
        await audit.search_audit(runtime, owner, looked=Looked(words="a b c d e f"))


async def test_checking_the_log_is_recorded_with_what_was_found(runtime, owner):
    assert (await audit.verify_audit(runtime, owner)).broken is None
    await runtime.writer.write(lambda tx: tx.exec_driver_sql("UPDATE audit SET thing = 'other' WHERE id = 1"))
    found = await audit.verify_audit(runtime, owner)
    assert found.broken == 1
    entry = (await audit.search_audit(runtime, owner)).entries[0]
    assert entry.reason == "Row 1 does not fit the one before it; 0 rows before it do."


def test_the_command_needs_a_database(tmp_path):
    with pytest.raises(NotFound):
        audit.verify_file(Settings(data=tmp_path))
