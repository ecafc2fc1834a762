"""Trying out: how a run differs from one that simply runs, and what steps of a draft are pinned to give."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from runtime.store.database import execute


class TrialRow(NamedTuple):
    """How a run is tried out; the order is that of the columns."""

    run: str
    kind: str
    source: str
    step: str
    path: str
    calls: str
    pins: bytes


class PinnedRow(NamedTuple):
    """What a step of a draft is pinned to give; the order is that of the columns."""

    workflow: str
    step: str
    pin: bytes
    source: str
    person: str
    updated: float


_TRIAL, _PINNED = ", ".join(TrialRow._fields), ", ".join(PinnedRow._fields)


def insert_trial(tx: Connection, trial: TrialRow) -> None:
    """Say how a run is tried out, in the transaction that starts it."""
    execute(tx, f"INSERT INTO trial ({_TRIAL}) VALUES (?, ?, ?, ?, ?, ?, ?)", trial)


def trial_of(tx: Connection, run: str) -> TrialRow | None:
    """How a run is tried out; None: it simply runs."""
    row = execute(tx, f"SELECT {_TRIAL} FROM trial WHERE run = ?", (run,)).fetchone()
    return TrialRow(*row) if row else None


def tried_with(tx: Connection, run: str) -> list[str]:
    """Ids of the runs that were given something of another."""
    return [row[0] for row in execute(tx, "SELECT run FROM trial WHERE source = ? ORDER BY run", (run,)).fetchall()]


def erase_trial(tx: Connection, run: str) -> None:
    """Remove what steps of a run were pinned to give."""
    execute(tx, "UPDATE trial SET pins = ? WHERE run = ?", (b"{}", run))


def write_pin(tx: Connection, pin: PinnedRow) -> None:
    """Pin a step of a draft, anew or otherwise."""
    execute(
        tx,
        f"INSERT INTO pinned ({_PINNED}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (workflow, step) DO UPDATE SET"
        " pin = excluded.pin, source = excluded.source, person = excluded.person, updated = excluded.updated",
        pin,
    )


def remove_pin(tx: Connection, workflow: str, step: str) -> bool:
    """Unpin a step; False where it was not pinned."""
    return execute(tx, "DELETE FROM pinned WHERE workflow = ? AND step = ?", (workflow, step)).rowcount == 1


def pins_on(tx: Connection, workflow: str) -> list[PinnedRow]:
    """The pins of a draft, by step."""
    rows = execute(tx, f"SELECT {_PINNED} FROM pinned WHERE workflow = ? ORDER BY step", (workflow,))
    return [PinnedRow(*row) for row in rows.fetchall()]


def forget_pins_of(tx: Connection, run: str) -> None:
    """What was pinned from a run whose data is removed goes with it."""
    execute(tx, "DELETE FROM pinned WHERE source = ?", (run,))
