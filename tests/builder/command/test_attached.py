"""A runtime for the time of one command: what is thrown away is all of it."""

from pathlib import Path

import pytest

from builder.command.attached import throwaway
from runtime.assembly import assemble
from runtime.settings import Settings
from runtime.store.database import Reader, open_engine
from tests.support.postgres import new_database


@pytest.mark.slow
def test_a_file_that_is_tried_leaves_no_trace_in_the_company_s_postgres_and_takes_no_run_of_it(tmp_path: Path):
    own = Settings(data=tmp_path / "own", database_url=new_database(), demo_model=False)
    assemble(own, sweeps=False).close()

    def trace() -> list[int]:
        tables = ("workflow", "run", "audit", "person", "process")
        counts = [f"SELECT count(*) FROM {table}" for table in tables]  # noqa: S608 - of the line above
        return Reader(open_engine(own.store)).now(lambda tx: [tx.exec_driver_sql(each).scalar_one() for each in counts])

    before = trace()
    with throwaway(own, tmp_path / "thrown") as runtime:
        assert runtime.settings.store == runtime.settings.database == tmp_path / "thrown" / "greenlane.db"
        assert runtime.settings.database.exists()
        assert trace() == before
    assert trace() == before
