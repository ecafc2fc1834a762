"""Finding sentences, names, dates and tasks in a text, by plain rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ABBREVIATIONS = ("mr.", "mrs.", "ms.", "dr.", "e.g.", "i.e.", "z.b.", "no.", "nr.", "approx.", "ca.")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])?\s*(?:\[[ xX]?\])?\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"(?<![\w.])-?\d{1,15}(?:[.,]\d{1,9})?(?![\w])")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_TAGE = "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_WHEN = re.compile(
    rf"\b(?:(?:by|until|before|on|due|bis|am)\s+)?(?:the\s+)?("
    rf"\d{{4}}-\d\d-\d\d|\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}})?|(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)(?:{_MONTHS})(?:\s+\d{{4}})?"
    rf"|(?:{_MONTHS})\s+\d{{1,2}}(?:st|nd|rd|th)?|(?:next\s+|this\s+)?(?:{_DAYS}|{_TAGE})|tomorrow|today|tonight|morgen|heute"
    rf"|(?:next|this)\s+(?:week|month|quarter|year)|(?:the\s+)?end\s+of\s+(?:the\s+)?(?:day|week|month|quarter|year))\b",
    re.IGNORECASE,
)
_NAME = r"[A-ZÄÖÜ][a-zäöüß]+(?:\s[A-ZÄÖÜ][a-zäöüß]+)?"
_DOES = re.compile(
    rf"\b({_NAME}|I|we|We)\s+(?:will|'ll|shall|must|needs?\s+to|ha(?:s|ve)\s+to|should|is\s+going\s+to|agreed\s+to|promised\s+to"
    rf"|to|wird|muss|soll)\s+(.+)"
)
_GIVEN = re.compile(rf"^(?:action|todo|to-do|task|aufgabe)\s*:?\s*(?:@?({_NAME})\s*[:,–-]\s*)?(.+)", re.IGNORECASE)
_OWNED = re.compile(rf"^@?({_NAME})\s*(?::|–|->|→)\s*(.+)")
_SIGNED = re.compile(rf"(?:regards|thanks|thank you|cheers|sincerely|grüße|gruß)[,!.]?\s+({_NAME})", re.IGNORECASE)
_INTRODUCED = re.compile(rf"\b(?:my name is|I am|I'm|this is|from:|name:)\s+({_NAME})")
_CAPITALISED = """
The This That It There They Everyone Nobody Action Decision Notes Meeting Agenda Open Next Please Hello Dear Hi Subject
Attendees Present Decided Agreed Question Status
"""
_NO_NAMES = frozenset(_CAPITALISED.split())


@dataclass(frozen=True)
class Task:
    """Something somebody is to do; empty where the text does not say."""

    who: str
    what: str
    when: str


def lines(text: str) -> list[str]:
    """The lines of a text without bullets and empty ones."""
    return [clean for line in text.splitlines() if (clean := _BULLET.sub("", line, count=1).strip())]


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line ends one."""
    found: list[str] = []
    for line in lines(text):
        sentence = ""
        for word in line.split():
            sentence = f"{sentence} {word}".strip()
            if word[-1] in ".!?" and word.lower() not in _ABBREVIATIONS and not word[:-1].isdigit():
                found.append(sentence)
                sentence = ""
        if sentence:
            found.append(sentence)
    return found


def words(text: str) -> list[str]:
    """The words of a text in small letters."""
    return [word.lower() for word in _WORD.findall(text)]


def numbers(text: str) -> list[tuple[int, float]]:
    """Every number with the place it stands at; parts of a date are none."""
    dates = [found.span() for found in _WHEN.finditer(text)]
    return [
        (found.start(), float(_pointed(found.group())))
        for found in _NUMBER.finditer(text)
        if not any(begin <= found.start() < end for begin, end in dates)
    ]


def _pointed(number: str) -> str:
    """`12,500` has a comma between thousands, `12,5` one before the decimals."""
    whole, comma, rest = number.partition(",")
    return whole + rest if comma and len(rest) == 3 else f"{whole}.{rest}" if comma else whole


def email(text: str) -> str:
    """The first e-mail address."""
    found = _EMAIL.search(text)
    return found.group() if found else ""


def when(text: str) -> str:
    """The first date or time of day, as it is written."""
    found = _WHEN.search(text)
    return found.group(1) if found else ""


def author(text: str) -> str:
    """Who wrote a text: the signature or introduction."""
    for pattern in (_SIGNED, _INTRODUCED):
        found = pattern.search(text)
        if found and found.group(1).split()[0] not in _NO_NAMES:
            return found.group(1)
    return ""


def reference(text: str) -> str:
    """The first word of letters and digits: an order, a customer number."""
    candidates = (word.strip(".,;:()[]!?") for word in text.split())
    mixed = (
        word for word in candidates if any(map(str.isdigit, word)) and (any(map(str.isalpha, word)) or "#" in word)
    )
    return next((word for word in mixed if not _WHEN.fullmatch(word)), "")


def task(sentence: str) -> Task | None:
    """The task in a sentence, if it holds one."""
    if sentence.endswith("?") or {"we", "agreed"} <= set(words(sentence)) or {"we", "decided"} <= set(words(sentence)):
        return None  # a question, a decision
    due = when(sentence)
    for pattern in (_GIVEN, _OWNED, _DOES):
        found = pattern.search(sentence)
        if not found:
            continue
        who, what = found.group(1) or "", found.group(2)
        if pattern is _OWNED and who.split()[0] in _NO_NAMES:
            continue
        inner = _DOES.search(what) if pattern is not _DOES else None
        if inner:
            who, what = who or inner.group(1), inner.group(2)
        if who.split()[:1] and who.split()[0] in _NO_NAMES:
            who = ""
        return Task(who, _without_due(what), due)
    if words(sentence)[:1] == ["please"]:
        return Task("", _without_due(sentence[len("please") :]), due)
    return None


def tasks(text: str) -> list[Task]:
    """All tasks of a text, in order."""
    return [found for each in sentences(text) if (found := task(each))]


def clipped(text: str, longest: int) -> str:
    """The beginning of a text, cut after a word."""
    if len(text) <= longest:
        return text
    return text[: max(1, longest - 1)].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _without_due(what: str) -> str:
    found = _WHEN.search(what)
    if found:
        what = f"{what[: found.start()].rstrip()}{what[found.end() :]}"
    return what.strip(" .,;:!–-")
