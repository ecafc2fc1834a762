"""However many runs wait: starting one, looking whose turn it is, sweeping and listing read about as much as among few.

What is read is counted in instructions of SQLite's machine, so that no busy machine changes it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from runtime.store.database import Reader, execute_many
from runtime.store.due import any_waits, next_turns, processes_at_work, runs_held, taken_of
from runtime.store.exploring import Wanted, explore
from runtime.store.runs import insert_run, list_runs, lost_runs, run_by_key
from runtime.store.waits import count_waits, due_waits, waits_for
from runtime.store.writer import Writer
from tests.runtime.store.test_writer import a_run
from tests.support.database import empty_database, on_sqlite

PEOPLE = 500
NOW = 1_000_000.0
QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "a start asks for its limits": lambda tx: taken_of(tx, "person", "p7", at_once=9, since=NOW - 60, started=3000),
    "a start asks for its key": lambda tx: run_by_key(tx, "w", "none"),
    "a peek": lambda tx: any_waits(tx, NOW),
    "a look whose turn it is": lambda tx: next_turns(tx, NOW, room=32, person_most=50, app_most=50),
    "a sweep for times that have come": lambda tx: due_waits(tx, NOW),
    "a sweep for the dead": lambda tx: [runs_held(tx, each, 200) for each in processes_at_work(tx)],
    "a sweep for what was lost": lambda tx: lost_runs(tx, {"run_q1": 1, "run_w1": 1}),
    "the newest runs": lambda tx: list_runs(tx, person=None, workflow=None, before=1e12, most=50),
    "my newest runs": lambda tx: list_runs(tx, person="late", workflow=None, before=1e12, most=50),
    "my runs in the explorer": lambda tx: explore(tx, Wanted(person="late"), 50),
    "my inbox": lambda tx: waits_for(tx, "late", 200),
    "the number in the menu": lambda tx: count_waits(tx, "late"),
}


def filled(path: Path, runs: int) -> Iterator[tuple[Writer, Reader]]:
    """Half of the runs are queued, half are laid aside for somebody who has not decided yet; one person has two."""
    database = empty_database(path)
    writer, reader = Writer(database), Reader(database)
    writer.start()

    def fill(tx: Connection) -> None:
        like = a_run(process="")
        insert_run(tx, replace(like, id="run_like", person="late", created=1.0, key="first"))
        columns = [row[1] for row in tx.exec_driver_sql("PRAGMA table_info(run)")]
        changed = {"id": "?", "person": "?", "status": "?", "due_at": "?", "created": "?", "key": "NULL"}
        row = ", ".join(changed.get(str(each), str(each)) for each in columns)
        execute_many(
            tx, f"INSERT INTO run SELECT {row} FROM run WHERE id = 'run_like'",  # noqa: S608 - columns
            [
                tuple(value[each] for each in columns if each in value)
                for value in (
                    {"id": f"run_{'qw'[n % 2]}{n}", "person": f"p{n % PEOPLE}", "status": ("queued", "waiting")[n % 2],
                     "due_at": n, "created": 2.0 + n}
                    for n in range(runs)
                )
            ],
        )  # fmt: skip
        execute_many(
            tx,
            "INSERT INTO wait (id, run, seq, step, path, kind, asked, opened, deadline, status, comment, answered_by,"
            " logged) VALUES (?, ?, 1, 's', '', 'approve', '{}', 1.0, ?, 'open', '', '', FALSE)",
            [(f"wait_{n}", f"run_w{n}", NOW + 1 + n) for n in range(1, runs, 2)],
        )
        execute_many(
            tx, "INSERT INTO wait_for (wait, holder) VALUES (?, 'boss')", [(f"wait_{n}",) for n in range(1, runs, 2)]
        )

    writer.offer(fill).result(120)
    yield writer, reader
    writer.close()


def looked_at(reader: Reader, question: Callable[[Connection], Any]) -> int:
    """Instructions a question takes, in hundreds."""

    def count(tx: Connection) -> int:
        steps = 0

        def one() -> int:
            nonlocal steps
            steps += 1
            return 0

        driver: Any = tx.connection.dbapi_connection
        driver.set_progress_handler(one, 100)
        try:
            question(tx)
        finally:
            driver.set_progress_handler(None, 0)
        return steps

    return reader.now(count)


@on_sqlite
@pytest.mark.nightly
def test_a_hundred_thousand_waiting_runs_are_rows_that_nobody_reads(tmp_path: Path):
    of_few, of_many = (
        {name: looked_at(reader, question) for name, question in QUESTIONS.items()}
        for runs in (1_000, 100_000)
        for _, reader in filled(tmp_path / f"{runs}.db", runs)
    )
    assert {name: (of_few[name], many) for name, many in of_many.items() if many > 3 * of_few[name] + 10} == {}
