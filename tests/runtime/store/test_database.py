import pytest
from sqlalchemy import Engine

from runtime.errors import StorageUnavailable
from runtime.store.audit import list_audit, write_audit
from runtime.store.database import Reader, create_tables, open_engine


def test_it_is_opened_with_full_fsync_and_a_write_ahead_log(database: Engine):
    with database.connect() as tx:
        found = [tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]


@pytest.mark.parametrize(("layout", "words"), [(999, "newer"), (1, "trial version")])
def test_a_file_of_a_newer_layout_or_of_a_trial_is_refused(database: Engine, layout: int, words: str):
    with database.connect() as tx:
        tx.exec_driver_sql(f"PRAGMA user_version={layout}")
    with pytest.raises(StorageUnavailable, match=words):
        create_tables(database)


def layout(engine: Engine) -> set[str]:
    with engine.connect() as tx:
        found = tx.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").scalars()
        return {" ".join(statement.split()) for statement in found}


def test_tables_are_created_once_and_what_is_missing_is_added_as_it_was(database: Engine):
    whole = layout(database)
    create_tables(database)
    assert layout(database) == whole
    with database.connect() as tx:
        for table in ("run", "passage"):
            tx.exec_driver_sql(f"DROP TABLE {table}")
        tx.exec_driver_sql("DROP TABLE passage_words")
    assert layout(database) != whole
    create_tables(database)
    assert layout(database) == whole


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
