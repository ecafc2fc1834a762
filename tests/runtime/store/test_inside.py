"""What happened inside containers is read without the rest of the log."""

import pytest

from runtime.store.inside import Count, count_items, last_call, read_items, read_last, read_place, read_tried
from runtime.store.log import INLINE
from tests.runtime.store.test_writer import Told, a_record, started


def written(writer, *records) -> str:
    run = records[0].run
    told = Told(run, *records)
    writer.submit(told.batch)
    assert told.wait() is None
    return run


def log(run: str):
    """Twelve items, the third of which failed, each with one step inside."""
    yield a_record(run, 1)._replace(step="start", path="")
    for number in range(12):
        seq, path = 2 + 2 * number, f"all[{number}]"
        yield a_record(run, seq)._replace(step="ask", path=path)
        exit_id = "failed" if number == 2 else "done"
        yield a_record(run, seq + 1, "item")._replace(step="all", path=path, exit=exit_id)
    yield a_record(run, 26, "intent")._replace(step="ask", path="all[12]")
    yield a_record(run, 27, "item")._replace(step="all", path="other/all[0]", exit="left")


def test_each_question_reads_its_own_part(writer, reader):
    run = written(writer, *log(started(writer)))
    assert [each.seq for each in reader.now(lambda tx: read_place(tx, run, ""))] == [1]
    assert [each.seq for each in reader.now(lambda tx: read_place(tx, run, "all[1]"))] == [4, 5]
    assert [each.seq for each in reader.now(lambda tx: read_place(tx, run, "all[1]", "ask"))] == [4]
    assert [each.seq for each in reader.now(lambda tx: read_last(tx, run))] == [24, 26]
    assert reader.now(lambda tx: count_items(tx, run)) == [
        Count("all", "done", 11, 25), Count("all", "failed", 1, 7)
    ]  # fmt: skip


def test_what_happened_in_a_called_workflow_is_told_apart_even_where_its_steps_have_the_same_names(writer, reader):
    run = written(writer, *log(started(writer)))
    assert reader.now(lambda tx: count_items(tx, run, "other")) == [Count("all", "left", 1, 27)]
    assert reader.now(lambda tx: read_last(tx, run, "other")) == []
    assert reader.now(lambda tx: last_call(tx, run, "", "ask")) is None


@pytest.mark.slow
def test_of_the_calls_inside_a_container_the_last_is_found(writer, reader):
    run = started(writer)
    paths = ["all[0]/call", "all[1]/call", "all[1]/call/all[0]/call", "outer/all[2]/call"]
    written(writer, *(a_record(run, seq)._replace(step="say", path=path) for seq, path in enumerate(paths, 1)))
    assert reader.now(lambda tx: last_call(tx, run, "", "call")) == "all[1]/call"
    assert reader.now(lambda tx: last_call(tx, run, "outer", "call")) == "outer/all[2]/call"
    assert reader.now(lambda tx: last_call(tx, run, "all[1]/call", "call")) == "all[1]/call/all[0]/call"


def test_items_to_try_a_step_with_are_those_that_failed_first_then_the_newest(writer, reader):
    run = written(writer, *log(started(writer)))
    tried = [each.path for each in reader.now(lambda tx: read_tried(tx, run, "all", "ask", 4))]
    assert tried == ["all[2]", "all[11]", "all[10]", "all[9]"]


def test_items_come_in_the_order_of_their_numbers_not_of_their_letters(writer, reader):
    run = written(writer, *log(started(writer)))

    def page(after=0, most=99, failed=False, around="") -> list[str]:
        asked = {"failed": failed, "after": after, "most": most}
        return [each.path for each in reader.now(lambda tx: read_items(tx, run, "all", around, **asked))]

    assert page() == [f"all[{number}]" for number in range(12)]
    assert page(after=9, most=2) == ["all[9]", "all[10]"]
    assert page(failed=True) == ["all[2]"]
    assert page(around="other") == ["other/all[0]"]


def test_a_large_result_is_read_with_its_item(writer, reader):
    run, large = started(writer), b"x" * (INLINE + 1)
    told = Told(run, a_record(run, 1, "item")._replace(step="all", path="all[0]", value=None, blob="digest"))
    told.batch.blobs = [("digest", large)]
    writer.submit(told.batch)
    assert told.wait() is None
    (found,) = reader.now(lambda tx: read_items(tx, run, "all", "", failed=False, after=0, most=1))
    assert found.value == large
