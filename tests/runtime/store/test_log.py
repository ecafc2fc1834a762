import pytest

from runtime.engine.journal import verify
from runtime.store.log import INLINE, last_link, progress, read_blob, read_records
from tests.runtime.store.test_writer import Told, a_record, started


def test_records_come_back_in_order_from_a_cursor(writer, reader):
    run = started(writer)
    batch = Told(run, *(a_record(run, at) for at in range(1, 11)))
    writer.submit(batch.batch)
    assert batch.wait() is None
    assert [each.seq for each in reader.now(lambda tx: read_records(tx, run, 7))] == [8, 9, 10]
    assert [each.seq for each in reader.now(lambda tx: read_records(tx, run, 2, 3))] == [3, 4, 5]
    assert reader.now(lambda tx: last_link(tx, run)) == (10, "h10")
    assert reader.now(lambda tx: last_link(tx, "none")) == (0, "")


def test_a_large_value_lies_beside_its_record(writer, reader):
    run, large = started(writer), b"x" * (INLINE + 1)
    record = a_record(run, 1)._replace(value=None, blob="digest")
    told = Told(run, record)
    told.batch.blobs = [("digest", large)]
    writer.submit(told.batch)
    assert told.wait() is None
    assert reader.now(lambda tx: read_records(tx, run))[0].value == large
    assert reader.now(lambda tx: read_blob(tx, "nothing")) is None


def test_only_records_that_are_no_intents_are_progress(writer, reader):
    run = started(writer)
    told = Told(run, a_record(run, 1), a_record(run, 2, "intent"))
    writer.submit(told.batch)
    told.wait()
    assert reader.now(lambda tx: progress(tx, run)) == 1


@pytest.mark.parametrize(("run", "attempt"), [("unknown", 1), ("mine", 2)])
def test_who_does_not_hold_the_run_writes_nothing(writer, reader, run, attempt):
    mine = started(writer)
    told = Told(mine if run == "mine" else run, a_record(mine, 1))
    told.batch.attempt = attempt
    writer.submit(told.batch)
    assert type(told.wait()).__name__ == "Fenced"
    assert reader.now(lambda tx: read_records(tx, mine)) == []


def test_a_log_that_was_tampered_with_does_not_verify():
    record = a_record("run", 1)
    assert verify([record]) == "the chain breaks at record 1"
    assert verify([a_record("run", 2)]) == "record 1 is missing"
