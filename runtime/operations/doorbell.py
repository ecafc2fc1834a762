"""Whether several processes could tell each other of runs on this machine: for the person who looks after it."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from runtime.engine.dispatch import address_of, waiting_places
from runtime.errors import GreenlaneError
from runtime.settings import Settings
from runtime.store.database import Reader, open_engine

SQLITE_AT_LEAST = (3, 42)
"""what DBOS asks of SQLite from Python 3.12 on"""
_ALONE = "Runs are found all the same; without it a process that is full tells no other."


@dataclass(frozen=True, slots=True)
class Rung:
    """Whether the doorbell works, what was found, and what to do about it."""

    works: bool
    words: str
    advice: str = ""


def how_the_bell_is(settings: Settings) -> Rung:
    """Looks into the queue where there is one; where there is none yet, tries one in a folder of its own."""
    if not settings.database_url and sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < SQLITE_AT_LEAST:
        found = f"doorbell: DBOS needs SQLite 3.42 from Python 3.12 on, and this is {sqlite3.sqlite_version}"
        return Rung(False, found, f"Use Python 3.11, or one that brings a newer SQLite. {_ALONE}")
    try:
        if settings.database_url:
            if not _is_made(settings):
                return Rung(True, "doorbell: made in Postgres when a second process starts")
            return _asked(address_of(settings.data, settings.database_url))
        if (settings.data / "dispatch.db").exists():
            return _asked(address_of(settings.data, ""))
        with tempfile.TemporaryDirectory(prefix="greenlane-") as folder:
            waiting_places(address_of(Path(folder), ""))
        return Rung(True, "doorbell: works on this machine, made when a second process starts")
    except GreenlaneError as error:
        return Rung(False, f"doorbell: {error.sentence}", error.hint)
    except Exception as error:  # noqa: BLE001 - whatever DBOS meets is what is wrong with it
        return Rung(False, f"doorbell: {_said(error)}", _advice(settings))


def _is_made(settings: Settings) -> bool:
    question = "SELECT 1 FROM pg_namespace WHERE nspname = 'dbos'"
    return Reader(open_engine(settings.store)).now(lambda tx: tx.exec_driver_sql(question).first() is not None)


def _asked(address: str) -> Rung:
    waiting = len(waiting_places(address))
    return Rung(True, f"doorbell: its queue answers, {waiting or 'no'} message{'' if waiting == 1 else 's'} in it")


def _said(error: Exception) -> str:
    line = (str(error).splitlines() or [""])[0].strip()
    return f"{type(error).__name__}: {line}"[:200] if line else type(error).__name__


def _advice(settings: Settings) -> str:
    where = "the schema dbos of the database" if settings.database_url else str(settings.data / "dispatch.db")
    return f"Stop all processes and delete {where}: nothing is lost by that, it is made anew. {_ALONE}"
