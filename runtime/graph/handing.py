"""What is handed back to a person: which steps say something word for word, what a chat is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import orjson

from nodes.sdk import is_file
from runtime.graph.document import FINISH, FIRST_AVAILABLE, Meaning
from runtime.graph.references import parse_template

SAID = "text"
"""the output a step speaks aloud while it runs"""
ANSWER = "answer"
"""the output of a run that is said to whoever chats"""


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


def answer_of(outputs: Mapping[str, Any]) -> str:
    """What a run of a chat answers: its output `answer`, or the only one. Empty where that is files."""
    given = outputs.get(ANSWER) if ANSWER in outputs else next(iter(outputs.values())) if len(outputs) == 1 else None
    entries = cast("list[Any]", given) if isinstance(given, list) else [given]
    if given is None or (entries and all(is_file(each) for each in entries)):
        return ""
    return given if isinstance(given, str) else orjson.dumps(given, option=orjson.OPT_INDENT_2).decode()


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
