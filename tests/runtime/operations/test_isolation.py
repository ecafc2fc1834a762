"""What doctor says of the cage: that it holds, why there is none, and when code runs without one."""

from dataclasses import replace

import pytest

from runtime.governance.policies import ISOLATION
from runtime.operations import isolation, policies
from runtime.operations.isolation import how_code_is_kept
from runtime.sandbox.cage import Cage
from runtime.sandbox.cage import cage as real
from runtime.sandbox.limited import Broke
from tests.support.reviewing import somebody

REASON = "This server has no user namespaces, and nothing secret is on it."
NONE = Cage("", "bubblewrap is not installed.", "Install it: apt-get install bubblewrap")


@pytest.fixture
def no_cage(monkeypatch):
    monkeypatch.setattr(isolation, "cage", lambda: NONE)


@pytest.mark.skipif(not real().works, reason="no cage can be built here")
def test_a_cage_that_holds_is_told_with_what_it_keeps_away(runtime):
    kept = how_code_is_kept(runtime.settings)
    assert kept.works
    assert "no network" in kept.words


def test_without_a_cage_it_says_why_what_is_refused_and_what_to_do(runtime, no_cage):
    kept = how_code_is_kept(runtime.settings)
    assert not kept.works
    assert "bubblewrap is not installed" in kept.words
    assert "refused" in kept.words
    assert "files are read under limits" in kept.words
    assert "apt-get install bubblewrap" in kept.advice


async def test_reduced_isolation_is_permitted_by_the_owner_with_a_reason_and_shown(runtime, no_cage):
    olga = await somebody(runtime, "Olga", "owner")
    await policies.set_policy(runtime, olga, policy=ISOLATION.name, value={"reduced": True}, reason=REASON)
    kept = how_code_is_kept(runtime.settings)
    assert kept.works
    assert "REDUCED ISOLATION" in kept.words


def test_where_nothing_was_ever_started_the_default_holds(runtime, no_cage, tmp_path):
    assert not how_code_is_kept(runtime.settings.model_copy(update={"data": tmp_path / "nowhere"})).works


@pytest.mark.parametrize(
    ("what", "seen", "words"),
    [
        ("network", "a socket", "network"),
        ("writable", ["/tmp"], "write"),
        ("capabilities", [1, 0, 0, 0, 0, 0], "capabilities"),
        ("environment", ["SECRET"], "environment"),
        ("filtered", False, "filter"),
        ("user", [0, 0, 0], "user"),
        ("descriptors", [0, 1, 2, 5], "descriptors"),
        ("process", 4711, "processes"),
        ("root", ["etc", "usr"], "files"),
    ],
)
def test_a_cage_that_leaks_is_told_as_one(runtime, monkeypatch, what, seen, words):
    tight = {"environment": [], "user": [65534] * 3, "capabilities": [0] * 6, "bounding": [], "no_new_rights": True,
             "filtered": True, "writable": [], "descriptors": [0, 1, 2], "process": 2, "root": ["usr"],
             "network": "Operation not permitted"}  # fmt: skip
    monkeypatch.setattr(isolation, "cage", lambda: replace(NONE, bwrap="/bin/true", why_not=""))
    monkeypatch.setattr(isolation, "look", lambda: tight)
    assert how_code_is_kept(runtime.settings).works
    monkeypatch.setattr(isolation, "look", lambda: tight | {what: seen})
    kept = how_code_is_kept(runtime.settings)
    assert not kept.works
    assert words in kept.words


def test_a_cage_in_which_nothing_lives_is_none(runtime, monkeypatch):
    def dies():
        raise Broke("crash")

    monkeypatch.setattr(isolation, "cage", lambda: replace(NONE, bwrap="/bin/true", why_not=""))
    monkeypatch.setattr(isolation, "look", dies)
    assert not how_code_is_kept(runtime.settings).works
