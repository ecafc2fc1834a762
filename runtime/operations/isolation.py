"""How the code of steps is kept apart on this machine: for the person who looks after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runtime.governance.policies import ISOLATION
from runtime.sandbox.cage import cage, seen_at_root, version
from runtime.sandbox.facts import look
from runtime.sandbox.limited import Broke
from runtime.settings import Settings
from runtime.store.database import Reader, open_engine
from runtime.store.policies import read_policy

FEW = 3
"""the numbers of processes in a cage: bubblewrap's own, and what it starts"""


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether code may run here, what was found, and what to do about it."""

    works: bool
    words: str
    advice: str = ""


def how_code_is_kept(settings: Settings) -> Kept:
    """Builds a cage and looks around in it. Reads the database where there is one; takes a second."""
    found = cage()
    if found.works:
        try:
            inside = look()
        except Broke as broke:
            return Kept(False, f"sandbox: the cage is built, but no process lives in it ({broke.reason})", found.advice)
        loose = [words for words, tight in _TIGHT.items() if not tight(inside)]
        if loose:
            return Kept(False, f"sandbox: the cage leaks ({', '.join(loose)})", "Do not run code; report this, please.")
        return Kept(
            True,
            f"sandbox: {version(found.bwrap)} and a filter of system calls; no network, no environment, no file to"
            " write, no capability, user 65534",
        )
    if not _is_reduced(settings):
        return Kept(
            False,
            f"sandbox: {found.why_not} Steps that run code are refused; files are read under limits"
            " and a filter of system calls alone",
            f"{found.advice} Or let the platform owner permit reduced isolation on the Policies page.",
        )
    return Kept(
        True,
        f"sandbox: REDUCED ISOLATION, permitted on the Policies page. {found.why_not} Code runs and files are read"
        " under limits on time, memory and system calls alone",
    )


_TIGHT: dict[str, Callable[[dict[str, Any]], bool]] = {
    "the environment is not empty": lambda inside: set(inside["environment"]) <= {"LC_CTYPE", "PWD"},
    "it is a user with rights": lambda inside: inside["user"] == [65534] * 3,
    "it has capabilities": lambda inside: not any(inside["capabilities"]) and not inside["bounding"],
    "it may gain rights": lambda inside: inside["no_new_rights"],
    "no filter holds": lambda inside: inside["filtered"],
    "it may write files": lambda inside: not inside["writable"],
    "it is handed descriptors": lambda inside: inside["descriptors"] == [0, 1, 2],
    "it sees other processes": lambda inside: inside["process"] <= FEW,
    "it sees files it does not need": lambda inside: {*inside["root"]} <= seen_at_root(),
    "it has a network": lambda inside: inside["network"] != "a socket",
}
"""what must hold inside, by the words for when it does not; the two names in the environment are bubblewrap's and the
interpreter's own"""


def _is_reduced(settings: Settings) -> bool:
    if not settings.database_url and not settings.database.exists():
        return ISOLATION.default.reduced
    return Reader(open_engine(settings.store)).now(lambda tx: read_policy(tx, ISOLATION)).reduced
