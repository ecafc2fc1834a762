"""Whether data goes only where it may."""

from __future__ import annotations

from runtime.governance.checks.verdict import Check, Evidence, counted, verdict
from runtime.governance.facts import Facts


def check(facts: Facts) -> Check:
    """No crossing is above the clearance of the place it leads to."""
    crossings = facts.flow.crossings
    wrong = [Evidence(each.sentence, each.step or None) for each in crossings if not each.allowed]
    told = (
        f"{counted(len(crossings), 'flow')}, each to a place cleared for it." if crossings else "Nothing goes anywhere."
    )
    return verdict(
        "data_flow",
        "Data goes only where it may",
        told,
        wrong,
        failed=f"{counted(len(wrong), 'flow goes', 'flows go')} where {'it' if len(wrong) == 1 else 'they'} may not.",
    )
