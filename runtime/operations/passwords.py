"""Passwords: what is accepted, how they are kept, how often one may guess."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from runtime.errors import BadInput, TooBusy, TooManyTries
from runtime.operations.runtime import Runtime
from runtime.store import attempts
from runtime.store.transaction import Tx

T = TypeVar("T")

SHORTEST, LONGEST = 12, 200
FEWEST_DIFFERENT = 5

WINDOW_S = 15 * 60.0
"""how long an attempt counts"""
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 50

_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
"""argon2id with 64 MB: the second recommended choice of RFC 9106, one lane, because two hashes run side by side"""
_workers = ThreadPoolExecutor(2, thread_name_prefix="greenlane-password")
"""no more than two at a time: sixteen sign-ins at once took 3 s and 512 MB"""
_MOST_WAITING = 40


def check_password(password: str, *, name: str = "", email: str = "") -> None:
    """Raise `BadInput` for a password that would soon be guessed. Length is what counts; no rules of signs."""
    own = {each.lower() for each in (name, email, email.partition("@")[0], "greenlane") if len(each) > 2}
    plain = password.lower()
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(
            f"A password has {SHORTEST} to {LONGEST} characters.", hint="A few words in a row are easy to remember."
        )
    left = plain
    for each in sorted(own, key=len, reverse=True):  # the whole address before the name that begins it
        left = left.replace(each, "")
    if len(set(plain)) < FEWEST_DIFFERENT or len(left) < SHORTEST // 2 or plain in _USUAL or left in _USUAL:
        raise BadInput("This password would soon be guessed.", hint="Take a few words that nobody connects with you.")


_USUAL = {
    f"{word}{tail}" for word in ("password", "passwort", "qwertyuiop", "qwertzuiop", "letmein", "welcome", "changeme")
    for tail in ("", "1", "12", "123", "1234", "12345", "123456", "!", "1!", "2024", "2025", "2026")
} | {"1234567890", "12345678910", "123456789012", "abcdefghijkl", "correct horse battery staple"}  # fmt: skip


async def hashed(password: str) -> str:
    """What is kept of a password."""
    return await _computed(lambda: _hasher.hash(password))


async def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password. Without one to compare with, as much is computed, and the answer is no."""
    right = await _computed(lambda: _verified(kept or _nobodys(), password))
    return right and kept is not None


def _verified(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password[:LONGEST])
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")


async def _computed(work: Callable[[], T]) -> T:
    if _workers._work_queue.qsize() >= _MOST_WAITING:
        raise TooBusy("Many people sign in right now.", hint="Try again in a few seconds.")
    return await asyncio.get_running_loop().run_in_executor(_workers, work)


class Guess:
    """One attempt to name a password, counted before it is looked at."""

    def __init__(self, account: str, address: str) -> None:
        self._account, self._address = _subject("account", account), _subject("address", address)
        self._tries: list[int] = []

    async def count(self, runtime: Runtime) -> None:
        """Raises `TooManyTries` when this account or this address has had its share."""
        now = runtime.clock.now()
        most = {self._account: MOST_PER_ACCOUNT, self._address: MOST_PER_ADDRESS}
        tries = await runtime.writer.write(lambda tx: attempts.reserve(tx, most, now, WINDOW_S))
        if tries is None:
            raise TooManyTries(
                "There were too many attempts to sign in.",
                hint=f"Wait {WINDOW_S / 60:.0f} minutes, or ask your platform owner for a new link.",
            )
        self._tries = tries

    def succeeded(self, tx: Tx) -> None:
        """It was right: the attempts on the account are forgotten, those of the address stay."""
        attempts.forget(tx, self._tries, self._account)


def _subject(kind: str, name: str) -> str:
    return f"{kind}:{sha256(name.encode()).hexdigest()}"
