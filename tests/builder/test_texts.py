import pytest

from builder.texts import RUN_STATUSES, STATUSES, count, duration, money


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0.0002, "< 1 ms"), (0.34, "340 ms"), (1.42, "1.4 s"), (0.9996, "1.0 s"), (59.96, "1 min"),
     (125, "2 min 5 s"), (3600, "1 h"), (3780, "1 h 3 min")],
)  # fmt: skip
def test_a_duration_is_told_as_exactly_as_it_matters(seconds: float | None, words: str):
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("amount", "words"), [(None, ""), (0, "free"), (0.00001, "< $0.0001"), (0.0031, "$0.0031"), (1234.5, "$1,234.50")]
)
def test_money_has_as_many_places_as_matter_and_unknown_is_not_free(amount: float | None, words: str):
    assert money(amount) == words


def test_one_is_not_many():
    assert [count(number, "step") for number in (0, 1, 2, 1200)] == ["0 steps", "1 step", "2 steps", "1,200 steps"]
    assert count(2, "query", "queries") == "2 queries"


def test_every_status_of_a_run_has_words():
    assert set(RUN_STATUSES) <= set(STATUSES)
