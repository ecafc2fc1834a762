"""Whether it can run at all."""

from __future__ import annotations

from runtime.governance.checks.verdict import Check, Evidence, counted, verdict
from runtime.governance.facts import Facts


def check(facts: Facts) -> Check:
    """Compiles without an error; warnings are for the reviewer to weigh."""
    errors = [Evidence(each.sentence, each.step) for each in facts.problems if each.severity == "error"]
    warnings = [Evidence(each.sentence, each.step) for each in facts.problems if each.severity == "warning"]
    return verdict(
        "compiles",
        "It can run",
        f"All {counted(len(facts.steps), 'step')} fit together.",
        errors,
        warnings,
        failed=f"{counted(len(errors), 'problem')} to mend before it can run.",
        warned=f"It can run; {counted(len(warnings), 'thing')} to look at.",
    )
