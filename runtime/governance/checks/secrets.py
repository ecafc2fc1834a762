"""Whether a secret was written into a setting, where everybody who sees the workflow can read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from nodes.sdk.secret_tokens import secrets_in
from runtime.governance.checks.verdict import Check, Evidence, counted, verdict
from runtime.governance.facts import Facts


def check(facts: Facts) -> Check:
    """No setting, start value or word of the workflow holds what looks like a secret."""
    found = [
        Evidence(f"{_where(facts, step, path)} holds what looks like {what}.", step)
        for step, path, text in _texts(facts)
        if (what := looks_like(text))
    ]
    return verdict(
        "secrets",
        "No secret is written into it",
        "No setting, prompt or note looks like it holds a secret.",
        found,
        failed=f"{counted(len(found), 'text looks', 'texts look')} like a secret. Delete it; a connection keeps it.",
    )


def looks_like(text: str) -> str:
    """What kind of secret a text seems to hold, or nothing. The secret itself is never repeated."""
    found = secrets_in(text, sure=True)
    return found[0].what if found else ""


def _texts(facts: Facts) -> Iterator[tuple[str | None, str, str]]:
    meaning, words = facts.document.meaning, facts.document.words
    for step, each in meaning.steps.items():
        for path, text in _inside(each.settings, ()):
            yield step, ".".join(path), text
    for name, variable in meaning.variables.items():
        for _, text in _inside(variable.start, ()):
            yield None, f"the run variable “{name}”", text
    yield None, "the description", words.description
    for note in words.notes.values():
        yield None, "a note on the canvas", note
    for step, said in words.steps.items():
        yield step, "its note", said.note
        for label in said.labels.values():
            yield step, "its words", f"{label.label} {label.help}"


def _inside(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    match value:
        case str():
            yield path, value
        case list():
            for index, each in enumerate(cast("list[Any]", value)):
                yield from _inside(each, (*path, str(index + 1)))
        case dict():
            for name, each in cast("dict[str, Any]", value).items():
                yield (*path, name), name
                yield from _inside(each, (*path, name))
        case _:
            return


def _where(facts: Facts, step: str | None, path: str) -> str:
    return f"“{facts.title(step)}” ({path})" if step else path[:1].upper() + path[1:]
