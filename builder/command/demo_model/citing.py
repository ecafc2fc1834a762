"""An answer out of numbered passages: the sentences that share most words with the question, and where they stand."""

from __future__ import annotations

import re

from builder.command.demo_model.sentences import sentences, words

NOTHING = "The passages do not say. I am the demo model: I follow fixed rules and look for the words of the question."
MOST = 2
"""sentences of an answer"""
_PASSAGE = re.compile(r"\[(\d{1,3})\] (?=[^\n]{0,500}(?:, page \d|\.[a-z]{2,8}(?: – |\n)))", re.IGNORECASE)
"""the head of a passage: the file it stands in, with its page where it has pages"""
_ASKS = re.compile(r"^\s*(?:question|frage)\s*:\s*", re.IGNORECASE)
_STEM = 5
"""letters by which two forms of a word count as one"""
_SMALL_WORDS = """
the and for with this that what which does has have was are not how many much when where who whom can may get our your
from there about into ich mein meine habe haben hat der die das den dem des ein eine einen einer und oder wie viel viele
was wer wen wem wann welche welcher welches ist sind bei von für mit nicht auf wird werden kann darf man wir ihr
"""
_IDLE = frozenset(_SMALL_WORDS.split())


def cited(prompt: str) -> str | None:
    """The answer to the question of a prompt, with the numbers of its passages; None where it asks or holds nothing."""
    before, found = passages(prompt)
    question = (_question(before) or _question(found[-1][1])) if found else ""
    if not question:
        return None
    wanted = _stems(question)
    said = [(number, one) for number, text in found for one in sentences(text) if one[-1] in ".!" and one != question]
    shared = [len(wanted & _stems(one)) for _, one in said]
    best = sorted(range(len(said)), key=lambda place: -shared[place])[:MOST]
    return " ".join(f"{said[place][1]} [{said[place][0]}]" for place in sorted(best) if shared[place]) or NOTHING


def passages(prompt: str) -> tuple[str, list[tuple[str, str]]]:
    """What a prompt says before its first `[1] Handbook.pdf, page 12 – Leave`, and number and text of each passage."""
    before, *rest = _PASSAGE.split(prompt)
    return before, [(number, block.partition("\n")[2]) for number, block in zip(rest[::2], rest[1::2], strict=True)]


def _question(text: str) -> str:
    """The last question of a text; nothing where there is none."""
    lines = [each for each in text.splitlines() if each.strip()]
    marked = [_ASKS.sub("", each) for each in lines if _ASKS.match(each)]
    asked = [one for each in lines for one in sentences(_ASKS.sub("", each)) if one.endswith("?")]
    return next(iter([*marked[-1:], *asked[-1:]]), "")


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words(text) if len(word) > 2 and word not in _IDLE)
