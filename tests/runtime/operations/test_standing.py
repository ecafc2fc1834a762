"""Whether a decision lets its version run: by kind, by withdrawal, and by time alone."""

import pytest

from runtime.operations.decisions import Ruling, standing_decision
from runtime.store import decisions as rows
from runtime.store.database import execute
from runtime.store.decisions import NewDecision
from tests.support.database import ON_POSTGRES

DAY = 86_400.0
FREE = ("PRAGMA foreign_keys=OFF", "SET session_replication_role = replica")
BOUND = ("PRAGMA foreign_keys=ON", "SET session_replication_role = origin")


def ruling(runtime, now: float, *dues: float, withdraw: float = 0, **facts) -> Ruling:
    """Of a decision with these facts and a condition for each due time (negative: met already); nothing is kept."""
    new = NewDecision(
        "d", "s", "w", "h", "m", 1, **{"kind": "approved", "reason": "r", "person": "p", "at": 0.0} | facts
    )

    def ask(tx) -> Ruling:
        execute(tx, FREE[ON_POSTGRES])
        execute(tx, "BEGIN")
        try:
            rows.insert_decision(tx, new)
            for number, due in enumerate(dues):
                rows.insert_condition(tx, condition=f"c{number}", decision="d", text=f"task {number}", due=abs(due))
                if due < 0:
                    rows.meet_condition(tx, f"c{number}", person="p", note="", now=1.0)
            assert not withdraw or rows.withdraw_decision(tx, "d", withdraw)
            return standing_decision(tx, "d", now)
        finally:
            execute(tx, "ROLLBACK")
            execute(tx, BOUND[ON_POSTGRES])

    return runtime.reader.now(ask)


@pytest.mark.parametrize("kind", ["approved", "conditions", "exception"])
def test_an_approval_holds(runtime, kind):
    assert ruling(runtime, DAY, kind=kind).valid


@pytest.mark.parametrize("kind", ["changes", "denied"])
def test_what_is_no_approval_never_holds(runtime, kind):
    assert ruling(runtime, DAY, kind=kind) == Ruling(False, "It was not approved.")


def test_an_unknown_decision_never_holds(runtime):
    assert not runtime.reader.now(lambda tx: standing_decision(tx, "none", 0.0)).valid


def test_an_exception_ends_at_its_moment(runtime):
    assert ruling(runtime, DAY - 1, kind="exception", expires=DAY).until == DAY
    assert "expired on 2 January 1970" in ruling(runtime, DAY, kind="exception", expires=DAY).sentence


def test_a_condition_that_is_not_met_ends_it_when_it_is_due(runtime):
    held = ruling(runtime, 2 * DAY - 1, 3 * DAY, 2 * DAY, -DAY, kind="conditions")
    assert (held.valid, held.until) == (True, 2 * DAY)
    ended = ruling(runtime, 2 * DAY, 3 * DAY, 2 * DAY, -DAY, kind="conditions")
    assert not ended.valid
    assert "“task 1”" in ended.sentence


def test_conditions_that_are_met_never_end_it(runtime):
    assert ruling(runtime, 99 * DAY, -DAY, -2 * DAY, kind="conditions") == Ruling(True, "The approval holds.")


def test_what_was_withdrawn_holds_no_more(runtime):
    held = ruling(runtime, 3 * DAY, withdraw=2 * DAY)
    assert held == Ruling(False, "The approval was withdrawn on 3 January 1970.")
