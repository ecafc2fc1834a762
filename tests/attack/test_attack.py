"""`make attack` finds nothing, and finds what is broken on purpose."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from builder.session.arguments import ArgumentsError
from tests.attack.payloads import choices, misfits, payload, takes_text
from tests.attack.tally import difference, harmed, plain

ROOT = Path(__file__).parents[2]


PARTS = 8


def attack(*options: str) -> subprocess.CompletedProcess[str]:
    """Processes of its own, because a server reads its settings once."""
    command = [sys.executable, "-m", "tests.attack", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_escapes(part):
    done = attack("--parts", str(PARTS), "--part", str(part))
    assert done.returncode == 0, done.stderr
    tally = json.loads(done.stdout.splitlines()[-1])
    assert tally["escapes"] == []
    assert tally["handlers"] > 20
    assert tally["routes"] > 4
    assert min(tally["cells"], tally["denials"]) > 200


@pytest.mark.slow
def test_the_counts_of_all_parts_stand_in_the_last_line():
    done = attack("--only", "policies.save")
    assert re.fullmatch(
        r"attack: handlers 1 routes 0 cells \d+ denials [1-9]\d* escapes 0", done.stdout.splitlines()[-1]
    ), done.stdout + done.stderr
    assert done.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hole", "only"),
    [
        ("the_gate_asks_nobody", "policies"),
        ("every_thing_is_shared", "once:pages"),
        ("what_is_hidden_is_told", "/runs/{run_id}"),
        ("every_app_runs", "once:apps"),
    ],
)
def test_a_hole_that_is_made_on_purpose_is_found(hole, only):
    done = attack("--sabotage", hole, "--only", only, "--parts", "1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"escapes [1-9]", done.stdout.splitlines()[-1])


def test_a_row_of_somebody_else_that_changed_or_went_is_harm_and_ones_own_is_not():
    before = {"run": {("r1",): ("r1", "vera", 1), ("r2",): ("r2", "me", 1), ("r3",): ("r3", "vera", 1)}}
    after = {"run": {("r1",): ("r1", "vera", 2), ("r2",): ("r2", "me", 2)}}
    assert harmed(before, after, "me") == ["run ('r1',)", "run ('r3',)"]
    assert harmed(before, before, "me") == []


def test_two_answers_are_alike_when_only_the_name_and_what_is_random_differ():
    assert plain("There is no a1. 0192f3aa77bc 1.5", "a1") == plain("There is no b2. 0192f3bb88dd 2.5", "b2")
    assert plain("There is no a1.", "a1") != plain("You may not see b2.", "b2")


def test_arguments_are_made_for_any_signature():
    from typing import Literal

    from builder.session.policy import policy_of, requires

    async def handler(self, form: dict[str, str], what: Literal["a", "b"], ids: list[str], n: int = 0):
        return form["title"], form.get("why")

    policy = policy_of(requires("page.see")(handler))
    assert policy is not None
    made = payload(policy, "word", 1)
    assert (made["what"], made["ids"], made["form"]) == ("b", ["word"], {"title": "word", "why": "word"})
    assert policy.arguments.checked(made)
    assert choices(policy) == 2
    assert takes_text(policy)
    for wrong in (made := misfits(policy)):
        with pytest.raises(ArgumentsError):
            policy.arguments.checked(wrong)
    assert len(made) == 2 + 3 + 4, "one too many, the state itself; each left out that has to be there; each mistaken"


def test_only_what_two_answers_to_nothing_agree_in_sets_a_third_apart():
    assert difference("shown=a\nnumber=1", "shown=a\nnumber=2", "shown=a\nnumber=3") == ""
    assert "shown=b" in difference("shown=a\nnumber=1", "shown=b\nnumber=2", "shown=a\nnumber=3")
    assert "told=x" in difference("shown=a", "shown=a\ntold=x", "shown=a")
