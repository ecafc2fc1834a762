"""The audit log: searched by those who watch, and its chain checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from runtime.errors import BadInput, NotFound
from runtime.operations.actors import ACTIONS, Actor
from runtime.operations.door import allowed, do
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from runtime.store import audit as rows
from runtime.store.audit import Verified
from runtime.store.database import Reader, open_engine
from runtime.store.things import called
from runtime.store.transaction import Tx

PAGE = 50
MOST_WORDS = 5
AREAS = tuple(sorted({name.partition(".")[0] for name in ACTIONS}))
"""the first words of the actions: what a filter offers"""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked for; what is empty does not narrow. Times are seconds since 1970."""

    person: str = ""
    """a person's id, or the beginning of a word of a name"""
    area: str = ""
    """the first word of the action, such as `workflow`"""
    thing: str = ""
    """the very id or name"""
    outcome: str = ""
    """done or refused"""
    since: float = 0.0
    until: float = 1e12
    words: str = ""
    """each of these words stands somewhere in action, thing, reason or the person's name"""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row of the log as a person reads it."""

    id: int
    at: float
    person: str
    who: str
    """the name; empty where nobody was signed in"""
    action: str
    words: str
    """what the action is, in words"""
    thing: str
    called: str
    """what the thing is called now; empty where it has no name, or is there no more"""
    outcome: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, newest first, and the id to go on before; 0 at the end."""

    entries: tuple[AuditEntry, ...]
    before: int


async def search_audit(
    runtime: Runtime, actor: Actor | None, *, looked: Looked | None = None, before: int = 0, most: int = PAGE
) -> AuditPage:
    """Entries that fit, newest first, from before the entry with id `before`."""
    await allowed(runtime, actor, "audit.search")
    wanted = looked or Looked()
    words = wanted.words.split()
    if len(words) > MOST_WORDS or len(wanted.words) > 200:
        raise BadInput(f"At most {MOST_WORDS} words can be searched at once.", hint="Leave some out.")
    most = max(1, min(most, 500))

    def find(tx: Tx) -> AuditPage:
        found = rows.search_audit(
            tx, person=wanted.person, area=wanted.area, thing=wanted.thing, outcome=wanted.outcome,
            since=wanted.since, until=wanted.until, words=words, before=before or 1 << 62, most=most + 1,
        )  # fmt: skip
        names = called(tx, {row.thing for row in found[:most]} | set(_ids(row.reason for row in found[:most])))
        entries = tuple(_entry(row, names) for row in found[:most])
        return AuditPage(entries, entries[-1].id if len(found) > most else 0)

    return await runtime.reader.ask(find)


async def verify_audit(runtime: Runtime, actor: Actor | None) -> Verified:
    """Compute the whole chain again; that somebody did is recorded, with what they found."""
    await allowed(runtime, actor, "audit.verify")
    found = await runtime.reader.ask(rows.verify_audit)
    await do(runtime, actor, "audit.verify", "audit", lambda _tx: found, said=in_words)
    return found


def verify_file(settings: Settings, kept: str = "") -> Verified:
    """The chain in a data folder, for a command on the server itself: nothing is started and nothing written."""
    if not settings.database_url and not settings.database.exists():
        raise NotFound("There is no database yet.", hint="Start Greenlane once, or set GREENLANE_DATA.")
    return Reader(open_engine(settings.store)).now(lambda tx: rows.verify_audit(tx, kept))


def kept_in_words(found: Verified) -> str:
    """What became of a link that was kept elsewhere."""
    if found.kept is not None:
        return f"The link you kept is that of row {found.kept}, so nothing up to it was changed or taken away."
    return "The link you kept is not in the log: its end was cut off, or the log was written anew."


def in_words(found: Verified) -> str:
    """What checking found, in a sentence."""
    if found.broken is not None:
        return f"Row {found.broken} does not fit the one before it; {found.rows} rows before it do."
    return f"All {found.rows} rows fit."


def _ids(texts: Iterable[str]) -> Iterator[str]:
    """The ids that stand in what was said."""
    return (found for text in texts for found in _ID.findall(text))


_ID = re.compile(r"\b[a-z]+_[0-9a-f]{32}\b")


def _entry(row: Sequence[object], names: Mapping[str, str]) -> AuditEntry:
    number, at, person, who, action, thing, outcome, reason, detail = row
    said = _ID.sub(lambda found: names.get(found[0], found[0]), str(reason))
    known = ACTIONS.get(str(action))
    words = known.words if known else _OTHERS.get(str(action), str(action).replace(".", " "))
    return AuditEntry(
        int(str(number)), float(str(at)), str(person), str(who), str(action), words, str(thing),
        names.get(str(thing), ""), str(outcome), said, str(detail),
    )  # fmt: skip


_OTHERS = {
    "session.start": "sign in",
    "session.prove": "show again who one is",
    "session.code": "make a sign-in link",
    "person.create": "first owner",
    "run.end": "run ended",
    "handler.call": "use a screen",
}
"""what is recorded without anybody asking the door"""
