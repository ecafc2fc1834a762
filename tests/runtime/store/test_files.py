"""Files in rows: what is being brought or given this moment is never taken away, in whichever order the two come."""

from __future__ import annotations

import pytest

from runtime.store.files import (
    UNUSED_S,
    NewFile,
    adopt_bodies,
    find_file,
    insert_file,
    kept_by,
    known_bodies,
    let_go,
    lock_body,
    remove_from_run,
    remove_unused,
    unneeded_bodies,
    use_file,
    used_file,
)

LATER = UNUSED_S + 10


@pytest.fixture
def ask(writer):
    return lambda work: writer.offer(work).result(10)


def bring(tx, file: str = "file_1", digest: str = "d", at: float = 1.0) -> None:
    lock_body(tx, digest, 3, at)
    insert_file(tx, NewFile(file, "ada", None, "a", "t", 3, digest, at, at))


def test_bytes_that_were_found_to_be_needless_stay_when_a_file_with_them_came_meanwhile(ask):
    ask(lambda tx: lock_body(tx, "d", 3, 1.0))
    assert ask(unneeded_bodies) == ["d"]
    ask(bring)
    assert not ask(lambda tx: let_go(tx, "d"))
    assert ask(lambda tx: known_bodies(tx, ["d", "e"])) == {"d"}


def test_bytes_nobody_needs_go_and_are_wanted_again_by_whoever_brings_them(ask):
    ask(lambda tx: adopt_bodies(tx, ["d", "d"], 1.0))
    assert ask(lambda tx: let_go(tx, "d"))
    assert ask(lambda tx: known_bodies(tx, ["d"])) == set()
    ask(bring)
    assert ask(lambda tx: known_bodies(tx, ["d"])) == {"d"}


def test_a_file_given_to_a_run_is_not_unused_and_one_taken_away_cannot_be_given(ask):
    ask(lambda tx: (bring(tx), bring(tx, "file_2")))
    assert ask(lambda tx: use_file(tx, "run_1", "file_1", LATER))
    assert ask(lambda tx: remove_unused(tx, LATER)) == 1
    assert not ask(lambda tx: use_file(tx, "run_1", "file_2", LATER))
    assert ask(lambda tx: used_file(tx, "run_1", "file_1")) is not None
    assert ask(lambda tx: used_file(tx, "run_2", "file_1")) is None
    assert ask(lambda tx: kept_by(tx, "ada")) == 3


def test_what_was_touched_a_moment_ago_is_not_old(ask):
    ask(lambda tx: bring(tx, at=LATER - 5))
    assert ask(lambda tx: remove_unused(tx, LATER)) == 0


def test_a_file_of_two_runs_goes_with_the_second(ask):
    ask(lambda tx: (bring(tx), use_file(tx, "run_1", "file_1", 1.0), use_file(tx, "run_2", "file_1", 1.0)))
    assert ask(lambda tx: remove_from_run(tx, "run_1")) == 0
    assert ask(lambda tx: find_file(tx, "file_1")) is not None
    assert ask(lambda tx: remove_from_run(tx, "run_2")) == 1
    assert ask(lambda tx: find_file(tx, "file_1")) is None
