"""A result becomes JSON of a bounded length, or a mistake with words."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from runtime.sandbox.worker.bounded import DEEPEST, pack
from runtime.sandbox.worker.mistakes import Mistake


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"a": [1, 2.5, True, None, "ü"]}, {"a": [1, 2.5, True, None, "ü"]}),
        ((1, (2,)), [1, [2]]),
        ({1: "one", 2.5: "x"}, {"1": "one", "2.5": "x"}),
        (datetime(2026, 11, 3, tzinfo=UTC), "2026-11-03T00:00:00+00:00"),
        (timedelta(minutes=1), 60.0),
        (Decimal(12), 12),
        (Decimal("12.5"), 12.5),
        ("half \ud800", "half ?"),
        ({3}, [3]),
    ],
)
def test_values_that_json_can_say_are_said(value, told):
    assert json.loads(pack(value, 1000)) == told


@pytest.mark.parametrize("value", [float("nan"), Decimal("inf"), 2**70, b"bytes", object(), {None: 1}, {(1,): 2}])
def test_values_that_no_later_step_can_read_are_a_mistake_in_words(value):
    with pytest.raises(Mistake) as mistake:
        pack(value, 1000)
    assert mistake.value.code == "code_error"
    assert mistake.value.message


def test_a_list_of_one_list_a_thousand_times_over_stops_at_the_limit():
    shared = [0]
    for _ in range(9):
        shared = [shared] * 1000
    with pytest.raises(Mistake) as mistake:
        pack(shared, 100_000)
    assert mistake.value.code == "code_output"


@pytest.mark.parametrize("value", ["x" * 2000, ["x" * 300] * 10, {"k" * 2000: 1}, [0] * 1000])
def test_what_is_longer_than_allowed_is_refused(value):
    with pytest.raises(Mistake, match="1,000"):
        pack(value, 1000)


def test_the_longest_that_is_allowed_passes():
    assert len(pack("x" * 998, 1000)) == 1000


def test_a_value_that_holds_itself_ends():
    endless: list = []
    endless.append(endless)
    with pytest.raises(Mistake, match=str(DEEPEST)):
        pack(endless, 1_000_000)
