"""What things are called now: for pages that hold ids and are read by people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection

_NAMES = {
    "person": "SELECT id, name FROM person WHERE id IN ",
    "group": "SELECT id, name FROM people_group WHERE id IN ",
    "session": "SELECT session.id, name FROM session JOIN person ON person.id = session.person WHERE session.id IN ",
    "key": "SELECT id, label FROM api_key WHERE id IN ",
    "workflow": "SELECT workflow, title FROM draft WHERE workflow IN ",
    "run": (
        "SELECT run.id, coalesce(app.title, draft.title) FROM run LEFT JOIN app ON app.id = run.app"
        " LEFT JOIN draft ON draft.workflow = run.workflow WHERE run.id IN "
    ),
    "submission": (
        "SELECT 'submission:' || number, title FROM submission JOIN draft ON draft.workflow = submission.workflow"
        " WHERE 'submission:' || number IN "
    ),
    "app": "SELECT id, title FROM app WHERE id IN ",
    "template": "SELECT id, title FROM template WHERE id IN ",
    "base": "SELECT id, title FROM knowledge_base WHERE id IN ",
    "document": "SELECT id, name FROM document WHERE id IN ",
    "con": "SELECT id, name FROM connection WHERE id IN ",
}
"""by kind of id"""


def called(tx: Connection, things: Iterable[str]) -> dict[str, str]:
    """Names by id, as far as the things are still there. An app's release (`app_…:2`) is called as the app."""
    asked: dict[str, set[str]] = defaultdict(set)
    for thing in things:
        kind = thing.partition(":")[0] if thing.startswith("submission:") else thing.partition("_")[0]
        if kind in _NAMES:
            asked[kind].add(thing if kind == "submission" else thing.partition(":")[0])
    found: dict[str, str] = {}
    for kind, ids in asked.items():
        marks = f"({', '.join('?' * len(ids))})"
        found |= {
            str(each): name for each, name in tx.exec_driver_sql(_NAMES[kind] + marks, tuple(ids)) if name is not None
        }
    return found | {thing: found[app] for thing in things if (app := thing.partition(":")[0]) in found}
