"""Hosts that never stop: each call fails in words, the memory stays small, and the next call works."""

import json
import subprocess
import sys

import pytest

CLEAN = {
    "step": {"answer_too_large", "host_timeout", "host_interrupted"},
    "model": {"bad_answer", "model_timeout", "model_interrupted"},
    "file by address": {"TooLarge", "TimeoutError", "Dropped", "NotReached"},
    "test of a connection": {
        "arrived",  # it has answered; nothing more is read
        "The host breaks off in the middle of its answer.",
        "The host did not answer within 10 seconds.",
    },
}
MOST_MB = 150
"""megabytes the process may grow for a while; one of the hosts sends three hundred, the others ten thousand"""
THOROUGH = pytest.param(("thorough",), marks=pytest.mark.nightly)


@pytest.fixture(scope="module", params=[pytest.param((), marks=pytest.mark.slow), THOROUGH], ids=["", "thorough"])
def found(request):
    command = [sys.executable, "-m", "tests.egress.floods", *request.param]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_every_flood_ends_in_words_and_is_asked_for_once(found):
    for call, came in found.items():
        if "afterwards" not in call:
            way = call.partition(":")[0]
            known = CLEAN.get("step" if way.startswith("step") else way, CLEAN["model"])
            assert came["code"].replace(came["host"], "The host") in known, call
            assert came["asked"] == 1, f"{call}: {came}"


def test_no_flood_fills_the_memory(found):
    assert {call: came["grew_mb"] for call, came in found.items() if came["grew_mb"] > MOST_MB} == {}


def test_the_deadline_holds_also_where_a_host_never_pauses(found):
    """Three seconds; the rest is for a busy machine."""
    assert {call: came["seconds"] for call, came in found.items() if came["seconds"] > 60} == {}


def test_afterwards_everything_works(found):
    after = {call: came["code"] for call, came in found.items() if "afterwards" in call}
    assert after == dict.fromkeys(
        (f"{way}: afterwards" for way in ("step", "file by address", "fast route", "openai")), "arrived"
    )
