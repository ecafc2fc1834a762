from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.store.database import Reader, create_tables, open_engine
from runtime.store.writer import Writer


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    engine = open_engine(tmp_path / "greenlane.db")
    create_tables(engine)
    return engine


@pytest.fixture
def reader(database: Engine) -> Reader:
    return Reader(database)


@pytest.fixture
def writer(database: Engine) -> Iterator[Writer]:
    made = Writer(database)
    made.start()
    yield made
    made.close()
