"""Whether somebody else can understand it."""

from __future__ import annotations

from runtime.governance.checks.verdict import Check, Evidence, counted, verdict
from runtime.governance.facts import Facts


def check(facts: Facts) -> Check:
    """It says what it is for, every step has a title and every input a help text."""
    document, missing = facts.document, list[Evidence]()
    if len(document.words.description.split()) < ENOUGH_WORDS:
        missing.append(
            Evidence("Its description is missing or too short: say what it is for, with the gear above the canvas.")
        )
    for step in facts.order:
        words = document.words.steps.get(step)
        if words is None or not words.title:
            missing.append(Evidence(f"The step “{step}” has no title.", step))
        for draw in facts.touches[step].draws:
            label = words.labels.get(draw.name) if words else None
            if draw.kind == "input" and not (label and (label.help or label.label)):
                missing.append(Evidence(f"The input “{draw.name}” has neither label nor help.", step))
    return verdict(
        "documented",
        "It is documented",
        "Purpose, steps and inputs are described.",
        [],
        missing,
        warned=f"{counted(len(missing), 'thing')} without a description.",
    )


ENOUGH_WORDS = 3
"""fewer say nothing"""
