"""Which steps hand back to a person what they say, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.graph.document import FINISH, FIRST_AVAILABLE, Meaning
from runtime.graph.references import parse_template

SAID = "text"
"""the output a step speaks aloud while it runs"""


def handed_back(meaning: Meaning) -> frozenset[str]:
    """Steps whose text is put into a result as it is, straight or through “First available”.

    Whoever gets the result may hear these while they speak; of any other step a later one may keep something back.
    """
    found: set[str] = set()
    asked = [step for step, each in meaning.steps.items() if each.type == FINISH]
    seen = set(asked)
    while asked:
        for root, keys in _references(meaning.steps[asked.pop()].settings):
            step = meaning.steps.get(root)
            if step is None:
                continue
            if step.type == FIRST_AVAILABLE and root not in seen:
                seen.add(root)
                asked.append(root)
            elif keys == (SAID,):
                found.add(root)
    return frozenset(found)


def _references(value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every reference without a filter in a setting, however deep."""
    match value:
        case str():
            yield from ((each.root, each.keys) for each in parse_template(value).references if not each.filters)
        case {**inner}:
            for each in inner.values():
                yield from _references(each)
        case [*inner]:
            for each in inner:
                yield from _references(each)
        case _:
            return
