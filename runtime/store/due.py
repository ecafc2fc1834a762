"""Which runs need hands: whose turn it is among those that wait, and which were left by a process that is gone.

However many runs wait, a look reads few rows: it goes from person to person along the index, and reads of each only
as many as may start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from runtime.store.database import execute
from runtime.store.runs import Claim, claim

MOST_PEOPLE = 64
"""people a look goes to, from where the one before stopped"""
MOST_APPS = 16
"""apps of one person a look goes to"""
MOST_EACH = 8
"""runs of one person and app that a look reads"""


class Turn(NamedTuple):
    """A run that may start now."""

    run: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found. `after` is where the next one goes on; empty: at the beginning."""

    turns: list[Turn]
    after: str
    waiting: bool
    """whether anybody waits at all, for a limit or for room"""


def next_turns(tx: Connection, now: float, *, room: int, person_most: int, app_most: int, after: str = "") -> Look:
    """Up to `room` waiting runs that may start, fairly: whoever has the fewest running comes first, then the oldest.

    A person executes at most `person_most` runs at once. An app has the limit IT has set for it, else `app_most`.
    """
    by_person, by_app = _busy(tx)
    free_of_app: dict[str, int] = {}

    def free_of(app: str) -> int:
        if app not in free_of_app:
            free_of_app[app] = _most_of(tx, app, app_most) - by_app[app]
        return free_of_app[app]

    people, last = _waiting_people(tx, after)
    found: list[tuple[int, float, str, str | None, int]] = []
    for person in people:
        held = by_person[person]
        if (free := min(person_most - held, room, MOST_EACH)) > 0:
            waiting = _waiting(tx, person, now, free, free_of)
            found += [(held + rank, *each) for rank, each in enumerate(waiting[:free])]
    turns: list[Turn] = []
    for _, _, run, app, attempt in sorted(found, key=lambda each: each[:3]):
        if len(turns) == room:
            break
        if app is not None:
            if free_of(app) <= 0:
                continue
            free_of_app[app] -= 1
        turns.append(Turn(run, attempt))
    return Look(turns, last, bool(people))


def take_turns(
    tx: Connection, process: str, now: float, *, room: int, person_most: int, app_most: int, after: str = ""
) -> list[Claim]:
    """Claim what `next_turns` says inside the transaction that writes, so that no limit is passed."""
    look = next_turns(tx, now, room=room, person_most=person_most, app_most=app_most, after=after)
    claims = [claim(tx, each.run, attempt=each.attempt, process=process, now=now) for each in look.turns]
    return [each for each in claims if each is not None]


def any_waits(tx: Connection, now: float) -> bool:
    """Whether any run is due."""
    question = "SELECT 1 FROM run WHERE status = 'queued' AND due_at <= ? LIMIT 1"
    return execute(tx, question, (now,)).fetchone() is not None


class Taken(NamedTuple):
    """Whether a person, or whoever starts an app, has reached a limit."""

    busy: bool
    """as many runs are executed as may be"""
    late: bool
    """as many runs were started as may be"""


def taken_of(
    tx: Connection, of: Literal["person", "app"], who: str, *, at_once: int, since: float, started: int | None
) -> Taken:
    """Whether so many runs are executed at once, and whether so many were started since then (None: any number may
    be). One statement, because every start asks it."""
    busy = f"(SELECT 1 FROM run WHERE status = 'running' AND {of} = ?1 LIMIT 1 OFFSET ?2)"
    if started is None:
        return Taken(execute(tx, f"SELECT {busy}", (who, at_once - 1)).fetchone()[0] is not None, False)
    late = f"(SELECT 1 FROM run WHERE {of} = ?1 AND created > ?3 LIMIT 1 OFFSET ?4)"
    row = execute(tx, f"SELECT {busy}, {late}", (who, at_once - 1, since, started - 1)).fetchone()
    return Taken(row[0] is not None, row[1] is not None)


def attempt_waiting(tx: Connection, run: str) -> int | None:
    """The attempt of a run that waits for its turn; None for any other."""
    row = execute(tx, "SELECT attempt FROM run WHERE id = ? AND status = 'queued'", (run,)).fetchone()
    return row[0] if row else None


def app_share(tx: Connection, app: str) -> tuple[int | None, int | None]:
    """What IT has set for an app: runs at once, starts in a minute."""
    row = execute(tx, "SELECT at_once, per_minute FROM app WHERE id = ?", (app,)).fetchone()
    return (row[0], row[1]) if row else (None, None)


def processes_at_work(tx: Connection) -> list[str]:
    """Ids of the processes that execute runs, by their rows."""
    return [row[0] for row in execute(tx, "SELECT DISTINCT process FROM run WHERE status = 'running'")]


def runs_held(tx: Connection, process: str, most: int) -> list[Turn]:
    """The runs a process executes, by their rows."""
    question = "SELECT id, attempt FROM run WHERE status = 'running' AND process = ? LIMIT ?"
    return [Turn(*row) for row in execute(tx, question, (process, most))]


def _busy(tx: Connection) -> tuple[Counter[str], Counter[str]]:
    """How many runs are executed, by person and by app."""
    by_person: Counter[str] = Counter()
    by_app: Counter[str] = Counter()
    counted = "SELECT person, app, count(*) FROM run WHERE status = 'running' GROUP BY person, app"
    for person, app, count in execute(tx, counted):
        by_person[person] += count
        if app is not None:
            by_app[app] += count
    return by_person, by_app


def _waiting_people(tx: Connection, after: str) -> tuple[list[str], str]:
    """The next people some of whose runs wait, and the last of them; empty when there is nobody behind."""
    people: list[str] = []
    while len(people) < MOST_PEOPLE:
        question = "SELECT min(person) FROM run WHERE status = 'queued' AND person > ?"
        person = execute(tx, question, (after,)).fetchone()[0]
        if person is None:
            return people, ""
        people.append(person)
        after = person
    return people, after


def _waiting(
    tx: Connection, person: str, now: float, most: int, free_of: Callable[[str], int]
) -> list[tuple[float, str, str | None, int]]:
    """The oldest runs of a person that are due, of each of their apps with room so many."""
    columns = "SELECT due_at, id, app, attempt FROM run WHERE status = 'queued' AND person = ?"
    order = " AND due_at <= ? ORDER BY due_at LIMIT ?"
    found = list(execute(tx, f"{columns} AND app IS NULL{order}", (person, now, most)))
    app = ""
    for _ in range(MOST_APPS):
        question = "SELECT min(app) FROM run WHERE status = 'queued' AND person = ? AND app > ?"
        app = execute(tx, question, (person, app)).fetchone()[0]
        if app is None:
            break
        if (free := min(most, free_of(app))) > 0:
            found += execute(tx, f"{columns} AND app = ?{order}", (person, app, now, free))
    return sorted((tuple(each) for each in found), key=lambda each: each[:2])


def _most_of(tx: Connection, app: str, default: int) -> int:
    at_once = app_share(tx, app)[0]
    return default if at_once is None else at_once
