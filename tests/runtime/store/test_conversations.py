"""The messages of a conversation take turns whoever writes them, and what it remembers changes with the end of one."""

import threading
from typing import Any

import orjson
import pytest

from runtime.store.conversations import (
    Talk,
    add_turn,
    conversation_row,
    forget_in,
    insert_conversation,
    is_going,
    keep_summary,
    list_conversations,
    messages_of,
    remember,
    remove_conversation,
    remove_conversations_of,
    rename_conversation,
    summary_before,
    talk_of,
    turns_before,
)
from runtime.store.due import next_turns
from runtime.store.erasing import erase_run, runs_to_erase
from runtime.store.people import insert_person
from runtime.store.runs import Ending, cancel, claim, end_run, insert_run, release, run_row
from runtime.store.writer import Writer
from tests.runtime.store.test_writer import Told, a_run


def write(writer, work) -> Any:
    return writer.offer(work).result(10)


@pytest.fixture
def talk(writer) -> str:
    write(writer, lambda tx: insert_conversation(
        tx, "conv_1", workflow="w", app=None, person="p", title="Hello", now=1.0
    ))  # fmt: skip
    return "conv_1"


def say(writer, conversation: str, *, process: str = "me", inputs: bytes = b"{}") -> str:
    """A message as the door accepts it."""

    def work(tx) -> str:
        turn, busy = add_turn(tx, conversation, 2.0)
        new = a_run(conversation=conversation, turn=turn, behind=busy, process="" if busy else process, inputs=inputs)
        insert_run(tx, new)
        return new.id

    return write(writer, work)


def end(writer, run: str, status: str = "succeeded", outputs: bytes | None = b'{"answer": "a"}') -> None:
    def work(tx) -> None:
        row = run_row(tx, run)
        assert row is not None
        attempt = row.attempt
        assert end_run(tx, Ending(run, attempt, status, outputs, None, 3.0, 0, "", 0, 0, None))

    write(writer, work)


def due(reader) -> list[str]:
    return [each.run for each in reader.now(lambda tx: next_turns(tx, 10.0, room=9, person_most=9, app_most=9)).turns]


def take(writer, run: str) -> None:
    def work(tx) -> bool:
        row = run_row(tx, run)
        return row is not None and bool(claim(tx, run, attempt=row.attempt, process="me", now=4.0))

    assert write(writer, work)


def test_a_message_begins_at_once_and_the_next_when_it_has_ended(writer, reader, talk):
    first, second, third = (say(writer, talk) for _ in range(3))
    rows = [reader.now(lambda tx, run=run: run_row(tx, run)) for run in (first, second, third)]
    assert [(each.turn, each.status) for each in rows] == [(1, "running"), (2, "queued"), (3, "queued")]
    assert due(reader) == []
    end(writer, first)
    assert due(reader) == [second]
    take(writer, second)
    assert due(reader) == []
    end(writer, second, "failed", None)
    assert due(reader) == [third], "a message that failed keeps nobody waiting"


def test_a_message_that_is_stopped_calls_the_next_and_one_that_waited_calls_nobody(writer, reader, talk):
    first, second, third = (say(writer, talk) for _ in range(3))
    write(writer, lambda tx: cancel(tx, second, now=3.0))
    assert due(reader) == [], "the first still goes on"
    write(writer, lambda tx: cancel(tx, first, now=3.0))
    assert due(reader) == [third]


def test_a_message_that_is_given_back_or_taken_over_stays_the_one_whose_turn_it_is(writer, reader, talk):
    first, second = say(writer, talk), say(writer, talk)
    write(writer, lambda tx: release(tx, first, attempt=1, now=3.0))
    assert due(reader) == [first]
    take(writer, first)
    end(writer, first)
    assert due(reader) == [second]


def test_conversations_do_not_wait_for_one_another(writer, reader, talk):
    write(writer, lambda tx: insert_conversation(
        tx, "conv_2", workflow="w", app=None, person="p", title="", now=1.0
    ))  # fmt: skip
    say(writer, talk)
    other = say(writer, "conv_2")
    assert reader.now(lambda tx: run_row(tx, other)).status == "running"


@pytest.mark.slow
def test_a_message_that_comes_while_another_process_commits_the_end_of_the_one_before_is_not_left_behind(
    database, writer, reader, talk
):
    ended, go_on = threading.Event(), threading.Event()

    def reach(place: str) -> None:
        if place == "before commit":
            ended.set()
            assert go_on.wait(10)

    first = say(writer, talk)
    other = Writer(database, reach)
    other.start()
    done = Ending(first, 1, "succeeded", b"{}", None, 3.0, 0, "", 0, 0, None)
    told = Told(first, also=(lambda tx: end_run(tx, done),))  # as an executor ends it
    other.submit(told.batch)
    assert ended.wait(10)
    threading.Timer(0.2, go_on.set).start()
    second = say(writer, talk, process="")
    assert told.wait() is None
    other.close()
    assert due(reader) == [second]


def test_a_run_knows_what_runs_before_it_have_left(writer, reader, talk):
    first = say(writer, talk)
    assert reader.now(lambda tx: talk_of(tx, first)) == Talk(talk, 1, {})
    write(writer, lambda tx: remember(tx, talk, {"name": "Ada", "count": 1}))
    write(writer, lambda tx: remember(tx, talk, {"count": 2}))
    end(writer, first)
    second = say(writer, talk)
    assert reader.now(lambda tx: talk_of(tx, second)) == Talk(talk, 2, {"name": "Ada", "count": 2})
    alone = write(writer, lambda tx: insert_run(tx, a_run(id="run_alone")))
    assert alone is None
    assert reader.now(lambda tx: talk_of(tx, "run_alone")) is None


def test_what_was_answered_is_remembered_oldest_first(writer, reader, talk):
    for number in range(4):
        run = say(writer, talk, inputs=orjson.dumps({"message": str(number)}))
        end(writer, run, "failed" if number == 1 else "partly_succeeded", None if number == 1 else b"{}")
    turns = reader.now(lambda tx: turns_before(tx, talk, 4))
    assert [(each.number, each.inputs) for each in turns] == [(1, b'{"message":"0"}'), (3, b'{"message":"2"}')]
    assert [each.number for each in reader.now(lambda tx: turns_before(tx, talk, 9, most=1))] == [4]
    assert [each.number for each in reader.now(lambda tx: turns_before(tx, talk, 9, after=1))] == [3, 4]
    assert [each.turn for each in reader.now(lambda tx: messages_of(tx, talk, before=4, most=2))] == [2, 3]


def test_a_summary_counts_from_the_next_run_on_and_only_the_last_two_are_kept(writer, reader, talk):
    for number, run in enumerate(("run_a", "run_b", "run_b", "run_c"), 1):
        write(writer, lambda tx, number=number, run=run: keep_summary(
            tx, talk, step="ask", run=run, upto=number, text=f"up to {number}"
        ))  # fmt: skip
    assert reader.now(lambda tx: summary_before(tx, talk, step="ask", run="run_c")) == (3, "up to 3")
    assert reader.now(lambda tx: summary_before(tx, talk, step="ask", run="run_d")) == (4, "up to 4")
    assert reader.now(lambda tx: summary_before(tx, talk, step="other", run="run_d")) is None
    assert reader.now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM conversation_summary").scalar_one()) == 2
    write(writer, lambda tx: keep_summary(tx, "conv_gone", step="ask", run="run_a", upto=1, text="x"))


def test_lists_hold_ones_own_the_newest_message_first(writer, reader, talk):
    write(writer, lambda tx: insert_conversation(
        tx, "conv_2", workflow="v", app="v", person="p", title="", now=5.0
    ))  # fmt: skip
    write(writer, lambda tx: insert_conversation(
        tx, "conv_3", workflow="v", app="v", person="q", title="", now=6.0
    ))  # fmt: skip
    say(writer, talk)
    rows = reader.now(lambda tx: list_conversations(tx, person="p", workflow=None, before=1e12, most=9))
    assert [(each.id, bool(each.going)) for each in rows] == [("conv_2", False), (talk, True)]
    rows = reader.now(lambda tx: list_conversations(tx, person="p", workflow="w", before=1e12, most=9))
    assert [each.id for each in rows] == [talk]
    assert reader.now(lambda tx: list_conversations(tx, person="p", workflow=None, before=2.0, most=9)) == []
    assert reader.now(lambda tx: is_going(tx, talk)) is True


def test_it_is_renamed_and_removed_with_all_it_remembers(writer, reader, talk):
    write(writer, lambda tx: keep_summary(tx, talk, step="ask", run="run_a", upto=1, text="x"))
    write(writer, lambda tx: rename_conversation(tx, talk, "Holidays"))
    row = reader.now(lambda tx: conversation_row(tx, talk))
    assert row is not None
    assert (row.title, bool(row.named)) == ("Holidays", True)
    write(writer, lambda tx: remove_conversation(tx, talk))
    assert reader.now(lambda tx: conversation_row(tx, talk)) is None
    assert reader.now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM conversation_summary").scalar_one()) == 0
    write(writer, lambda tx: insert_conversation(
        tx, "conv_2", workflow="w", app=None, person="p", title="", now=5.0
    ))  # fmt: skip
    write(writer, lambda tx: remove_conversations_of(tx, "w"))
    assert reader.now(lambda tx: conversation_row(tx, "conv_2")) is None


def test_with_the_data_of_a_run_goes_what_the_conversation_remembers_of_it(writer, reader, talk):
    first, _ = say(writer, talk), write(writer, lambda tx: remember(tx, talk, {"name": "Ada", "count": 1}))
    write(writer, lambda tx: keep_summary(tx, talk, step="ask", run=first, upto=1, text="Ada greets"))
    assert not write(writer, lambda tx: erase_run(tx, first, by="Ada", now=4.0)), "it goes on"
    end(writer, first)
    write(writer, lambda tx: tx.exec_driver_sql(
        "INSERT INTO record (run, seq, format, kind, attempt, step, path, \"try\", started, ended, seen, exit, detail,"
        " input_digest, output_digest, hash) VALUES (?, 1, 1, 'set', 1, 's', '', 1, 1, 1, 0, '', ?, '', '', '')",
        (first, b'{"variable": "name", "of": "conversation"}'),
    ))  # fmt: skip
    second = say(writer, talk)
    assert not write(writer, lambda tx: erase_run(tx, first, by="Ada", now=4.0)), "the second has to find the same"
    end(writer, second)
    assert write(writer, lambda tx: erase_run(tx, first, by="Ada", now=4.0))
    row = reader.now(lambda tx: conversation_row(tx, talk))
    assert row is not None
    assert (row.title, orjson.loads(row.variables)) == ("", {"count": 1})
    assert reader.now(lambda tx: summary_before(tx, talk, step="ask", run="run_z")) is None
    assert [each.number for each in reader.now(lambda tx: turns_before(tx, talk, 9))] == [2]
    assert write(writer, lambda tx: erase_run(tx, second, by="Ada", now=4.0))
    assert reader.now(lambda tx: conversation_row(tx, talk)) is None, "nothing is left of it"
    write(writer, lambda tx: forget_in(tx, talk, ()))


def test_retention_leaves_a_conversation_alone_while_a_message_is_answered(writer, reader, talk):
    def an_app(tx) -> None:
        insert_person(tx, person="p", name="Ada", roles={"member"}, now=1.0)
        tx.exec_driver_sql(
            "INSERT INTO app (id, name, title, description, icon, workflow, release, owner, created, stopped_by,"
            " stop_reason, keep_days) VALUES ('a', 'a', 'A', '', '', 'w', 1, 'p', 1, '', '', 1)"
        )

    write(writer, an_app)
    first = say(writer, talk)
    end(writer, first)
    write(writer, lambda tx: tx.exec_driver_sql("UPDATE run SET app = 'a'"))
    assert [each[0] for each in reader.now(lambda tx: runs_to_erase(tx, 1e6, 9))] == [first]
    say(writer, talk)
    assert reader.now(lambda tx: runs_to_erase(tx, 1e6, 9)) == []
