"""A child process with limits: each limit is met by something that goes beyond it."""

import time
from pathlib import Path

import pytest

from runtime.sandbox import cage as cage_module
from runtime.sandbox import limited as module
from runtime.sandbox.cage import ROOT, Cage
from runtime.sandbox.facts import look
from runtime.sandbox.limited import Broke, Limits, run_limited

HERE = "tests.support.hungry"
TESTS = [ROOT / "tests"]


def outcome(what: str, limits: Limits) -> str:
    with pytest.raises(Broke) as broke:
        run_limited(HERE, what.encode(), limits, also=TESTS)
    return broke.value.reason


def test_what_a_module_answers_comes_back():
    assert run_limited(HERE, b"echo hello", Limits(), also=TESTS) == b"echo hello"


@pytest.mark.parametrize(
    ("what", "limits", "reason"),
    [
        pytest.param("sleep", Limits(seconds=1), "time", marks=pytest.mark.slow),
        pytest.param("spin", Limits(seconds=1), "time", marks=pytest.mark.slow),
        ("memory", Limits(seconds=20, memory=300_000_000), "memory"),
        ("answer", Limits(seconds=20, answer=1_000_000), "answer"),
        ("die", Limits(seconds=20), "crash"),
        ("raise", Limits(seconds=20), "crash"),
        ("write", Limits(seconds=20), "crash"),
    ],
)
def test_a_child_that_goes_beyond_a_limit_is_ended(what: str, limits: Limits, reason: str):
    began = time.monotonic()
    assert outcome(what, limits) == reason
    assert time.monotonic() - began < 15


def test_the_child_sees_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("GREENLANE_KEY_SECRET", "canary")
    assert b"canary" not in run_limited(HERE, b"environment", Limits(), also=TESTS)


def test_without_a_cage_limits_an_empty_environment_and_the_filter_of_system_calls_remain(monkeypatch):
    for where in (cage_module, module):
        monkeypatch.setattr(where, "cage", lambda: Cage("", "none"))
    monkeypatch.setenv("GREENLANE_KEY_SECRET", "canary")
    seen = look()
    assert (seen["filtered"], seen["no_new_rights"], seen["network"]) == (True, True, "Operation not permitted")
    assert set(seen["environment"]) <= {"LC_CTYPE", "PWD"}
    assert seen["descriptors"] == [0, 1, 2]
    assert seen["user"] != [65534] * 3, "this is no cage"
    assert not [each for each in seen["writable"] if list(Path(each).glob("*written*"))], "who looks leaves nothing"
    assert outcome("memory", Limits(seconds=20, memory=300_000_000)) == "memory"


@pytest.mark.slow
def test_a_child_is_ended_when_nobody_wants_it_any_more():
    began = time.monotonic()
    with pytest.raises(Broke) as broke:
        run_limited(HERE, b"sleep", Limits(seconds=30), stopped=lambda: True, also=TESTS)
    assert broke.value.reason == "stopped"
    assert time.monotonic() - began < 10
