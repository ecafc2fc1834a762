from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.store.database import Reader
from runtime.store.writer import Writer
from tests.support.database import empty_database


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    return empty_database(tmp_path / "greenlane.db")


@pytest.fixture
def reader(database: Engine) -> Reader:
    return Reader(database)


@pytest.fixture
def writer(database: Engine) -> Iterator[Writer]:
    made = Writer(database)
    made.start()
    yield made
    made.close()
