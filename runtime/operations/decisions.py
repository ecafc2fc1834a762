"""Decisions: what a reviewer says about a submission, and whether it still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from runtime.store import decisions as rows
from runtime.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a decision lets its version run now."""

    valid: bool
    sentence: str
    """why, for the person who is refused and for the log"""
    until: float | None = None
    """when it will end by itself if nobody does anything; None: it does not, or it has"""


def standing_decision(tx: Tx, decision_id: str, now: float) -> Ruling:
    """Whether a decision is an approval that holds at this moment: not withdrawn, not expired, no condition overdue.

    Asked inside the transaction of every start, so that time alone stops an app.
    """
    found = rows.standing_of(tx, decision_id)
    if found is None:
        return Ruling(False, "There is no such decision.")
    if found.kind not in rows.APPROVALS:
        return Ruling(False, "It was not approved.")
    if found.withdrawn is not None:
        return Ruling(False, f"The approval was withdrawn on {day(found.withdrawn)}.")
    if found.expires is not None and found.expires <= now:
        return Ruling(False, f"The exception expired on {day(found.expires)}.")
    if found.due is not None and found.due <= now:
        return Ruling(False, f"The condition “{found.text}” was due by {day(found.due)} and is not met.")
    return Ruling(True, "The approval holds.", min((each for each in (found.expires, found.due) if each), default=None))


def day(moment: float) -> str:
    """`3 November 2026` (UTC)."""
    at = datetime.fromtimestamp(moment, UTC)
    return f"{at.day} {at:%B %Y}"
