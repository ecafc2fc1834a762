"""An empty database: made once by the product, copied for each test. `GREENLANE_TEST_DATABASE=postgres` makes it a
Postgres instead of a file."""

import os
import tempfile
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.store.database import create_tables, open_engine

ON_POSTGRES = os.environ.get("GREENLANE_TEST_DATABASE") == "postgres"
on_sqlite = pytest.mark.skipif(ON_POSTGRES, reason="about SQLite")
on_postgres = pytest.mark.skipif(not ON_POSTGRES, reason="about Postgres")
_urls: dict[Path, str] = {}


def database_url(path: Path) -> str:
    """What `Settings.database_url` is for the database that stands for this file; a new one the first time."""
    if not ON_POSTGRES:
        return ""
    from tests.support.postgres import new_database

    if path not in _urls:
        _urls[path] = new_database()
    return _urls[path]


def empty_database(path: Path) -> Engine:
    """An engine on the file, which is made unless it is there."""
    if ON_POSTGRES:
        return open_engine(database_url(path))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return open_engine(path)


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        engine = open_engine(path)
        create_tables(engine)
        engine.dispose()
        return path.read_bytes()
