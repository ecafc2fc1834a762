"""Whether a secret was written into a setting, where everybody who sees the workflow can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import log2
from typing import Any, cast

from runtime.governance.checks.verdict import Check, Evidence, counted, verdict
from runtime.governance.facts import Facts

SHAPES: dict[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----"),
    "an OpenAI or Anthropic key": re.compile(r"\bsk-[A-Za-z0-9_-]{20,200}"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,100}|github_pat_[A-Za-z0-9_]{30,100})"),
    "a GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{20,60}"),
    "an AWS key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a Google key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}"),
    "a Slack token": re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,100}"),
    "a Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{20,100}"),
    "a Greenlane key": re.compile(r"\bgl_[A-Za-z0-9_-]{43}\b"),
    "a token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,1000}"),
    "a password inside an address": re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@{}]{1,64}:[^\s/@{}]{1,128}@"),
    "a credential in a header": re.compile(r"\b(?:Bearer|Basic)\s+[A-Za-z0-9+/_=.-]{16,2000}"),
}
"""what secrets look like; no pattern can take longer than the text is long"""
_NAMED = re.compile(
    r"(?i)\b(?:password|passwd|pwd|secret|api[_ -]?key|token|credential)s?\b"
    r"\s{0,3}(?:is|=|:)\s{0,3}[\"'“]?([^\s\"'”{}]{8,200})"
)
ENOUGH_BITS = 3.0
"""of chance in each sign: below it a word is a word"""


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
    for what, shape in SHAPES.items():
        if shape.search(text):
            return what
    for named in _NAMED.finditer(text):
        word = named[1]
        if _bits(word) >= ENOUGH_BITS and any(each.isdigit() for each in word) and any(each.isalpha() for each in word):
            return "a password or key"
    return ""


def _bits(word: str) -> float:
    """Chance in each sign of a word, by how often its signs repeat."""
    shares = [word.count(sign) / len(word) for sign in set(word)]
    return -sum(share * log2(share) for share in shares)


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
