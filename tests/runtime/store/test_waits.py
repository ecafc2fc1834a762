import json

import pytest

from runtime.store import waits
from runtime.store.database import Reader
from runtime.store.people import insert_person
from runtime.store.runs import NewRun, cancel, insert_run
from runtime.store.transaction import Tx
from runtime.store.waits import NewWait
from runtime.store.writer import Writer


def open_one(tx: Tx, deadline: float | None = 100.0) -> None:
    """A run of Ben's that waits for Ada and for Procurement, where Ben is too."""
    for name in ("ada", "ben", "cleo"):
        insert_person(tx, person=name, name=name.title(), roles={"member"}, now=1.0)
    tx.exec_driver_sql(
        "INSERT INTO people_group (id, name, description, created) VALUES ('group_1', 'Procurement', '', 1.0)"
    )
    for name in ("ben", "cleo"):
        tx.exec_driver_sql("INSERT INTO group_member (group_id, person) VALUES ('group_1', ?)", (name,))
    new = NewRun(
        id="run_1", workflow="w", name="w", title="W", person="ben", via="browser", key=None, hash="", words="",
        catalogue="", inputs=b"{}", created=1.0, process="p",
    )  # fmt: skip
    insert_run(tx, new)
    asked = json.dumps({"title": "Buy it?", "text": "", "choices": []})
    waits.open_wait(
        tx,
        NewWait(
            "wait_1", "run_1", 1, "ask", "", "approve", asked, "Buy it?", 10.0, deadline, ["ada", "group_1"], "ben"
        ),
    )


def row(tx: Tx, what: str) -> tuple:
    return tuple(tx.exec_driver_sql(f"SELECT {what}").one())


@pytest.fixture
def asked(writer: Writer) -> Writer:
    writer.offer(open_one).result(5)
    return writer


def answer(tx: Tx, choice: str = "yes", now: float = 20.0) -> str | None:
    return waits.answer_wait(tx, "wait_1", choice=choice, comment="", by="ada", now=now)


def test_everybody_asked_finds_it_but_the_starter_and_strangers_do_not(asked: Writer, reader: Reader):
    found = {who: reader.now(lambda tx, who=who: waits.count_waits(tx, who)) for who in ("ada", "ben", "cleo", "eve")}
    assert found == {"ada": 1, "ben": 0, "cleo": 1, "eve": 0}
    assert reader.now(lambda tx: waits.wait_row(tx, "wait_1", "ben")) is None


def test_the_first_answer_counts_and_settles_the_news_of_all(asked: Writer, reader: Reader):
    assert asked.offer(answer).result(5) == "run_1"
    assert asked.offer(lambda tx: answer(tx, "no")).result(5) is None
    assert reader.now(lambda tx: row(tx, "status, answer, logged FROM wait")) == ("answered", "yes", 0)
    assert reader.now(lambda tx: row(tx, "count(*), count(seen) FROM notification")) == (2, 2)


@pytest.mark.parametrize(("now", "won"), [(99.9, "run_1"), (100.0, None)])
def test_at_the_deadline_only_the_deadline_answers(asked: Writer, now: float, won: str | None):
    assert asked.offer(lambda tx: answer(tx, now=now)).result(5) == won


def test_due_are_open_ones_whose_time_has_come(asked: Writer, reader: Reader):
    assert reader.now(lambda tx: waits.due_waits(tx, 99.0)) == []
    assert reader.now(lambda tx: waits.due_waits(tx, 100.0)) == ["wait_1"]
    assert asked.offer(lambda tx: waits.time_out(tx, ["wait_1"], 101.0)).result(5) == ["run_1"]
    assert reader.now(lambda tx: waits.due_waits(tx, 200.0)) == []


def test_an_answered_run_is_not_laid_aside_and_a_waiting_one_becomes_due_by_an_answer(asked: Writer, reader: Reader):
    def parked(tx: Tx) -> list[str]:
        return [each.choice for each in waits.park(tx, "run_1", 1, 3, 4, 0.5)]

    assert asked.offer(parked).result(5) == []
    laid_aside = reader.now(lambda tx: row(tx, "status, process, tokens_in, cost FROM run"))
    assert laid_aside == ("waiting", "", 3, 0.5)
    asked.offer(answer).result(5)
    assert reader.now(lambda tx: row(tx, "status, due_at FROM run")) == ("queued", 20.0)
    asked.offer(lambda tx: tx.exec_driver_sql("UPDATE run SET status = 'running'")).result(5)
    assert asked.offer(parked).result(5) == ["yes"]
    assert reader.now(lambda tx: row(tx, "status FROM run")) == ("running",)


def test_a_stopped_run_asks_nobody(asked: Writer, reader: Reader):
    asked.offer(lambda tx: cancel(tx, "run_1", now=30.0)).result(5)
    assert asked.offer(answer).result(5) is None
    assert reader.now(lambda tx: row(tx, "status FROM wait")) == ("closed",)
