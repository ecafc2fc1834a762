"""What a reader overhears of a run in another process: each piece once, and nothing that a record has overtaken."""

from runtime.engine.partials import Overheard
from runtime.store.partial import Partial


def said(text: str, *, attempt: int = 1, seq: int = 3, try_: int = 1) -> Partial:
    return Partial(attempt, seq, [{"step": "ask", "path": "", "try": try_, "text": text}])


def pieces(*looks: tuple[Partial | None, int, int]) -> list[tuple[int, str]]:
    """Offset and text of what is new at each look."""
    overheard = Overheard("run_1")
    return [(each["offset"], each["text"]) for look in looks for each in overheard.news(*look)]


def test_each_look_gives_what_is_new():
    assert pieces((said("ab"), 1, 3), (said("ab"), 1, 3), (said("abcd"), 1, 3)) == [(0, "ab"), (2, "cd")]


def test_a_new_try_or_attempt_begins_again():
    assert pieces((said("ab"), 1, 3), (said("xyz", try_=2), 1, 3)) == [(0, "ab"), (0, "xyz")]
    assert pieces((said("ab"), 1, 3), (said("ab", attempt=2, seq=5), 2, 5)) == [(0, "ab"), (0, "ab")]


def test_what_was_written_before_the_last_record_or_by_an_attempt_that_lost_the_run_is_not_heeded():
    assert pieces((said("ab", seq=3), 1, 4), (said("ab"), 2, 3), (None, 1, 3)) == []
