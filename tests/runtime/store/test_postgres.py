"""A real Postgres is stopped, restarted, full or busy: what was accepted is there, and it is told what is wrong."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from runtime.assembly import assemble
from runtime.errors import StorageUnavailable
from runtime.operations import runs
from runtime.operations.people import local_owner
from runtime.operations.trying import adopt_file
from runtime.settings import Settings
from runtime.store.audit import list_audit, verify_audit, write_audit
from runtime.store.database import Reader, create_tables, execute, open_engine, probe
from runtime.store.files import NewFile, insert_file, let_go, lock_body
from runtime.store.log import Batch, Record
from runtime.store.postgres import in_postgres
from runtime.store.runs import cancel, claim, insert_run, run_row
from runtime.store.writer import Writer
from tests.bench.workload import flow
from tests.runtime.store.test_writer import a_record, a_run
from tests.support.postgres import Server, new_database

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("SELECT ?, ?", "SELECT $1, $2"),
        ("SELECT ?2, ?1, ?2", "SELECT $2, $1, $2"),
        ("SELECT '?', \"a?\", ? || ' LIKE ?'", "SELECT '?', \"a?\", $1 || ' LIKE ?'"),
        (
            "SELECT 1 WHERE a LIKE ? ESCAPE '\\' AND b = 'it''s?'",
            "SELECT 1 WHERE a ILIKE $1 ESCAPE '\\' AND b = 'it''s?'",
        ),
        ("SELECT group_concat(name, ',')", "SELECT string_agg(name, ',')"),
    ],
)
def test_what_the_store_says_is_said_as_postgres_takes_it(said, understood):
    assert in_postgres(said) == understood


@pytest.fixture(scope="module")
def own() -> Iterator[Server]:
    """A server that may be ended."""
    made = Server()
    yield made
    made.remove()


@pytest.fixture
def url(own: Server) -> str:
    made = own.database()
    create_tables(open_engine(made))
    return made


class Starting:
    """Threads that start runs, with a record each, and note what was accepted and what was said otherwise."""

    def __init__(self, writer: Writer) -> None:
        self.accepted: list[str] = []
        self.written: list[str] = []
        self.said: set[str] = set()
        self._writer, self._stopping = writer, False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(4)]
        for each in self._threads:
            each.start()

    def _work(self) -> None:
        while not self._stopping:
            new = a_run()
            try:
                self._writer.offer(lambda tx, new=new: self._start(tx, new)).result(30)
                self.accepted.append(new.id)
                if self._record(a_record(new.id, 1)):
                    self.written.append(new.id)
            except StorageUnavailable as error:
                self.said.add(f"{error.sentence} {error.hint}")
                time.sleep(0.01)

    @staticmethod
    def _start(tx, new) -> None:
        insert_run(tx, new)
        write_audit(tx, at=1.0, person="p", action="run.start", thing=new.id, outcome="done")

    def _record(self, record: Record) -> bool:
        heard, errors = threading.Event(), []

        def settled(_batch, error) -> None:
            errors.append(error)
            heard.set()

        self._writer.submit(Batch(record.run, 1, [record], (), (), settled))
        assert heard.wait(30)
        if isinstance(errors[0], StorageUnavailable):
            raise errors[0]
        return errors[0] is None

    def stop(self) -> None:
        self._stopping = True
        for each in self._threads:
            each.join(30)
            assert not each.is_alive()

    def until(self, more: int) -> None:
        """Until so many more were accepted."""
        wanted, end = len(self.accepted) + more, time.monotonic() + 30
        while len(self.accepted) < wanted:
            assert time.monotonic() < end, "nothing is accepted any more"
            time.sleep(0.01)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restarted", "as if the power had gone"])
def test_restarted_under_load_it_has_all_that_was_accepted(own: Server, url: str, how: signal.Signals):
    writer = Writer(open_engine(url))
    writer.start()
    load = Starting(writer)
    for _ in range(3):
        load.until(100)
        own.stop(how)
        end = time.monotonic() + 10
        while writer.healthy and time.monotonic() < end:
            time.sleep(0.005)
        assert not writer.healthy, "/health tells"
        own.start()
        load.until(100)
    load.stop()
    assert writer.healthy
    writer.close()
    assert any("Postgres does not answer" in each and "work goes on by itself" in each for each in load.said)
    reader = Reader(open_engine(url))
    there = set(reader.now(lambda tx: tx.exec_driver_sql("SELECT id FROM run").scalars().all()))
    logged = set(reader.now(lambda tx: tx.exec_driver_sql("SELECT run FROM record").scalars().all()))
    assert set(load.accepted) <= there
    assert set(load.written) <= logged
    assert reader.now(verify_audit).broken is None


def test_connections_that_are_killed_lose_nothing(own: Server, url: str):
    writer = Writer(open_engine(url))
    writer.start()
    load = Starting(writer)
    for _ in range(10):
        load.until(20)
        own.say("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'greenlane'")
    load.stop()
    writer.close()
    reader = Reader(open_engine(url))
    there = set(reader.now(lambda tx: tx.exec_driver_sql("SELECT id FROM run").scalars().all()))
    assert set(load.accepted) <= there
    assert reader.now(verify_audit).broken is None


def test_a_connection_lost_while_nothing_happens_is_noticed_by_nobody(own: Server, url: str):
    writer, reader = Writer(open_engine(url)), Reader(open_engine(url))
    writer.start()
    for _ in range(2):
        writer.offer(probe).result(10)
        assert reader.now(list_audit) == []
        own.say("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'greenlane'")
    writer.offer(probe).result(10)
    assert reader.now(list_audit) == []
    assert writer.healthy
    writer.close()


async def test_whether_it_answers_is_known_before_anybody_writes(own: Server, url: str):
    reader = Reader(open_engine(url))
    assert await reader.answers()
    own.stop()
    assert not await reader.answers()
    own.start()
    assert await reader.answers()


async def test_runs_go_on_from_their_log_after_a_restart(own: Server, url: str, tmp_path: Path):
    runtime = assemble(Settings(data=tmp_path, demo_model=False, database_url=url))
    try:
        _, name = await adopt_file(runtime, flow(30))
        owner = await local_owner(runtime)

        async def insist(number: int) -> str:
            while True:
                try:
                    started = await runs.start_run(
                        runtime, owner, workflow=name, inputs={"text": "a"}, key=str(number), queued=number % 2 == 0
                    )
                except StorageUnavailable:
                    await asyncio.sleep(0.02)
                else:
                    return started.run

        async def restarts() -> None:
            for _ in range(2):
                await asyncio.sleep(0.1)
                await asyncio.to_thread(own.restart)

        *started, _ = await asyncio.gather(*(insist(number) for number in range(200)), restarts())
        assert len(set(started)) == 200, "one key is one run"

        def states() -> set[str]:
            return set(runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT status FROM run").scalars().all()))

        end = time.monotonic() + 60
        while states() != {"succeeded"}:
            assert time.monotonic() < end, states()
            await asyncio.sleep(0.05)
        assert runtime.reader.now(verify_audit).broken is None
    finally:
        runtime.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a disk")
def test_a_full_disk_is_told_and_what_was_accepted_is_there():
    server = Server(disk_mb=120)
    try:
        url = server.database()
        create_tables(open_engine(url))
        writer, reader = Writer(open_engine(url)), Reader(open_engine(url))
        writer.start()
        new = a_run()
        writer.offer(lambda tx: insert_run(tx, new)).result(10)
        ballast = server.disk / "ballast"
        ballast.write_bytes(bytes(50_000_000))

        def fill(tx, megabytes: int = 60) -> None:
            body = os.urandom(1_000_000)
            for number in range(megabytes):
                execute(tx, "INSERT INTO blob (digest, body) VALUES (?, ?)", (f"d{number}", body))

        with pytest.raises(StorageUnavailable, match="No space left on device"):
            writer.offer(fill).result(60)
        assert not writer.healthy
        assert reader.now(lambda tx: run_row(tx, new.id)), "reading goes on"
        ballast.unlink()
        writer.offer(probe).result(30)
        assert writer.healthy
        writer.offer(lambda tx: fill(tx, 20)).result(60)
        assert reader.now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM blob").scalar_one()) == 20
        writer.close()
    finally:
        server.remove()


@pytest.fixture
def two() -> Iterator[tuple[Writer, Writer, Reader]]:
    """The writers of two processes on one database."""
    address = new_database()
    writers = Writer(open_engine(address)), Writer(open_engine(address))
    for each in writers:
        each.start()
    yield *writers, Reader(open_engine(address))
    for each in writers:
        each.close()


def test_two_processes_write_one_audit_chain(two):
    one, other, reader = two
    row = {"at": 1.0, "person": "p", "action": "a", "thing": "t", "outcome": "done"}
    told = [each.offer(lambda tx: write_audit(tx, **row)) for _ in range(200) for each in (one, other)]
    for each in told:
        each.result(30)
    found = reader.now(verify_audit)
    assert (found.rows, found.broken) == (400, None)


def test_of_the_claims_of_two_processes_one_wins(two):
    one, other, reader = two
    new = [a_run(id=f"run_{number}", process="") for number in range(50)]
    one.offer(lambda tx: [insert_run(tx, each) for each in new]).result(10)
    told = [
        (each.offer(lambda tx, run=run.id, by=by: claim(tx, run, attempt=0, process=by, now=1.0)))
        for run in new
        for each, by in ((one, "one"), (other, "other"))
    ]
    taken = [each.result(30) for each in told]
    assert sum(each is not None for each in taken) == 50
    assert reader.now(lambda tx: {row[0] for row in tx.exec_driver_sql("SELECT attempt FROM run")}) == {1}


def test_bytes_are_not_let_go_while_a_file_that_needs_them_is_on_its_way():
    """Below the writer, which has its own lock: the row of the bytes alone decides between two transactions."""
    address = new_database()
    bring, clean = open_engine(address).connect(), open_engine(address).connect()
    file = NewFile("file_1", "ada", None, "a.txt", "text/plain", 3, "d", 1.0, 1.0)
    execute(bring, "BEGIN")
    lock_body(bring, "d", 3, 1.0)
    execute(bring, "COMMIT")
    execute(bring, "BEGIN")
    lock_body(bring, "d", 3, 1.0)
    execute(clean, "BEGIN")
    gone: Future[bool] = ThreadPoolExecutor(1).submit(let_go, clean, "d")
    with pytest.raises(TimeoutError):
        gone.result(0.5)
    insert_file(bring, file)
    execute(bring, "COMMIT")
    assert not gone.result(10), "bytes went that a file has"
    execute(clean, "COMMIT")


def test_what_is_checked_and_then_written_is_one_thing_among_processes(two):
    one, other, reader = two

    def count_up(tx) -> None:
        before = tx.exec_driver_sql("SELECT coalesce(max(id), 0) FROM sign_in_try").scalar_one()
        tx.exec_driver_sql("INSERT INTO sign_in_try (id, subject, at) VALUES (?, 's', 1.0)", (before + 1,))

    for each in [each.offer(count_up) for _ in range(50) for each in (one, other)]:
        each.result(30)
    assert reader.now(lambda tx: tx.exec_driver_sql("SELECT max(id) FROM sign_in_try").scalar_one()) == 100


def test_a_run_that_was_taken_away_is_written_no_more_by_whoever_had_it(two):
    one, other, reader = two
    runs_ = [a_run() for _ in range(30)]
    one.offer(lambda tx: [insert_run(tx, each) for each in runs_]).result(10)
    heard: dict[str, BaseException | None] = {}
    last = threading.Event()

    def settled(batch: Batch, error: BaseException | None) -> None:
        heard[batch.run] = error
        if len(heard) == len(runs_):
            last.set()

    stopped = [other.offer(lambda tx, run=each.id: cancel(tx, run, now=2.0)) for each in reversed(runs_)]
    for each in runs_:
        one.submit(Batch(each.id, 1, [a_record(each.id, 1)], (), (), settled))
    for each in stopped:
        each.result(30)
    assert last.wait(30)
    for each in runs_:
        row = reader.now(lambda tx, run=each.id: run_row(tx, run))
        assert (row.status, row.last_seq) == ("cancelled", 0 if heard[each.id] else 1)


def test_transactions_that_wait_for_one_another_are_tried_again(two):
    one, other, reader = two
    one.offer(lambda tx: [insert_run(tx, a_run(id=each)) for each in ("run_a", "run_b")]).result(10)
    met = threading.Barrier(2)

    def both(tx, order: tuple[str, str], again: list[int]) -> None:
        again.append(1)
        for each in order:
            execute(tx, "UPDATE run SET tokens_in = tokens_in + 1 WHERE id = ?", (each,))
            if len(again) == 1 and each == order[0]:
                met.wait(5)

    # a batch takes no turn among operations, so the two can meet
    heard, tries = threading.Event(), ([], [])
    batch = Batch("run_c", 1, [], (), [lambda tx: both(tx, ("run_a", "run_b"), tries[0])], lambda *_: heard.set())
    one.offer(lambda tx: insert_run(tx, a_run(id="run_c"))).result(10)
    one.submit(batch)
    other.offer(lambda tx: both(tx, ("run_b", "run_a"), tries[1])).result(30)
    assert heard.wait(30)
    assert sum(map(len, tries)) >= 3, "one of them at least once more"
    assert reader.now(lambda tx: run_row(tx, "run_a")).tokens_in == 2


def test_an_address_at_which_nobody_answers_is_told_in_words():
    with pytest.raises(StorageUnavailable, match="refused"):
        create_tables(open_engine("postgresql://somebody:secret@127.0.0.1:1/nothing"))
