"""Every change of hands is a compare-and-set; what a status may become is a table."""

import pytest

from runtime.store.database import Reader
from runtime.store.log import LogConflict
from runtime.store.runs import (
    ENDED,
    MOST_BARREN,
    OPEN,
    TRANSITIONS,
    Ending,
    cancel,
    claim,
    end_run,
    insert_run,
    lost_runs,
    release,
    run_by_key,
    run_row,
)
from runtime.store.writer import Writer
from tests.runtime.store.test_writer import Told, a_record, a_run, started

assert LogConflict, "what a second record of one step raises"


def becomes(writer: Writer, reader: Reader, status: str, action: str) -> str:
    """The status of a run after an action on it."""
    run = started(writer)

    def work(tx) -> None:
        tx.exec_driver_sql("UPDATE run SET status = ? WHERE id = ?", (status, run))
        match action:
            case "claim":
                claim(tx, run, attempt=1, process="other", now=2.0)
            case "end":
                end_run(tx, Ending(run, 1, "succeeded", b"{}", None, 3.0, 0, "", 0, 0, None))
            case "cancel":
                cancel(tx, run, now=3.0)
            case "release":
                release(tx, run, attempt=1, now=3.0)

    writer.offer(work).result(5)
    row = reader.now(lambda tx: run_row(tx, run))
    assert row
    return row.status


@pytest.mark.parametrize("status", [*OPEN, *ENDED])
@pytest.mark.parametrize(
    ("action", "wanted"), [("claim", "running"), ("end", "succeeded"), ("cancel", "cancelled"), ("release", "queued")]
)
def test_an_action_changes_a_status_only_as_the_table_says(writer, reader, status, action, wanted):
    found = becomes(writer, reader, status, action)
    possible = {"claim": ("queued", "running", "waiting"), "end": ("running",), "cancel": OPEN, "release": ("running",)}
    assert found == (wanted if status in possible[action] else status)
    assert found == status or found in TRANSITIONS[status]


def test_of_two_claims_one_wins(writer, reader):
    run = started(writer)
    first = writer.offer(lambda tx: claim(tx, run, attempt=1, process="a", now=1.0)).result(5)
    second = writer.offer(lambda tx: claim(tx, run, attempt=1, process="b", now=1.0)).result(5)
    assert (first.attempt, second) == (2, None)
    assert reader.now(lambda tx: run_row(tx, run)).process == "a"


def test_an_older_attempt_neither_ends_nor_releases_a_run(writer, reader):
    run = started(writer)
    writer.offer(lambda tx: claim(tx, run, attempt=1, process="a", now=1.0)).result(5)
    end = Ending(run, 1, "succeeded", b"{}", None, 3.0, 0, "", 0, 0, None)
    assert not writer.offer(lambda tx: end_run(tx, end)).result(5)
    writer.offer(lambda tx: release(tx, run, attempt=1, now=3.0)).result(5)
    assert reader.now(lambda tx: run_row(tx, run)).status == "running"


def takeovers(writer, run: str, count: int, process: str = "p{}") -> list[bool]:
    """Whether each of so many takeovers in a row calls the run poison."""
    found = []
    for at in range(count):
        taken = writer.offer(
            lambda tx, at=at: claim(tx, run, attempt=at + 1, process=process.format(at), now=1.0)
        ).result(5)
        found.append(taken.poison)
    return found


def test_three_barren_takeovers_in_a_row_are_allowed_and_the_next_is_poison(writer):
    assert takeovers(writer, started(writer), MOST_BARREN + 1) == [False] * MOST_BARREN + [True]


def test_a_start_from_the_queue_is_no_takeover(writer, reader):
    run = started(writer, process="")
    assert reader.now(lambda tx: run_row(tx, run)).attempt == 0
    found = [
        writer.offer(lambda tx, at=at: claim(tx, run, attempt=at, process=f"p{at}", now=1.0)).result(5).poison
        for at in range(MOST_BARREN + 2)
    ]
    assert found == [False] * (MOST_BARREN + 1) + [True]


def test_a_process_whose_storage_failed_takes_up_its_own_run_as_often_as_it_must(writer):
    assert takeovers(writer, started(writer), 10, "me") == [False] * 10


def test_a_new_record_makes_the_count_begin_again_an_intent_does_not(writer):
    run = started(writer)
    takeovers(writer, run, 2)
    kept = Told(run, a_record(run, 1, "intent")._replace(attempt=3))
    kept.batch.attempt = 3
    writer.submit(kept.batch)
    assert kept.wait() is None
    third = writer.offer(lambda tx: claim(tx, run, attempt=3, process="x", now=1.0)).result(5)
    fourth = writer.offer(lambda tx: claim(tx, run, attempt=4, process="y", now=1.0)).result(5)
    assert (third.poison, fourth.poison) == (False, True)


def test_one_key_is_one_run_of_a_workflow(writer, reader):
    run = started(writer, key="k")
    assert reader.now(lambda tx: run_by_key(tx, "w", "k")) == run
    assert reader.now(lambda tx: run_by_key(tx, "other", "k")) is None
    with pytest.raises(Exception, match=r"(?i)unique"):
        writer.offer(lambda tx: insert_run(tx, a_run(key="k"))).result(5)


def test_lost_runs_are_those_another_attempt_holds_or_that_ended(writer, reader):
    held, taken, ended = started(writer), started(writer), started(writer)
    writer.offer(lambda tx: claim(tx, taken, attempt=1, process="a", now=1.0)).result(5)
    writer.offer(lambda tx: cancel(tx, ended, now=1.0)).result(5)
    found = reader.now(lambda tx: lost_runs(tx, {held: 1, taken: 1, ended: 1, "not committed yet": 1}))
    assert set(found) == {taken, ended}
