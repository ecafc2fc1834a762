from dataclasses import replace

from runtime.store.spending import Reservation, month_cost, reserve, settle

JANUARY, FEBRUARY = 1_768_000_000.0, 1_770_500_000.0
WANTED = Reservation("k1", "run", "ask", "fast", "m", "p", JANUARY, 6.0, 10.0)


def test_what_is_reserved_counts_until_it_is_settled(writer, reader):
    assert writer.offer(lambda tx: reserve(tx, WANTED)).result(5)
    assert not writer.offer(lambda tx: reserve(tx, replace(WANTED, key="k2"))).result(5)
    writer.offer(lambda tx: settle(tx, "k1", cost=1.0, tokens_in=3, tokens_out=4)).result(5)
    assert writer.offer(lambda tx: reserve(tx, replace(WANTED, key="k2"))).result(5)
    assert reader.now(lambda tx: month_cost(tx, "fast", JANUARY)) == 7.0


def test_a_repeated_call_is_not_reserved_twice(writer, reader):
    for _ in range(3):
        assert writer.offer(lambda tx: reserve(tx, WANTED)).result(5)
    assert reader.now(lambda tx: month_cost(tx, "fast", JANUARY)) == 6.0


def test_each_month_and_each_alias_has_its_own_sum(writer, reader):
    writer.offer(lambda tx: reserve(tx, WANTED)).result(5)
    assert reader.now(lambda tx: month_cost(tx, "fast", FEBRUARY)) == 0
    assert reader.now(lambda tx: month_cost(tx, "careful", JANUARY)) == 0
    assert reader.now(lambda tx: month_cost(tx, "fast", JANUARY, but="k1")) == 0


def test_twenty_at_once_overshoot_by_no_call(writer, reader):
    futures = [writer.offer(lambda tx, at=at: reserve(tx, replace(WANTED, key=f"k{at}", cost=1.0))) for at in range(20)]
    assert sum(each.result(5) for each in futures) == 10
