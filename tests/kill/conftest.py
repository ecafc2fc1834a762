from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Company


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.nightly)])
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Company]:
    """Several processes over one database of each kind."""
    url = ""
    if request.param == "postgres":
        from tests.support.postgres import new_database

        url = new_database()
    made = Company(tmp_path, url)
    yield made
    made.close()
