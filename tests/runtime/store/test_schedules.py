"""Rows of schedules: their time moves on once, whoever looks."""

import pytest

from runtime.store.schedules import (
    ScheduleRow,
    due_schedules,
    find_schedule,
    insert_schedule,
    move_on,
    remove_schedule,
    resume_schedule,
    schedules_of,
    stop_schedule,
)

NEW = ScheduleRow("s", "a", "{}", "UTC", b"{}", "ada", 1.0, 10.0)


@pytest.fixture
def kept(writer) -> ScheduleRow:
    app = (
        "INSERT INTO app (id, name, title, description, icon, workflow, release, owner, created, stopped_by,"
        " stop_reason) VALUES ('a', 'a', 'A', '', '', 'w', 1, 'ada', 1.0, '', '')"
    )
    person = "INSERT INTO person (id, name, created) VALUES ('ada', 'Ada', 1.0)"
    writer.offer(lambda tx: (tx.exec_driver_sql(person), tx.exec_driver_sql(app), insert_schedule(tx, NEW))).result(5)
    return NEW


def test_due_are_those_whose_time_has_come(reader, kept):
    assert reader.now(lambda tx: due_schedules(tx, 9.9, 5)) == []
    assert reader.now(lambda tx: due_schedules(tx, 10.0, 5)) == [kept]
    assert reader.now(lambda tx: due_schedules(tx, 10.0, 0)) == []


def test_of_two_that_saw_one_time_one_moves_it_on(writer, reader, kept):
    moved = [writer.offer(lambda tx: move_on(tx, kept, 20.0, "r")).result(5) for _ in range(2)]
    assert moved == [True, False]
    row = reader.now(lambda tx: find_schedule(tx, "a", "s"))
    assert (row.next_due, row.last_due, row.last_run) == (20.0, 10.0, "r")


def test_a_stopped_one_is_not_due_until_it_is_resumed(writer, reader, kept):
    assert writer.offer(lambda tx: (stop_schedule(tx, "s", "why"), stop_schedule(tx, "s", "again"))).result(5) == (
        True, False,
    )  # fmt: skip
    assert reader.now(lambda tx: due_schedules(tx, 99.0, 5)) == []
    [row] = reader.now(lambda tx: schedules_of(tx, "a"))
    assert (row.stop_reason, row.who, row.status) == ("why", "Ada", "")
    assert writer.offer(lambda tx: (resume_schedule(tx, "s", 30.0), resume_schedule(tx, "s", 40.0))).result(5) == (
        True, False,
    )  # fmt: skip
    assert [each.next_due for each in reader.now(lambda tx: due_schedules(tx, 30.0, 5))] == [30.0]


def test_it_is_found_only_by_its_own_app_and_gone_when_removed(writer, reader, kept):
    assert reader.now(lambda tx: find_schedule(tx, "other", "s")) is None
    writer.offer(lambda tx: remove_schedule(tx, "s")).result(5)
    assert reader.now(lambda tx: find_schedule(tx, "a", "s")) is None
