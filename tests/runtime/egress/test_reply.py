"""How long a host asks to be left alone."""

import pytest

from runtime.egress import waiting_time

NOW = "Sat, 21 Nov 2026 22:00:00 GMT"


@pytest.mark.parametrize(
    ("after", "date", "seconds"),
    [
        ("3", None, 3.0), ("0.5", None, 0.5), ("-1", None, 0.0), (None, NOW, None), ("soon", NOW, None),
        ("Sat, 21 Nov 2026 22:00:30 GMT", NOW, 30.0), ("Sat, 21 Nov 2026 21:00:00 GMT", NOW, 0.0),
        ("Sat, 21 Nov 2026 22:00:30 GMT", None, None), ("Sat, 21 Nov 2026 22:00:30 GMT", "today", None),
        ("inf", NOW, None), ("nan", NOW, None), ("", NOW, None),
    ],
)  # fmt: skip
def test_a_pause_is_read_in_seconds_or_from_the_host_s_own_clock(after, date, seconds):
    assert waiting_time(after, date) == seconds
