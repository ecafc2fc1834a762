"""What becomes of an app when something it was approved with has changed: the policy decides, and is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass

from runtime.governance.manifest import Drifted, drifted
from runtime.governance.policies import DRIFT, TIERS
from runtime.graph.touching import Touched
from runtime.operations.decisions import day
from runtime.operations.manifests import manifest_for, manifest_under
from runtime.store.apps import AppRow, drift_row, keep_drift
from runtime.store.audit import write_audit
from runtime.store.policies import read_policy
from runtime.store.transaction import Tx

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Drift:
    """One changed dependency and what the policy makes of it."""

    what: Drifted
    ruling: str
    """stop, grace or carry_on"""
    until: float | None
    """end of the grace"""
    known: bool
    """whether it is written down already"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a run of an app may start at this moment."""

    starts: bool
    sentence: str = ""
    """why not, for the person who wanted to start it"""
    hint: str = ""
    until: float | None = None
    """when that ends by itself"""
    drifts: tuple[Drift, ...] = ()


def judge(tx: Tx, row: AppRow, touched: Touched, now: float) -> Standing:
    """Compare what the app depends on now with what was approved, and ask the policy about each difference."""
    current = manifest_for(tx, touched)
    if current.digest == row.manifest:
        return Standing(True)
    drifts = tuple(_ruled(tx, row, each, now) for each in drifted(manifest_under(tx, row.manifest), current))
    stopping = next((each for each in drifts if each.ruling == "stop" or (each.until or now) < now), None)
    ends = min((each.until for each in drifts if each.until is not None), default=None)
    if stopping is None:
        return Standing(True, until=ends, drifts=drifts)
    over = f", and the time it was given ended on {day(stopping.until)}" if stopping.until else ""
    return Standing(
        False, f"Something changed since this app was approved{over}. {stopping.what.sentence}",
        "Its owner submits it again; IT sees then what changed.", ends, drifts,
    )  # fmt: skip


def keep(tx: Tx, app: str, standing: Standing, now: float) -> None:
    """Write down what the policy decided: once for each change, naming both digests."""
    for each in standing.drifts:
        if not each.known:
            approved, found = _digests(each.what)
            keep_drift(tx, app, _name(each.what), approved, found, ruling=each.ruling, until=each.until, now=now)
            detail = json.dumps({"approved": approved, "found": found, "until": each.until})
            write_audit(
                tx, at=now, person="", action="app.drift", thing=app, outcome="done",
                reason=f"{each.ruling}: {each.what.sentence}", detail=detail,
            )  # fmt: skip


def _ruled(tx: Tx, row: AppRow, what: Drifted, now: float) -> Drift:
    """What the policy says; a grace begins when the change is first met."""
    before = drift_row(tx, row.id, _name(what), *_digests(what))
    if before is not None:
        return Drift(what, before.ruling, before.until, True)
    tier = TIERS[min(max(row.tier, 1), 3) - 1]
    ruling = read_policy(tx, DRIFT[what.kind, tier])
    until = now + ruling.days * DAY_S if ruling.do == "grace" else None
    return Drift(what, ruling.do, until, False)


def _name(what: Drifted) -> str:
    return f"{what.kind}:{what.name}"


def _digests(what: Drifted) -> tuple[str, str]:
    """Digest it was approved with, and the one it has now; empty where it was or is not needed."""
    return what.before.digest if what.before else "", what.after.digest if what.after else ""
