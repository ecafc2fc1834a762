"""The chain: every edit, deletion, insertion and exchange of rows is found, at the first row that does not fit."""

import threading
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.store.audit import FIRST, link, list_audit, search_audit, verify_audit, write_audit
from runtime.store.database import Reader
from runtime.store.writer import Writer

COLUMNS = ("at", "person", "action", "thing", "outcome", "reason", "detail", "hash")
CHANGE = {name: f"UPDATE audit SET {name} = ? WHERE id = ?" for name in COLUMNS}  # noqa: S608 - our own names
ROWS = 12
few = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def fill(writer: Writer, rows: int = ROWS) -> None:
    def work(tx) -> None:
        tx.exec_driver_sql("DELETE FROM audit")
        for at in range(rows):
            write_audit(
                tx, at=1000.0 + at, person=f"person_{at % 3}", action="workflow.edit", thing=f"workflow_{at % 5}",
                outcome="done" if at % 2 else "refused", reason=f"reason {at}",
            )  # fmt: skip

    writer.offer(work).result(10)


def tamper(writer: Writer, *statements: tuple[str, tuple]) -> None:
    writer.offer(lambda tx: [tx.exec_driver_sql(sql, values) for sql, values in statements]).result(10)


def test_a_chain_that_nobody_touched_is_whole(writer: Writer, reader: Reader):
    assert reader.now(verify_audit).head == FIRST
    fill(writer)
    found = reader.now(verify_audit)
    assert (found.rows, found.broken) == (ROWS, None)


def test_units_that_share_a_commit_are_one_chain_though_some_are_taken_back(writer: Writer, reader: Reader):
    begun, before = threading.Event(), writer.commits

    def work(tx, at: int) -> None:
        for part in ("first", "second"):
            write_audit(tx, at=float(at), person="p", action="workflow.edit", thing=part, outcome="done")
        if at % 2:
            raise ValueError

    first = writer.offer(lambda _: begun.wait(10))
    ends = [writer.offer(partial(work, at=at)) for at in range(7)]
    begun.set()
    assert [end.exception(10) is None for end in (first, *ends)] == [True, *(at % 2 == 0 for at in range(7))]
    assert writer.commits - before <= 2, "most of them share one"
    found = reader.now(verify_audit)
    assert (found.rows, found.broken) == (8, None)
    fill(writer)
    assert reader.now(verify_audit).broken is None


def test_whatever_one_unit_says_is_no_trouble_for_those_that_share_its_commit(writer: Writer, reader: Reader):
    begun = threading.Event()
    first = writer.offer(lambda _: begun.wait(10))
    said = [partial(write_audit, at=1.0, person="p", action="app.stop", thing=each, outcome="done", reason=each)
            for each in ("half \ud800", "none \0", "grün")]  # fmt: skip
    ends = [writer.offer(each) for each in said]
    begun.set()
    assert [end.exception(10) for end in (first, *ends)] == [None] * 4
    assert reader.now(verify_audit).rows == 3
    assert [row.thing for row in reversed(reader.now(list_audit))] == ["half ?", "none \ufffd", "grün"]


@few
@given(row=st.integers(1, ROWS), column=st.sampled_from(COLUMNS), value=st.text(max_size=8))
def test_an_edit_is_found_at_the_row(writer: Writer, reader: Reader, row: int, column: str, value: str):
    fill(writer)
    given = len(value) + 0.5 if column == "at" else f"{value}+"
    tamper(writer, (CHANGE[column], (given, row)))
    assert reader.now(verify_audit).broken == row


@few
@given(row=st.integers(1, ROWS - 1))
def test_a_deletion_is_found_where_the_gap_is(writer: Writer, reader: Reader, row: int):
    fill(writer)
    tamper(writer, ("DELETE FROM audit WHERE id = ?", (row,)))
    assert reader.now(verify_audit).broken == row + 1


@few
@given(row=st.integers(1, ROWS - 1))
def test_a_deletion_is_found_though_the_ids_were_closed_up(writer: Writer, reader: Reader, row: int):
    fill(writer)
    steps = [("UPDATE audit SET id = ? WHERE id = ?", (each - 1, each)) for each in range(row + 1, ROWS + 1)]
    tamper(writer, ("DELETE FROM audit WHERE id = ?", (row,)), *steps)
    assert reader.now(verify_audit).broken == row


@few
@given(pair=st.lists(st.integers(1, ROWS), min_size=2, max_size=2, unique=True))
def test_two_rows_that_changed_places_are_found(writer: Writer, reader: Reader, pair: list[int]):
    fill(writer)
    one, two = sorted(pair)
    swap = [((-1), one), (one, two), (two, -1)]
    tamper(writer, *(("UPDATE audit SET id = ? WHERE id = ?", step) for step in swap))
    assert reader.now(verify_audit).broken == one


@few
@given(row=st.integers(-5, ROWS), forged=st.booleans())
def test_an_inserted_row_is_found_even_with_a_hash_that_fits_the_row_before(
    writer: Writer, reader: Reader, row: int, forged: bool
):
    fill(writer)
    place = max(row, 1)
    move = [("UPDATE audit SET id = ? WHERE id = ?", (each + 1, each)) for each in range(ROWS, place - 1, -1)]
    if row < 1:
        move, place = [], row
    previous = reader.now(lambda tx: tx.exec_driver_sql("SELECT hash FROM audit WHERE id = ?", (place - 1,)).scalar())
    body = (place, 1.0, "person_0", "run.start", "x", "done", "", "")
    digest = link(previous or FIRST, body) if forged else "0" * 64
    statement = (
        "INSERT INTO audit (id, at, person, action, thing, outcome, reason, detail, hash) VALUES (?,?,?,?,?,?,?,?,?)"
    )
    tamper(writer, *move, (statement, (*body, digest)))
    found = reader.now(verify_audit)
    assert found.broken in ((place, place + 1) if forged and place > 0 else (place,))


@few
@given(left=st.integers(0, ROWS - 1), kept=st.integers(1, ROWS))
def test_a_cut_off_end_is_found_by_a_link_that_was_kept(writer: Writer, reader: Reader, left: int, kept: int):
    fill(writer)
    head = reader.now(lambda tx: tx.exec_driver_sql("SELECT hash FROM audit WHERE id = ?", (kept,)).scalar_one())
    tamper(writer, ("DELETE FROM audit WHERE id > ?", (left,)))
    found = reader.now(lambda tx: verify_audit(tx, head))
    assert (found.rows, found.broken) == (left, None), "the chain alone does not tell"
    assert found.kept == (kept if kept <= left else None)


@few
@given(row=st.integers(1, ROWS))
def test_a_chain_written_anew_is_found_by_a_link_that_was_kept(writer: Writer, reader: Reader, row: int):
    fill(writer)
    head = reader.now(verify_audit).head

    def forge(tx) -> None:
        tx.exec_driver_sql("UPDATE audit SET person = 'nobody' WHERE id = ?", (row,))
        last = FIRST
        for each in tx.exec_driver_sql("SELECT * FROM audit ORDER BY id").all():
            body = (each.id, each.at, each.person, each.action, each.thing, each.outcome, each.reason, each.detail)
            last = link(last, body)
            tx.exec_driver_sql("UPDATE audit SET hash = ? WHERE id = ?", (last, each.id))

    writer.offer(forge).result(10)
    found = reader.now(lambda tx: verify_audit(tx, head))
    assert (found.broken, found.kept) == (None, None)


def look(reader: Reader, **wanted):
    usual = {"person": "", "area": "", "thing": "", "outcome": "", "since": 0.0, "until": 1e12, "words": [],
             "before": 1 << 62, "most": 50}  # fmt: skip
    return [row.id for row in reader.now(lambda tx: search_audit(tx, **(usual | wanted)))]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"person": "person_1"}, [11, 8, 5, 2]),
        ({"thing": "workflow_0"}, [11, 6, 1]),
        ({"outcome": "refused"}, [11, 9, 7, 5, 3, 1]),
        ({"area": "workflow", "most": 2}, [12, 11]),
        ({"area": "run"}, []),
        ({"since": 1002.0, "until": 1004.0}, [4, 3]),
        ({"words": ["reason 1"]}, [12, 11, 2]),
        ({"words": ["10", "remove"]}, []),
        ({"words": ["11", "edit"]}, [12]),
        ({"words": ["%"]}, []),
        ({"before": 3}, [2, 1]),
    ],
)
def test_rows_are_found_by_what_they_say(writer: Writer, reader: Reader, wanted: dict, found: list[int]):
    fill(writer)
    assert look(reader, **wanted) == found


def test_what_an_app_did_by_its_own_key_is_found_by_its_title(writer, reader):
    def work(tx) -> None:
        tx.exec_driver_sql("INSERT INTO person (id, name, created) VALUES ('p_ada', 'Ada', 1.0)")
        tx.exec_driver_sql(
            "INSERT INTO app (id, name, title, description, icon, workflow, release, owner, created, stopped_by,"
            " stop_reason) VALUES ('app_1', 'greeter', 'Greeter', '', '', 'w', 0, 'p_ada', 1.0, '', '')"
        )
        write_audit(tx, at=1.0, person="app_1", action="app.run", thing="run_1", outcome="done")

    writer.offer(work).result(5)
    assert look(reader, words=["greeter"]) == look(reader, person="Greeter") == [1]
