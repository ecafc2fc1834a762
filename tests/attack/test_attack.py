"""A part of the attack, each time; `make attack` does all of it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attack.payloads import choices, payload, takes_text
from tests.attack.tally import harmed, plain

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_nothing_escapes_a_part_of_the_attack():
    """A process of its own, because the settings of a server are read once."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.attack", "--every", "9"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    last = done.stdout.splitlines()[-1]
    assert re.fullmatch(r"attack: handlers \d+ routes \d+ cells \d+ denials [1-9]\d* escapes 0", last), done.stdout
    assert done.returncode == 0


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

    async def handler(self, form: dict[str, str], what: Literal["a", "b"], ids: list[str], n: int = 0): ...

    policy = policy_of(requires("page.see")(handler))
    assert policy is not None
    made = payload(policy, "word", 1)
    assert (made["what"], made["ids"], made["form"]) == ("b", ["word"], {"title": "word"})
    assert policy.arguments.checked(made)
    assert choices(policy) == 2
    assert takes_text(policy)
