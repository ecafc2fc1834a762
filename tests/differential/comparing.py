"""What the engine did, held against what the reference says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tests.differential.choices import smaller
from tests.differential.drawing import Drawn, document
from tests.differential.playing import Played
from tests.differential.reference import Line, Outcome
from tests.differential.values import TooLarge, canonical

Check = Callable[[Drawn], list[str]]
"""plays a document and gives what is wrong"""


def differences(played: Played, meant: Outcome) -> list[str]:
    """Each difference as a line for whoever looks into it."""
    found: list[str] = []
    if played.status != meant.status:
        found.append(f"status is {played.status}, should be {meant.status}")
    if canonical(played.outputs) != canonical(meant.outputs):
        names = played.outputs.keys() | meant.outputs.keys()
        wrong = [each for each in sorted(names) if _at(played.outputs, each) != _at(meant.outputs, each)]
        found += [
            f"output {each} is {_at(played.outputs, each)}, should be {_at(meant.outputs, each)}" for each in wrong
        ]
    if played.status == "failed" and played.culprit not in meant.culprits:
        found.append(f"it failed at {played.culprit}, should be at one of {sorted(meant.culprits)}")
    sure = Counter(each.line for each in meant.happened if each.sure)
    may = Counter(each.line for each in meant.happened)
    did = Counter(played.lines)
    found += [f"missing: {_told(each)}" for each in sure - did]
    found += [f"too much: {_told(each)}" for each in did - may]
    return found


def _at(outputs: dict[str, Any], name: str) -> str:
    return canonical(outputs[name]) if name in outputs else "not there"


def _told(line: Line) -> str:
    return " ".join(each or "-" for each in line)


def check_seeds(seeds: Sequence[int], check: Check, thorough: Check | None = None) -> int:
    """Check the document of each seed; the number of those that were of interest. Raises `AssertionError` for the first
    that is wrong, made as small as `thorough` finds it wrong as well."""
    checked = 0
    for seed in seeds:
        drawn = document(seed)
        try:
            wrong = check(drawn)
        except TooLarge:
            continue
        assert not wrong, report(seed, drawn, thorough or check, wrong)
        checked += 1
    return checked


def report(seed: int, drawn: Drawn, check: Check, wrong: list[str]) -> str:
    """What is wrong with the document of a seed, and with the smallest that is wrong as well."""

    def still(made: Sequence[int]) -> bool:
        try:
            return bool(check(document(made)))
        except TooLarge:
            return False

    least = document(smaller(drawn.choices, still))
    meaning = least.document["meaning"]
    steps = [f"{step}: {json.dumps(each)}" for step, each in meaning["steps"].items() if step != "end"]
    edges = ", ".join(f"{each['from']} → {each['to']}" for each in meaning["edges"] if each["to"] != "end")
    steps += [f"{content}: {json.dumps(each['meaning'])}" for content, each in least.library.items()]
    shown = [*steps, edges, f"inputs {least.inputs}", "", *check(least)]
    return "\n".join([f"seed {seed}:", *wrong, "", "as small as it gets:", *shown])
