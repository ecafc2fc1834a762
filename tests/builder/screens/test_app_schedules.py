"""A schedule as the form says it."""

import pytest

from builder.screens.app_limits import _number
from builder.screens.app_schedules import _row, rule_from
from runtime.errors import BadInput
from runtime.operations.schedules import ScheduleCard


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"when_every": "week", "when_weekday": "0", "when_at": "08:00"}, "Every Monday at 08:00"),
        ({"when_every": "week", "when_weekday": "4", "when_at": "08:00:00"}, "Every Friday at 08:00"),
        ({"when_every": "hour", "when_minute": "5"}, "Every hour at minute 5"),
        ({"when_every": "month", "when_day": "31", "when_at": "23:59"}, "On day 31 of every month at 23:59"),
        ({"when_every": "cron", "when_cron": " 0 8 * * 1 "}, "As “0 8 * * 1” says"),
        ({"when_every": "workday", "when_at": "07:30", "at": "an input of the app"}, "Monday to Friday at 07:30"),
    ],
)
def test_of_each_rule_what_belongs_to_it_is_taken(form, words):
    assert rule_from(form).words() == words


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"when_every": "year"},
        {"when_every": "day"},
        {"when_every": "hour", "when_minute": "61"},
        {"when_every": "month", "when_day": "32", "when_at": "08:00"},
    ],
)
def test_what_says_no_time_is_refused(form):
    with pytest.raises(BadInput):
        rule_from(form)


def test_what_runs_are_given_is_told_in_the_words_of_the_form():
    given = {"team": "Support", "count": 3, "all": True, "notes": None, "tags": ["a"]}
    card = ScheduleCard("s", "Every day at 08:00", "UTC", given, 1.0, "", None, "", "", "Ada")
    assert _row(card, {"team": "Team", "all": "All of them"})["inputs"] == (
        'Team: Support, count: 3, All of them: yes, tags: ["a"]'
    )


def test_an_empty_limit_is_none_and_words_are_no_limit():
    assert (_number(""), _number(" 7 ")) == (None, 7)
    for wrong in ("many", "-1", "1.5", "9" * 12, "²"):
        with pytest.raises(BadInput):
            _number(wrong)
