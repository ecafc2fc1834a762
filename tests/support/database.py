"""An empty database: made once by the product, copied for each test."""

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from runtime.store.database import create_tables, open_engine


def empty_database(path: Path) -> Engine:
    """An engine on the file, which is made unless it is there."""
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
