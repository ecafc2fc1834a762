"""Words that belong together, so that a choice can be made without understanding."""

from __future__ import annotations

from collections.abc import Iterable

from builder.command.demo_model.sentences import sentences, words

_TOPICS = """
billing invoice invoices payment pay paid charge charged bill refund price vat subscription money rechnung zahlung
technical bug error crash crashes crashed broken fails failed failure fault outage down slow timeout software server
account access login log password locked sign permission username anmeldung passwort konto
shipping delivery deliver delivered package parcel arrive arrived tracking courier order lieferung paket
sales quote offer pricing upgrade buy purchase licence license trial angebot
hr vacation leave salary contract hiring sick urlaub gehalt
legal contract privacy gdpr data lawyer court datenschutz
feature request wish suggestion idea improve improvement add
feedback praise thanks thank great love excellent positive happy pleased wonderful danke
complaint negative unacceptable disappointed angry terrible worst annoyed unhappy frustrated bad beschwerde
urgent high critical immediately asap emergency outage down blocked stopped production everyone deadline sofort dringend
low minor whenever rush cosmetic curious wondering someday
refund return money back reimburse cancel cancellation
cancel cancellation terminate quit kündigung kündigen
amount total sum price cost value worth euro euros eur dollars usd
"""
_GROUPS = tuple(frozenset(each.split()) for each in _TOPICS.strip().splitlines())
FALLBACKS = ("other", "general", "normal", "medium", "neutral", "unknown", "none", "misc", "standard", "sonstiges")
_SMALL_WORDS = """
the and for with whether this that from what which does has have was are not one any all requested requires needs is of
a an in to or
"""
_IDLE = frozenset(_SMALL_WORDS.split())


def related(name: str) -> frozenset[str]:
    """The words of a name and those that belong to them."""
    own = frozenset(word for word in words(name.replace("_", " ").replace("-", " ")) if word not in _IDLE)
    return own.union(*(group for group in _GROUPS if own & group))


def score(name: str, text_words: Iterable[str]) -> int:
    """How much a text speaks of a name: its own words count twice."""
    own, near = frozenset(words(name.replace("_", " "))), related(name)
    return sum(2 if word in own else 1 for word in text_words if word in near)


def best(options: list[str], text: str) -> str:
    """The option a text, above all its first sentence, speaks of most; else the one that means “something else”."""
    found = words(text) + words(next(iter(sentences(text)), ""))
    scores = [score(option, found) for option in options]
    if max(scores) > 0:
        return options[scores.index(max(scores))]
    return next((option for option in options if option.lower() in FALLBACKS), options[0])
