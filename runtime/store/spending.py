"""The ledger of model calls: the most a call may cost is reserved before it leaves and settled after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from runtime.store.dialects import BUDGET_LOCK, lock


@dataclass(frozen=True, slots=True)
class Reservation:
    """A call about to be made. `key` is its idempotency key: a repeated call reserves nothing twice."""

    key: str
    run: str
    step: str
    alias: str
    model: str
    person: str
    at: float
    cost: float
    month_limit: float | None


def reserve(tx: Connection, wanted: Reservation) -> bool:
    """Book the call; False when its alias would pass its limit of this month."""
    if wanted.month_limit is not None:
        lock(tx, BUDGET_LOCK)  # what others reserve at this moment counts too
        spent = month_cost(tx, wanted.alias, wanted.at, but=wanted.key)
        if spent + wanted.cost > wanted.month_limit:
            return False
    tx.exec_driver_sql(
        "INSERT INTO spend (key, run, step, alias, model, person, at, reserved) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET at = excluded.at, reserved = excluded.reserved, settled = NULL",
        (wanted.key, wanted.run, wanted.step, wanted.alias, wanted.model, wanted.person, wanted.at, wanted.cost),
    )
    return True


def settle(tx: Connection, key: str, *, cost: float | None, tokens_in: int, tokens_out: int) -> None:
    """Put what was really used in the place of what was reserved. An unknown price settles as 0."""
    tx.exec_driver_sql(
        "UPDATE spend SET settled = ?, tokens_in = ?, tokens_out = ? WHERE key = ?",
        (cost or 0.0, tokens_in, tokens_out, key),
    )


def month_cost(tx: Connection, alias: str, at: float, *, but: str = "") -> float:
    """What an alias cost since the first of the month (UTC), open reservations included."""
    question = (
        "SELECT coalesce(sum(coalesce(settled, reserved)), 0) FROM spend WHERE alias = ? AND at >= ? AND key <> ?"
    )
    return tx.exec_driver_sql(question, (alias, _month_begun(at), but)).scalar_one()


def _month_begun(at: float) -> float:
    return datetime.fromtimestamp(at, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


def month_costs(tx: Connection, at: float) -> dict[str, float]:
    """The same of every alias that cost anything."""
    question = "SELECT alias, sum(coalesce(settled, reserved)) FROM spend WHERE at >= ? GROUP BY alias"
    return {row[0]: row[1] for row in tx.exec_driver_sql(question, (_month_begun(at),))}


def usage_of_calls(tx: Connection, run: str) -> dict[str, dict[str, Any]]:
    """What each settled call of a run used, by its key."""
    rows = tx.exec_driver_sql(
        "SELECT key, settled, tokens_in, tokens_out FROM spend WHERE run = ? AND settled IS NOT NULL", (run,)
    )
    return {row.key: {"cost": row.settled, "tokens_in": row.tokens_in, "tokens_out": row.tokens_out} for row in rows}
