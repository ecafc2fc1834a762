"""Nothing that leaves Greenlane arrives where it may not: the battery, in a network in which every address listens."""

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

from runtime.gateway import OFFERED
from tests.support.hostile_addresses import ADDRESSES

INSIDE = ("unshare", "--net")
AS_NOBODY = (*INSIDE, "--user", "--map-root-user")
"""where whoever runs the tests is not root"""
WAYS = {
    "HTTP step", "file by address", "test of a connection", "test of a model's connection", "fast route",
    *(f"model of {each}" for each in OFFERED),
}  # fmt: skip


def _into_a_network() -> tuple[str, ...]:
    """How to enter a network of one's own here; skips where that is not possible."""
    why = "unshare (util-linux) is not installed"
    for each in (INSIDE, AS_NOBODY) if shutil.which("unshare") and shutil.which("ip") else ():
        tried = subprocess.run([*each, "ip", "link", "set", "lo", "up"], capture_output=True, text=True, check=False)
        if tried.returncode == 0:
            return each
        why = tried.stderr.strip()
    pytest.skip(f"No network of one's own can be made here, so the battery has nowhere to run: {why}")


def _run(*words: str) -> dict[str, dict[str, Any]]:
    command = [*_into_a_network(), sys.executable, "-m", "tests.egress.cell", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


THOROUGH = pytest.param(("thorough",), marks=pytest.mark.nightly)


@pytest.fixture(scope="module", params=[pytest.param((), marks=pytest.mark.slow), THOROUGH], ids=["", "thorough"])
def found(request):
    return _run(*request.param)


def test_the_battery_is_as_large_as_it_says():
    assert len(set(ADDRESSES)) == len(ADDRESSES) >= 120


def test_no_hostile_address_is_reached_on_any_way_and_the_good_one_is_on_all(found):
    assert found["addresses"].keys() >= WAYS
    for way, came in found["addresses"].items():
        assert came["control"], f"{way} reaches nothing at all"
        assert came["tried"] >= 20
        assert (came["astray"], came["arrived"], came["outcomes"].get("arrived")) == ([], 0, None), way


def test_no_redirect_is_followed_to_a_hostile_address(found):
    assert found["redirects"].keys() >= WAYS
    for way, came in found["redirects"].items():
        assert came["astray"] == [], way
        if way != "file by address":
            assert came["arrived"] == came["tried"], f"{way}: each call arrives once and leads nowhere else"


def test_a_name_whose_answer_changes_leads_nowhere_else(found):
    assert found["turning"].keys() >= WAYS
    for way, came in found["turning"].items():
        assert came["arrived"] > 0, way
        assert came["astray"] == [], way


def test_a_credential_never_arrives_at_another_host(found):
    assert found["credential"].keys() >= WAYS
    for way in WAYS:
        assert found["credential"][way]["kept"] == 3, f"{way}: it arrives where it belongs"
    for battery in found.values():
        for way, came in battery.items():
            assert came["leaked"] == 0, way


def test_what_nobody_asks_sends_nothing_and_embeddings_go_the_same_way(found):
    came = {name: (each["arrived"] > 0, each["astray"]) for name, each in found["twins"].items()}
    assert came == {
        "synchronous outside": (False, []), "synchronous inside": (False, []),
        "embeddings outside": (True, []), "embeddings inside": (False, []),
    }  # fmt: skip
