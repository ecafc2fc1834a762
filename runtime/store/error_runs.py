"""Error runs: the runs that begin because another has failed.

The key an error run is started with names the run that failed. Keys are unique among the runs of a workflow or an app,
so there is never a second one; both runs are found from one another by it.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from runtime.store.database import execute
from runtime.store.runs import ERROR_RUN, run_by_key
from runtime.store.trials import trial_of

TEST = "test:"
"""how the key of a test case begins"""


class FailedRun(NamedTuple):
    """A run that fails, as far as the run after it is like it; the order is that of `_ROW`."""

    workflow: str
    name: str
    title: str
    person: str
    who: str
    """the name of the person, or of the app that acts by its own key"""
    via: str
    key: str | None
    app: str | None
    version: str | None
    manifest: str
    began: float


_ROW = (
    "SELECT run.workflow, run.name, run.title, run.person, coalesce(person.name, acting.title, ''), run.via, run.key,"
    " run.app, run.version, run.manifest, coalesce(run.started, run.created) FROM run"
    " LEFT JOIN person ON person.id = run.person LEFT JOIN app AS acting ON acting.id = run.person WHERE run.id = ?"
)


def failed_run(tx: Connection, run: str) -> FailedRun | None:
    """The run, where its failure is followed by an error run: nobody may be looking. Somebody who tries a draft or a
    version under review is, and so is whoever runs test cases; and an error run is followed by none."""
    row = execute(tx, _ROW, (run,)).fetchone()
    if row is None:
        return None
    found = FailedRun(*row)
    tried = found.app is None and (found.via != "key" or found.version is not None)
    if tried or (found.key or "").startswith((ERROR_RUN, TEST)) or trial_of(tx, run) is not None:
        return None
    return found


def error_key(run: str) -> str:
    """The key of the run that begins because this one has failed."""
    return ERROR_RUN + run


def because_of(key: str | None) -> str:
    """The run whose failure began the run with this key; empty: none."""
    return key.removeprefix(ERROR_RUN) if key is not None and key.startswith(ERROR_RUN) else ""


def error_run_of(tx: Connection, workflow: str, run: str) -> str:
    """The run that began because a run of this workflow or app has failed; empty: none."""
    return run_by_key(tx, workflow, error_key(run)) or ""


def words_of_version(tx: Connection, name: str, content: str) -> str:
    """The digest of what people read in a version of the workflow with this name; empty where it is gone, and
    then its steps go by their ids."""
    row = execute(
        tx,
        "SELECT version.words FROM version JOIN workflow ON workflow.id = version.workflow"
        " WHERE workflow.name = ? AND version.hash = ? ORDER BY version.number DESC LIMIT 1",
        (name, content),
    ).fetchone()
    return row[0] if row else ""
