import pytest

from builder.components.narrow import narrowed

ROWS = [{"title": "Leave assistant", "about": "Answers"}, {"title": "Ticket triage", "about": "Sorts what comes in"}]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [("", 2), ("  ", 2), ("LEAVE", 1), (" ticket ", 1), ("triage sorts", 1), ("answers ticket", 0), ("name", 0)],
)
def test_what_was_typed_stands_in_what_is_left(wanted: str, left: int):
    assert len(narrowed(ROWS, wanted, "title", "about")) == left


def test_only_the_named_fields_are_looked_at():
    assert narrowed(ROWS, "sorts", "title") == []
