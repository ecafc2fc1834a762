"""Group commit: units share commits, fail alone, and are told the truth."""

import sqlite3
import threading

import pytest
from sqlalchemy import Engine, exc

from runtime.errors import StorageUnavailable, TooBusy
from runtime.store import writer as module
from runtime.store.database import probe
from runtime.store.ids import new_id
from runtime.store.log import FORMAT, Batch, Line, LogConflict, Record, read_records
from runtime.store.runs import NewRun, cancel, claim, insert_run, run_row
from runtime.store.writer import Writer
from tests.support.database import on_sqlite


def nothing(tx) -> bool:
    return tx is not None


def a_run(**fields) -> NewRun:
    known = {"id": new_id("run"), "workflow": "w", "name": "w", "title": "W", "person": "p", "via": "key", "key": None,
             "hash": "h", "words": "", "catalogue": "c", "inputs": b"{}", "created": 1.0, "process": "me"}  # fmt: skip
    return NewRun(**known | fields)


def a_record(run: str, seq: int, kind: str = "done", step: str = "") -> Record:
    return Record(
        run, seq, FORMAT, kind, 1, step or f"s{seq}", "", 1, 1.0, 1.0, 0, "done", b"1", None, None, "", "", f"h{seq}"
    )


class Told:
    """A batch, and what its executor was told."""

    def __init__(self, run: str, *records: Record, line: Line | None = None, also=()) -> None:
        self.heard = threading.Event()
        self.error: BaseException | None = None

        def settled(_batch: Batch, error: BaseException | None) -> None:
            self.error = error
            self.heard.set()

        self.batch = Batch(run, 1, list(records), (), also, settled, line=line or Line())

    def wait(self) -> BaseException | None:
        assert self.heard.wait(5), "nobody was told"
        return self.error


class Gate:
    """Holds the writer inside a commit, so that what is queued meanwhile makes one group."""

    def __init__(self, writer: Writer) -> None:
        self._inside, self._open = threading.Event(), threading.Event()

        def hold(_tx) -> None:
            self._inside.set()
            assert self._open.wait(5)

        self.done = writer.offer(hold)
        assert self._inside.wait(5)

    def open(self) -> None:
        self._open.set()
        self.done.result(5)


def started(writer: Writer, **fields) -> str:
    new = a_run(**fields)
    writer.offer(lambda tx: insert_run(tx, new)).result(5)
    return new.id


def test_what_is_queued_together_shares_one_commit(writer: Writer):
    gate, before = Gate(writer), writer.commits
    futures = [writer.offer(lambda tx, at=at: insert_run(tx, a_run(key=str(at)))) for at in range(50)]
    gate.open()
    for each in futures:
        each.result(5)
    assert writer.commits - before == 2, "the one that held the door, and one for all"


def test_a_failing_unit_is_rolled_back_alone(writer: Writer, reader):
    gate = Gate(writer)
    good = a_run()

    def bad(tx) -> None:
        insert_run(tx, a_run(id="half"))
        raise ZeroDivisionError

    futures = [writer.offer(bad), writer.offer(lambda tx: insert_run(tx, good))]
    gate.open()
    with pytest.raises(ZeroDivisionError):
        futures[0].result(5)
    futures[1].result(5)
    assert reader.now(lambda tx: run_row(tx, good.id))
    assert reader.now(lambda tx: run_row(tx, "half")) is None


def test_the_alarm_hits_only_the_batch_that_rang_it(writer: Writer, reader):
    first, second = started(writer), started(writer)
    gate = Gate(writer)
    good = Told(second, a_record(second, 1))
    bad = Told(first, a_record(first, 1, step="twice"), a_record(first, 2, step="twice"))
    later = Told(second, a_record(second, 2))
    for each in (good, bad, later):
        writer.submit(each.batch)
    operation = writer.offer(lambda tx: insert_run(tx, a_run(id="beside")))
    gate.open()
    assert (good.wait(), later.wait()) == (None, None)
    assert isinstance(bad.wait(), LogConflict)
    operation.result(5)
    assert reader.now(lambda tx: read_records(tx, first)) == []
    assert len(reader.now(lambda tx: read_records(tx, second))) == 2
    assert reader.now(lambda tx: run_row(tx, "beside"))


def test_what_fails_beside_the_records_takes_them_back_too(writer: Writer, reader):
    run = started(writer)

    def also(tx):
        insert_run(tx, a_run(id="also"))
        raise ZeroDivisionError

    bad = Told(run, a_record(run, 1), also=[also])
    writer.submit(bad.batch)
    assert isinstance(bad.wait(), ZeroDivisionError)
    assert reader.now(lambda tx: read_records(tx, run)) == []
    assert reader.now(lambda tx: run_row(tx, "also")) is None


def test_behind_a_lost_batch_no_later_one_is_written(writer: Writer, reader, monkeypatch: pytest.MonkeyPatch):
    run, line = started(writer), Line()
    broken = threading.Event()
    broken.set()
    real = Writer._commit

    def commit(self, connection, units):
        if broken.is_set() and any(isinstance(each, Batch) for each in units):
            broken.clear()
            raise exc.OperationalError("INSERT", (), sqlite3.OperationalError("database or disk is full"))
        return real(self, connection, units)

    monkeypatch.setattr(Writer, "_commit", commit)
    first = Told(run, a_record(run, 1), line=line)
    writer.submit(first.batch)
    assert isinstance(first.wait(), StorageUnavailable)
    second = Told(run, a_record(run, 2), line=line)  # was on its way already
    writer.submit(second.batch)
    assert second.wait() is not None
    assert reader.now(lambda tx: read_records(tx, run)) == []


@on_sqlite
def test_a_full_disk_is_told_to_callers_and_work_goes_on_when_there_is_space(writer: Writer, database: Engine):
    def limit(pages: int):
        return lambda tx: tx.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar_one()

    assert writer.offer(limit(1)).result(5) > 1, "no smaller than what is there"

    def fill(tx) -> None:
        tx.exec_driver_sql("INSERT INTO blob (digest, body) VALUES ('d', ?)", (b"x" * 10_000_000,))

    with pytest.raises(StorageUnavailable, match="full"):
        writer.offer(fill).result(5)
    assert not writer.healthy
    writer.offer(limit(2**30)).result(5)
    writer.offer(probe).result(5)
    assert writer.healthy
    writer.offer(fill).result(5)


def test_an_owner_that_is_gone_does_not_hurt_the_others(writer: Writer):
    class Gone:
        size = 1
        run = "run_gone"

        def apply(self, tx) -> None: ...

        def settle(self, error) -> None:
            raise RuntimeError("its loop is closed")

    gate = Gate(writer)
    writer.submit(Gone())
    after = writer.offer(lambda tx: insert_run(tx, a_run()))
    gate.open()
    after.result(5)
    assert writer.healthy


def test_too_much_waiting_refuses_operations(writer: Writer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_UNITS", 3)
    gate = Gate(writer)
    futures = [writer.offer(nothing) for _ in range(4)]
    assert writer.full
    with pytest.raises(TooBusy):
        writer.offer(nothing)
    gate.open()
    for each in futures:
        each.result(5)


def test_after_it_is_closed_callers_are_told_at_once(database: Engine):
    writer = Writer(database)
    writer.start()
    writer.close()
    with pytest.raises(StorageUnavailable):
        writer.offer(nothing).result(1)


def test_an_operation_sees_the_records_queued_before_it(writer: Writer, reader):
    run = started(writer)
    gate = Gate(writer)
    batch = Told(run, a_record(run, 1), a_record(run, 2))
    writer.submit(batch.batch)
    stopping = writer.offer(lambda tx: cancel(tx, run, now=2.0))
    gate.open()
    stopping.result(5)
    row = reader.now(lambda tx: run_row(tx, run))
    assert (row.last_seq, row.last_hash) == (2, "h2")


def test_a_claim_fences_what_is_queued_behind_it(writer: Writer, reader):
    run = started(writer)
    gate = Gate(writer)
    taking = writer.offer(lambda tx: claim(tx, run, attempt=1, process="other", now=2.0))
    late = Told(run, a_record(run, 1))
    writer.submit(late.batch)
    gate.open()
    taken = taking.result(5)
    assert taken
    assert taken.attempt == 2
    assert type(late.wait()).__name__ == "Fenced"
    assert reader.now(lambda tx: read_records(tx, run)) == []


@pytest.mark.slow
@on_sqlite
def test_a_file_locked_for_too_long_is_told_and_one_locked_for_less_is_waited_for(writer: Writer, database: Engine):
    writer.offer(lambda tx: tx.exec_driver_sql("PRAGMA busy_timeout=1000").close()).result(5)
    with database.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        waiting = [writer.offer(lambda tx: insert_run(tx, a_run())) for _ in range(3)]
        for each in waiting:
            with pytest.raises(StorageUnavailable, match="locked"):
                each.result(10)
        assert not writer.healthy
        late = writer.offer(lambda tx: insert_run(tx, a_run(id="late")))  # a new connection, which waits its 10 s
        other.exec_driver_sql("COMMIT")
    late.result(10)
    assert writer.healthy
    with database.connect() as tx:
        assert tx.exec_driver_sql("SELECT id FROM run").scalars().all() == ["late"], "nothing that was refused"
