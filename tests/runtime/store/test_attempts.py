from runtime.store import attempts
from runtime.store.writer import Writer


def reserve(writer: Writer, now: float, **most: int):
    return writer.offer(lambda tx: attempts.reserve(tx, most, now, 100.0)).result(5)


def test_what_has_had_its_share_waits_until_the_window_has_moved_on(writer: Writer):
    assert reserve(writer, 1.0, account=2)
    assert reserve(writer, 50.0, account=2)
    assert reserve(writer, 60.0, account=2) is None
    assert reserve(writer, 101.0, account=2), "the first attempt is too old to count"


def test_an_attempt_that_one_subject_forbids_is_counted_for_none(writer: Writer):
    reserve(writer, 1.0, address=1)
    assert reserve(writer, 2.0, account=1, address=1) is None
    assert reserve(writer, 3.0, account=1)


def test_a_success_clears_the_account_and_takes_back_only_its_own_attempt_of_the_address(writer: Writer):
    reserve(writer, 1.0, account=2, address=2)
    tries = reserve(writer, 2.0, account=2, address=2)
    assert tries
    writer.offer(lambda tx: attempts.forget(tx, tries, "account")).result(5)
    assert reserve(writer, 3.0, account=1)
    assert reserve(writer, 4.0, address=2)
    assert reserve(writer, 5.0, address=2) is None
