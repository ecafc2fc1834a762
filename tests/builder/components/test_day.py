"""Days of a date field as moments."""

import time

from builder.components.day import first_moment, last_moment


def test_a_day_reaches_from_its_first_moment_to_the_first_of_the_next_where_the_server_stands():
    found = [time.localtime(each)[:6] for each in (first_moment("2026-11-03"), last_moment("2026-11-03"))]
    assert found == [(2026, 11, 3, 0, 0, 0), (2026, 11, 4, 0, 0, 0)]


def test_what_is_no_day_narrows_nothing():
    for text in ("", "soon", "2026-13-01"):
        assert first_moment(text) == 0.0
        assert last_moment(text) > 1e11
