import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from runtime.errors import StorageUnavailable
from runtime.store.audit import list_audit, write_audit
from runtime.store.database import SCHEMA, Reader, create_tables, execute, layout, open_engine
from runtime.store.dialects import note_layout, read_layout
from tests.support.database import ON_POSTGRES, on_sqlite
from tests.support.postgres import server


@on_sqlite
def test_it_is_opened_with_full_fsync_and_a_write_ahead_log(database: Engine):
    with database.connect() as tx:
        found = [tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]


def test_nobody_else_reads_a_file_wherever_it_lies(tmp_path):
    tmp_path.chmod(0o755)
    database = open_engine(tmp_path / "greenlane.db")
    create_tables(database)
    with database.connect() as tx:
        tx.exec_driver_sql("SELECT 1")
        modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("greenlane.db", "greenlane.db-shm", "greenlane.db-wal"), 0o600)


@pytest.mark.parametrize(("number", "words"), [(999, "newer"), (3, "trial version")])
def test_a_file_of_a_newer_layout_or_of_a_trial_is_refused(database: Engine, number: int, words: str):
    with database.connect() as tx:
        for statement in note_layout(tx, number):
            execute(tx, statement)
    with pytest.raises(StorageUnavailable, match=words):
        create_tables(database)


LAYOUT = "5179ed994e001097"
"""digest of the statements of layout `SCHEMA`"""


def test_another_layout_has_another_number():
    text = "\n".join(sorted(" ".join(statement.split()) for statement in layout()))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == LAYOUT, (
        "a table changed: raise SCHEMA, say what becomes of older files, and write the new digest here"
    )


@on_sqlite
def test_a_file_of_this_layout_is_not_written_to(database: Engine, tmp_path):
    kept = (tmp_path / "greenlane.db").read_bytes()
    create_tables(database)
    assert (tmp_path / "greenlane.db").read_bytes() == kept
    assert not (tmp_path / "greenlane.db-wal").exists()


def test_two_processes_that_come_first_make_one_layout(tmp_path):
    place = server().database() if ON_POSTGRES else tmp_path / "new.db"
    engines = [open_engine(place) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create_tables, engines))
    with engines[0].connect() as tx:
        assert read_layout(tx) == SCHEMA
        assert [tx.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in SQLModel.metadata.tables]  # noqa: S608


async def test_a_question_sees_one_moment(database: Engine, writer):
    reader = Reader(database)

    def twice(tx) -> tuple[int, int]:
        before = tx.exec_driver_sql("SELECT count(*) FROM audit").scalar_one()
        row = {"at": 1.0, "person": "p", "action": "a", "thing": "t", "outcome": "done"}
        writer.offer(lambda other: write_audit(other, **row)).result(5)
        return before, tx.exec_driver_sql("SELECT count(*) FROM audit").scalar_one()

    assert await reader.ask(twice) == (0, 0)
    assert len(await reader.ask(list_audit)) == 1
    assert len(await reader.ask(lambda tx: list_audit(tx, thing="other"))) == 0


def test_a_database_that_cannot_be_read_is_told_in_words(tmp_path):
    (tmp_path / "greenlane.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StorageUnavailable):
        Reader(open_engine(tmp_path / "greenlane.db")).now(list_audit)
