"""How much one may run: so many at once, further ones wait for their turn; so many a minute, more are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from runtime.errors import TooManyStarts
from runtime.governance.policies import APP_SHARE, PERSON_SHARE, Share
from runtime.store.due import app_share, executed_of, has_started, is_busy
from runtime.store.policies import read_policy
from runtime.store.transaction import Tx

MINUTE_S = 60.0


def has_to_wait(tx: Tx, person: str, app: str | None, coming: Mapping[str | None, int]) -> bool:
    """Whether a run has to wait for its turn, because as many of this person or this app are executed as may be.
    `coming` are starts on their way to the rows."""
    free = read_policy(tx, PERSON_SHARE).at_once - coming[person]
    if free <= 0 or is_busy(tx, person, free):
        return True
    return app is not None and executed_of(tx, app) + coming[app] >= share_of(tx, app).at_once


def check_pace(tx: Tx, person: str, app: str | None, coming: Mapping[str | None, int], now: float) -> None:
    """Raises `TooManyStarts` when a person or an app has started as much in the last minute as may be."""
    _check(tx, "person", person, read_policy(tx, PERSON_SHARE).per_minute, coming[person], now)
    if app is not None:
        _check(tx, "app", app, share_of(tx, app).per_minute, coming[app], now)


def share_of(tx: Tx, app: str) -> Share:
    """What may run of an app: as IT has set for it, else as the policy says."""
    default, (at_once, per_minute) = read_policy(tx, APP_SHARE), app_share(tx, app)
    return Share(
        at_once=default.at_once if at_once is None else at_once,
        per_minute=default.per_minute if per_minute is None else per_minute,
    )


def _check(tx: Tx, of: Literal["person", "app"], who: str, most: int, coming: int, now: float) -> None:
    if most and (coming >= most or has_started(tx, of, who, now - MINUTE_S, most - coming)):
        subject = "You have started runs" if of == "person" else "This app was started"
        raise TooManyStarts(
            f"{subject} {most:,} times within a minute, which is the limit.",
            hint="Start it again in a minute; nothing of this start was kept. IT can raise the limit.",
        )
