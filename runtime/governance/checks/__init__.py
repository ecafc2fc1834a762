"""The automatic checks of a submission, one file each, pure over gathered facts, in the order a reviewer reads them."""

from __future__ import annotations

from collections.abc import Callable

from runtime.governance.checks import compiles, data_flow, documented, places, secrets, test_cases
from runtime.governance.checks.verdict import Check, Evidence
from runtime.governance.facts import Facts

CHECKS: tuple[Callable[[Facts], Check], ...] = (
    compiles.check,
    data_flow.check,
    secrets.check,
    places.check,
    test_cases.check,
    documented.check,
)

__all__ = ["CHECKS", "Check", "Evidence", "check_all"]


def check_all(facts: Facts) -> list[Check]:
    """Every check, whatever the others found."""
    return [each(facts) for each in CHECKS]
