"""Passwords: which are taken, how they are kept, and how often one may guess."""

import pytest

from runtime.clock import MovedClock
from runtime.errors import BadInput, TooManyTries
from runtime.operations import passwords
from runtime.operations.passwords import MOST_PER_ACCOUNT, WINDOW_S, Guess, check_password, hashed, matches
from tests.support.product import product

PRODUCTS = passwords._hasher
"""as the product computes; other tests take a cheaper one"""
STONES = "four small grey stones"


@pytest.mark.slow
def test_a_password_is_kept_with_what_rfc_9106_asks_for_and_never_the_same_twice():
    one, other = PRODUCTS.hash(STONES), PRODUCTS.hash(STONES)
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert one != other


async def test_only_the_password_matches_and_nobody_has_none():
    kept = await hashed(STONES)
    assert await matches(kept, STONES)
    assert not await matches(kept, STONES + " ")
    assert not await matches(None, "the password of nobody")
    assert not await matches("no hash", STONES)


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 201, "aaaaaaaaaaaaaa", "Password1234", "greenlane2026!", "Ada Lovelace 1", "ada@example.com"],
)
def test_what_would_soon_be_guessed_is_refused_with_a_hint(password: str):
    with pytest.raises(BadInput) as refusal:
        check_password(password, name="Ada Lovelace", email="ada@example.com")
    assert refusal.value.hint


def test_a_few_words_are_taken():
    check_password(STONES, name="Ada", email="ada@example.com")


async def test_an_account_has_its_share_of_guesses_until_time_has_passed_or_one_was_right(tmp_path, model):
    clock = MovedClock()
    with product(tmp_path, model, clock=clock) as running:

        async def guess(at: int) -> Guess:
            made = Guess("ada@example.com", f"192.0.2.{at}")
            await made.count(running)
            return made

        guesses = [await guess(at) for at in range(MOST_PER_ACCOUNT)]
        with pytest.raises(TooManyTries) as stopped:
            await guess(99)
        assert "15 minutes" in stopped.value.hint
        await running.writer.write(guesses[-1].succeeded)
        await guess(99)
        clock.move(WINDOW_S + 1)
        for at in range(MOST_PER_ACCOUNT):
            await guess(at)
