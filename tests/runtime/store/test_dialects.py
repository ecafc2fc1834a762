"""What differs between SQLite and Postgres stands in one place, and comes to the same."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.store import knowledge as rows
from runtime.store.database import create_tables, open_engine
from runtime.store.dialects import database_clock, first_text_of, text_of
from tests.support.postgres import new_database

OWN_WORDS = re.compile(
    r"INSERT OR |\browid\b|PRAGMA|\bjson_(?!typeof)\w+\(|COLLATE|sqlite_master|\bMATCH \?|julianday|GLOB"
)
HOME = ("dialects.py", "postgres.py", "database.py", "knowledge.py")


def test_words_of_one_database_alone_stand_in_one_place():
    found = {
        f"{path}: {word}"
        for folder in ("runtime/store", "runtime/operations")
        for path in Path(folder).rglob("*.py")
        if not (path.name in HOME and (path.parent.name == "tables" or path.name != "knowledge.py"))
        for word in OWN_WORDS.findall(path.read_text())
    }
    assert not found, "say it so that both understand it, or in runtime/store/dialects.py"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    engine = open_engine(new_database() if request.param == "postgres" else tmp_path / "either.db")
    create_tables(engine)
    return engine


PASSAGES = {
    "leave": ("Leave", "Everybody has thirty days of leave a year. Leave is asked for in the portal."),
    "parental": ("Parental leave", "Parents may stay at home for three years."),
    "travel": ("Travel", "Travel is booked by the office; rule HR-12 says what is paid."),
    "hotel": ("Hotels", "A hotel costs at most 120 euros. HR and 12 other departments agreed."),
    "cafe": ("Canteen", "Das Café im Erdgeschoss hat für alle geöffnet. It is not about leave."),
}


@pytest.fixture
def filled(either: Engine) -> Engine:
    with either.connect() as tx:
        for statement in (
            "INSERT INTO person (id, name, created) VALUES ('p', 'Ada', 1.0)",
            "INSERT INTO knowledge_base (id, name, title, purpose, data_class, owner, model, tokens, overlap, created,"
            " updated) VALUES ('b', 'b', 'B', '', 'internal', 'p', 'm', 180, 20, 1.0, 1.0)",
        ):
            tx.exec_driver_sql(statement)
        rows.insert_document(
            tx, document="d", base="b", name="d.txt", media="text", body=b"x", blob="x", run="r", person="p", now=1.0
        )
        passages = [
            rows.NewPassage(key, "d", "b", number, 1, 0, 1, heading, text, bytes(range(256)) * 6)
            for number, (key, (heading, text)) in enumerate(PASSAGES.items(), 1)
        ]
        assert rows.insert_passages(tx, "d", passages)
        assert rows.insert_passages(tx, "d", passages), "once more is nothing new"
        rows.finish_document(tx, "d")
    return either


@pytest.mark.parametrize(
    ("question", "best", "others"),
    [
        ("parental leave", "parental", {"leave", "cafe"}),
        ("LEAVE", "parental", {"leave", "cafe"}),
        ("What does HR-12 say?", "travel", set()),
        ("cafe geoffnet", "cafe", set()),
        ("Erdgeschoß café", "cafe", set()),
        ("nothing of this", None, set()),
    ],
)
def test_a_search_by_words_finds_the_same(filled: Engine, question: str, best: str | None, others: set[str]):
    with filled.connect() as tx:
        found = rows.by_words(tx, question, ["b"], 10)
        assert rows.by_words(tx, question, ["other"], 10) == {}
    assert set(found) == ({best} if best else set()) | others
    assert all(weight > 0 for weight in found.values())
    if question != "LEAVE":
        assert next(iter(found), None) == best


def test_what_is_removed_is_found_no_more(filled: Engine):
    with filled.connect() as tx:
        rows.mark_indexed(tx, ["leave"])
        assert rows.indexed_ids(tx) == {"leave"}
        assert rows.vectors_of(tx, ["leave"]) == {"leave": bytes(range(256)) * 6}
        rows.remove_document(tx, "d")
        assert rows.by_words(tx, "leave", ["b"], 10) == {}
        assert tx.exec_driver_sql("SELECT count(*) FROM passage_words").scalar_one() == 0


@pytest.mark.parametrize(
    ("inputs", "first"),
    [
        (b'{"number": 1, "text": "Hello", "other": "x"}', "Hello"),
        (b'{"empty": " ", "text": "\xc3\xa4"}', "ä"),
        (b'{"number": 1}', None),
    ],
)
def test_the_first_text_of_json_is_read_where_it_lies(either: Engine, inputs: bytes, first: str | None):
    with either.connect() as tx:
        tx.exec_driver_sql("INSERT INTO blob (digest, body) VALUES ('d', ?)", (inputs,))
        row = tx.exec_driver_sql(f"SELECT {first_text_of(tx, 'body')}, {text_of(tx, 'body')} FROM blob").one()  # noqa: S608
    assert tuple(row) == (first, inputs.decode())


def test_like_knows_no_case_and_text_without_a_place_everywhere_is_kept_without_it(either: Engine):
    with either.connect() as tx:
        tx.exec_driver_sql("INSERT INTO person (id, name, created) VALUES ('p', ?, 1.0)", ("Ada\0Byron",))
        assert tx.exec_driver_sql("SELECT 1 FROM person WHERE name LIKE 'aDA%'").scalar_one() == 1
        assert tx.exec_driver_sql(f"SELECT {database_clock(tx)}").scalar_one() > 1.7e9
        sums = tx.exec_driver_sql("SELECT sum(id), avg(id) FROM (SELECT 1 AS id UNION ALL SELECT 2) AS two").one()
    assert tuple(map(type, sums)) == (int, float)
