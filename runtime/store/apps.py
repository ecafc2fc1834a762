"""Apps and their releases: what of the approved may be run, by whom it was published, and whether it is stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from runtime.store.database import execute
from runtime.store.rights import HOLDERS

_RELEASE = (
    "SELECT app.id, app.name, app.title, app.description, app.icon, app.workflow, app.owner, app.stopped,"
    " app.stopped_by, app.stop_reason, release.number, release.version, release.hash, release.words, release.manifest,"
    " release.decision, release.at, decision.tier,"
    " decision.hash = release.hash AND decision.manifest = release.manifest FROM app"
    " JOIN release ON release.app = app.id AND release.number = app.release"
    " JOIN decision ON decision.id = release.decision"
)


@dataclass(frozen=True, slots=True)
class AppRow:
    """An app with the release that runs now."""

    id: str
    name: str
    title: str
    description: str
    icon: str
    workflow: str
    owner: str
    stopped: float | None
    stopped_by: str
    stop_reason: str
    release: int
    version: str
    hash: str
    words: str
    manifest: str
    decision: str
    released: float
    tier: int
    approved: bool
    """whether its decision names exactly this hash and this manifest"""


def find_app(tx: Connection, name: str) -> AppRow | None:
    """By name or id."""
    row = execute(tx, f"{_RELEASE} WHERE app.name = ?1 OR app.id = ?1", (name,)).fetchone()
    return AppRow(*row) if row else None


def apps_for(tx: Connection, person: str) -> list[AppRow]:
    """Those on which the person holds any right, by title."""
    rows = execute(
        tx,
        f"{_RELEASE} WHERE app.id IN (SELECT thing FROM thing_right WHERE holder IN ({HOLDERS})) ORDER BY app.title",
        (person,),
    )
    return [AppRow(*row) for row in rows.fetchall()]


def all_apps(tx: Connection, workflow: str | None = None) -> list[AppRow]:
    """Every app, or those of one workflow, by title."""
    rows = execute(
        tx, f"{_RELEASE} WHERE CAST(?1 AS TEXT) IS NULL OR app.workflow = ?1 ORDER BY app.title", (workflow,)
    )
    return [AppRow(*row) for row in rows.fetchall()]


def taken_app_names(tx: Connection, start: str) -> set[str]:
    """The names in use that begin like this."""
    return {row[0] for row in execute(tx, "SELECT name FROM app WHERE name LIKE ? || '%'", (start,))}


def insert_app(
    tx: Connection,
    *,
    app: str,
    name: str,
    title: str,
    description: str,
    icon: str,
    workflow: str,
    owner: str,
    now: float,
) -> None:
    """A new app; its first release is added in the same transaction."""
    tx.exec_driver_sql(
        "INSERT INTO app (id, name, title, description, icon, workflow, release, owner, created, stopped_by,"
        " stop_reason) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, '', '')",
        (app, name, title, description, icon, workflow, owner, now),
    )


def add_release(
    tx: Connection,
    app: str,
    *,
    version: str,
    digest: str,
    words: str,
    manifest: str,
    decision: str,
    person: str,
    now: float,
    reason: str,
) -> int:
    """What the app runs from now on; its number."""
    number = execute(tx, "SELECT coalesce(max(number), 0) + 1 FROM release WHERE app = ?", (app,)).fetchone()[0]
    tx.exec_driver_sql(
        "INSERT INTO release (app, number, version, hash, words, manifest, decision, person, at, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (app, number, version, digest, words, manifest, decision, person, now, reason),
    )
    tx.exec_driver_sql("UPDATE app SET release = ? WHERE id = ?", (number, app))
    return number


def describe_app(tx: Connection, app: str, *, title: str, description: str, icon: str) -> None:
    """New words for an app."""
    tx.exec_driver_sql(
        "UPDATE app SET title = ?, description = ?, icon = ? WHERE id = ?", (title, description, icon, app)
    )


def releases_of(tx: Connection, app: str) -> list[Row[Any]]:
    """Columns number, version, hash, decision, at, reason, who (by whom), version_number; newest first."""
    return list(
        tx.exec_driver_sql(
            "SELECT release.number, release.version, release.hash, release.decision, release.at, release.reason,"
            " coalesce(person.name, '') AS who, version.number AS version_number, release.manifest, release.words"
            " FROM release LEFT JOIN person ON person.id = release.person JOIN version ON version.id = release.version"
            " WHERE app = ? ORDER BY release.number DESC",
            (app,),
        )
    )


def decided_version(tx: Connection, decision: str) -> Row[Any] | None:
    """The version a decision is about. Columns id, hash, words, manifest."""
    return tx.exec_driver_sql(
        "SELECT version.id, version.hash, version.words, version.manifest FROM decision"
        " JOIN submission ON submission.id = decision.submission JOIN version ON version.id = submission.version"
        " WHERE decision.id = ?",
        (decision,),
    ).first()


def decided_submission(tx: Connection, decision: str) -> int:
    """The number of the submission a decision is about; 0 where there is none."""
    row = tx.exec_driver_sql(
        "SELECT number FROM submission JOIN decision ON decision.submission = submission.id WHERE decision.id = ?",
        (decision,),
    ).first()
    return row.number if row else 0


def stop_app(tx: Connection, app: str, *, person: str, reason: str, now: float) -> bool:
    """Nothing starts any more; False when it was stopped before."""
    done = tx.exec_driver_sql(
        "UPDATE app SET stopped = ?, stopped_by = ?, stop_reason = ? WHERE id = ? AND stopped IS NULL",
        (now, person, reason, app),
    )
    return done.rowcount == 1


def resume_app(tx: Connection, app: str) -> bool:
    """Runs may start again; False when it was not stopped."""
    done = tx.exec_driver_sql(
        "UPDATE app SET stopped = NULL, stopped_by = '', stop_reason = '' WHERE id = ? AND stopped IS NOT NULL", (app,)
    )
    return done.rowcount == 1


def limit_app(tx: Connection, app: str, at_once: int | None, per_minute: int | None) -> None:
    """How much of it may run; None: as the policy says."""
    execute(tx, "UPDATE app SET at_once = ?, per_minute = ? WHERE id = ?", (at_once, per_minute, app))


def drift_row(tx: Connection, app: str, dependency: str, approved: str, found: str) -> Row[Any] | None:
    """What the system decided about this change before. Columns ruling, until, at."""
    return tx.exec_driver_sql(
        "SELECT ruling, until, at FROM drift WHERE app = ? AND dependency = ? AND approved = ? AND found = ?",
        (app, dependency, approved, found),
    ).first()


def keep_drift(
    tx: Connection,
    app: str,
    dependency: str,
    approved: str,
    found: str,
    *,
    ruling: str,
    until: float | None,
    now: float,
) -> None:
    """Keep a decision of the system."""
    tx.exec_driver_sql(
        "INSERT INTO drift (app, dependency, approved, found, ruling, until, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (app, dependency, approved, found) DO UPDATE SET ruling = excluded.ruling,"
        " until = excluded.until, at = excluded.at",
        (app, dependency, approved, found, ruling, until, now),
    )
