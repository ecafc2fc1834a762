"""Whose turn it is: fair between people, within limits, and however many wait, a look reads little."""

from dataclasses import replace
from typing import Any

import pytest

from runtime.store.due import MOST_EACH, MOST_PEOPLE, next_turns, processes_at_work, runs_held, take_turns, taken_of
from runtime.store.ids import new_id
from runtime.store.runs import NewRun, insert_run
from tests.runtime.store.test_writer import a_run
from tests.support.database import on_sqlite


def waits(writer, person: str, *, app: str | None = None, at: float = 1.0, process: str = "") -> str:
    """A run that waits, or that a process executes."""
    new: NewRun = replace(a_run(process=process), id=new_id("run"), person=person, app=app, created=at)
    writer.offer(lambda tx: insert_run(tx, new)).result(5)
    return new.id


def turns(reader, room: int = 100, person: int = 20, app: int = 50, **options: Any) -> list[str]:
    """The runs whose turn it is, in order."""
    look = reader.now(lambda tx: next_turns(tx, 10.0, room=room, person_most=person, app_most=app, **options))
    return [each.run for each in look.turns]


def test_people_take_turns_and_the_oldest_run_of_each_comes_first(writer, reader):
    flood = [waits(writer, "ada", at=1.0 + number / 100) for number in range(5)]
    late = waits(writer, "bob", at=9.0)
    assert turns(reader) == [flood[0], late, *flood[1:]]
    assert turns(reader, room=2) == [flood[0], late]


def test_whoever_has_much_running_comes_last(writer, reader):
    for _ in range(3):
        waits(writer, "ada", process="p")
    second, first = waits(writer, "ada", at=1.0), waits(writer, "bob", at=9.0)
    assert turns(reader) == [first, second]


def test_a_run_whose_time_has_not_come_waits(writer, reader):
    waits(writer, "ada", at=50.0)
    assert turns(reader) == []


@pytest.mark.parametrize("executed", [0, 1, 3])
def test_a_person_executes_no_more_at_once_than_the_limit(writer, reader, executed):
    for number in range(6):
        waits(writer, "ada", process="p" if number < executed else "")
    assert len(turns(reader, person=3)) == 3 - executed


def test_an_app_executes_no_more_at_once_than_its_limit_whoever_starts_it(writer, reader):
    for person in ("ada", "bob", "cyd"):
        waits(writer, person, app="a")
    assert len(turns(reader, app=2)) == 2


def test_a_full_app_keeps_no_other_run_of_the_person_waiting(writer, reader):
    waits(writer, "bob", app="a", process="p")
    for _ in range(MOST_EACH + 3):
        waits(writer, "ada", app="a", at=1.0)
    other = waits(writer, "ada", app="b", at=9.0)
    assert turns(reader, app=1) == [other]


def test_what_it_has_set_for_an_app_counts_before_the_policy(writer, reader):
    app = ("a", "a", "A", "", "", "w", 1, "ada", 1.0, "", "", 1)
    statement = (
        "INSERT INTO app (id, name, title, description, icon, workflow, release, owner, created, stopped_by,"
        " stop_reason, at_once) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    person = "INSERT INTO person (id, name, created) VALUES ('ada', 'Ada', 1.0)"
    writer.offer(lambda tx: (tx.exec_driver_sql(person), tx.exec_driver_sql(statement, app))).result(5)
    for _ in range(3):
        waits(writer, "ada", app="a")
    assert len(turns(reader, app=50)) == 1


def test_a_look_goes_on_where_the_one_before_stopped(writer, reader):
    for number in range(MOST_PEOPLE + 2):
        waits(writer, f"p{number:03}")
    first = reader.now(lambda tx: next_turns(tx, 10.0, room=1000, person_most=1, app_most=1))
    second = reader.now(lambda tx: next_turns(tx, 10.0, room=1000, person_most=1, app_most=1, after=first.after))
    assert (len(first.turns), len(second.turns), second.after) == (MOST_PEOPLE, 2, "")


def test_turns_are_taken_once(writer):
    runs = {waits(writer, "ada") for _ in range(5)}

    def take(tx: Any) -> list[str]:
        return [each.run for each in take_turns(tx, "p", 10.0, room=3, person_most=20, app_most=20)]

    taken = [writer.offer(take).result(5) for _ in range(3)]
    assert [len(each) for each in taken] == [3, 2, 0]
    assert {run for each in taken for run in each} == runs


def test_who_works_on_what_is_read_from_the_rows(writer, reader):
    mine = waits(writer, "ada", process="p")
    waits(writer, "ada", process="q")
    waits(writer, "ada")
    assert set(reader.now(processes_at_work)) == {"p", "q"}
    assert [each.run for each in reader.now(lambda tx: runs_held(tx, "p", 10))] == [mine]


def test_who_has_reached_a_limit_is_read_from_the_rows(writer, reader):
    waits(writer, "ada", process="p")
    waits(writer, "ada", process="q")
    waits(writer, "ada")

    def reached(who: str, at_once: int, since: float, started: int | None) -> tuple[bool, bool]:
        return reader.now(lambda tx: taken_of(tx, "person", who, at_once=at_once, since=since, started=started))

    assert reached("ada", 2, 0.0, 3) == (True, True)
    assert reached("ada", 3, 0.0, 4) == (False, False)
    assert reached("ada", 3, 1e12, 1) == (False, False)
    assert reached("ada", 2, 0.0, None) == (True, False)
    assert reached("bob", 1, 0.0, 1) == (False, False)


def flood(writer, count: int) -> None:
    """So many waiting runs of one person, and one of another."""
    new = replace(a_run(process=""), person="ada")

    def add(tx: Any) -> None:
        for _ in range(count):
            insert_run(tx, replace(new, id=new_id("run")))
        insert_run(tx, replace(new, id=new_id("run"), person="zoe"))

    writer.offer(add).result(60)


def steps_of(database, question) -> int:
    """What a question costs the database: steps of its machine, in hundreds."""
    with database.connect() as tx:
        driver, counted = tx.connection.dbapi_connection, [0]

        def count() -> int:
            counted[0] += 1
            return 0

        driver.set_progress_handler(count, 100)
        question(tx)
        driver.set_progress_handler(None, 0)
    return counted[0]


@pytest.mark.slow
@on_sqlite
def test_a_look_at_a_hundred_thousand_waiting_runs_costs_what_a_look_at_a_hundred_costs(writer, database):
    def look(tx: Any) -> None:
        found = next_turns(tx, 10.0, room=32, person_most=20, app_most=20)
        assert len(found.turns) > MOST_EACH, "a person or two"
        processes_at_work(tx)
        runs_held(tx, "p", 10)

    flood(writer, 100)
    few = steps_of(database, look)
    flood(writer, 100_000)
    assert steps_of(database, look) <= few + 2
