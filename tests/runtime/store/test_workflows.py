from dataclasses import replace

import pytest
from sqlalchemy import exc

from runtime.store.people import insert_person
from runtime.store.rights import give_right
from runtime.store.workflows import (
    DraftRow,
    change_of_batch,
    changes_after,
    draft_mark,
    insert_change,
    insert_workflow,
    list_workflows,
    read_draft,
    remove_workflow,
    taken_names,
    write_draft,
)

DRAFT = DraftRow(
    workflow="w1", revision=1, document="{}", title="Title", description="", icon="", steps=2, hash="h", updated=5.0
)


@pytest.fixture
def workflow(writer) -> str:
    def make(tx) -> None:
        insert_person(tx, person="p", name="Ada", roles={"owner"}, now=1.0)
        insert_workflow(tx, workflow="w1", name="triage", owner="p", now=1.0)
        give_right(tx, "w1", "p", "own")
        write_draft(tx, DRAFT)

    writer.offer(make).result(5)
    return "w1"


def test_a_draft_is_overwritten_and_its_mark_says_its_revision(writer, reader, workflow):
    writer.offer(lambda tx: write_draft(tx, replace(DRAFT, revision=2, title="Other"))).result(5)
    assert reader.now(lambda tx: read_draft(tx, workflow)) == replace(DRAFT, revision=2, title="Other")
    assert reader.now(lambda tx: draft_mark(tx, "triage")) == ("w1", 2)
    assert reader.now(lambda tx: draft_mark(tx, "none")) is None
    assert [each.title for each in reader.now(lambda tx: list_workflows(tx, "p"))] == ["Other"]
    assert reader.now(lambda tx: list_workflows(tx, "stranger")) == []


def test_a_name_is_taken_once(writer, reader, workflow):
    with pytest.raises(exc.IntegrityError):
        writer.offer(lambda tx: insert_workflow(tx, workflow="w2", name="triage", owner="p", now=1.0)).result(5)
    assert reader.now(lambda tx: taken_names(tx, "tri")) == {"triage"}


def test_a_batch_is_accepted_once_and_changes_come_in_order(writer, reader, workflow):
    def change(revision: int, batch: str):
        return lambda tx: insert_change(
            tx, workflow="w1", revision=revision, batch=batch, client="c", person="p", at=1.0, edits="[]"
        )

    writer.offer(change(2, "b1")).result(5)
    writer.offer(change(3, "b2")).result(5)
    with pytest.raises(exc.IntegrityError):
        writer.offer(change(4, "b2")).result(5)
    assert reader.now(lambda tx: change_of_batch(tx, "w1", "c", "b2")) == 3
    assert reader.now(lambda tx: change_of_batch(tx, "w1", "other", "b2")) is None
    assert [row.revision for row in reader.now(lambda tx: changes_after(tx, "w1", 1))] == [2, 3]


def test_a_removed_workflow_takes_its_draft_with_it(writer, reader, workflow):
    writer.offer(lambda tx: remove_workflow(tx, workflow)).result(5)
    assert reader.now(lambda tx: read_draft(tx, workflow)) is None
