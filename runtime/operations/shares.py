"""How much one may run: so many at once, further ones wait for their turn; so many a minute, more are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from runtime.errors import TooManyStarts
from runtime.governance.policies import APP_SHARE, PERSON_SHARE, Share
from runtime.store.due import app_share, taken_of
from runtime.store.policies import read_policies
from runtime.store.transaction import Tx

MINUTE_S = 60.0


def has_to_wait(tx: Tx, person: str, app: str | None, coming: Mapping[str | None, int], now: float) -> bool:
    """Whether a run has to wait for its turn, because as many of this person or this app are executed as may be.
    `coming` are starts on their way to the rows. Raises `TooManyStarts` when a person or an app has started as much in
    the last minute as may be."""
    of_person, of_apps = read_policies(tx, PERSON_SHARE, APP_SHARE)
    waits = _is_busy(tx, "person", person, of_person, coming[person], now)
    if app is not None:
        waits |= _is_busy(tx, "app", app, _share_of(tx, app, of_apps), coming[app], now)
    return waits


def _share_of(tx: Tx, app: str, default: Share) -> Share:
    """What may run of an app: as IT has set for it, else as the policy says."""
    at_once, per_minute = app_share(tx, app)
    return Share(
        at_once=default.at_once if at_once is None else at_once,
        per_minute=default.per_minute if per_minute is None else per_minute,
    )


def _is_busy(tx: Tx, of: Literal["person", "app"], who: str, share: Share, coming: int, now: float) -> bool:
    most = share.per_minute
    taken = taken_of(
        tx, of, who, at_once=max(share.at_once - coming, 1), since=now - MINUTE_S,
        started=max(most - coming, 1) if most else None,
    )  # fmt: skip
    if most and (taken.late or coming >= most):
        subject = "You have started runs" if of == "person" else "This app was started"
        raise TooManyStarts(
            f"{subject} {most:,} times within a minute, which is the limit.",
            hint="Start it again in a minute; nothing of this start was kept. IT can raise the limit.",
        )
    return taken.busy or coming >= share.at_once
