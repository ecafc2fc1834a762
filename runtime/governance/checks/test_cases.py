"""Whether its test cases pass with exactly this meaning."""

from __future__ import annotations

from runtime.governance.checks.verdict import Check, Evidence, counted, verdict
from runtime.governance.facts import Facts


def check(facts: Facts) -> Check:
    """Every test case was run with this meaning and passed; having none is a warning, which tier 3 does not accept."""
    wrong = [Evidence(f"“{each.name}”: {each.sentence}") for each in facts.tests if not each.passed]
    none = [] if facts.tests else [Evidence("There is no test case.")]
    return verdict(
        "test_cases",
        "Test cases pass",
        f"{counted(len(facts.tests), 'test case')} passed.",
        wrong,
        none,
        failed=f"{len(wrong)} of {counted(len(facts.tests), 'test case')} did not pass.",
    )
