import pytest

from runtime.errors import StorageUnavailable
from runtime.operations.database import database_version
from runtime.settings import Settings
from tests.support.postgres import new_database

pytestmark = pytest.mark.slow


def test_the_version_of_a_postgres_is_told(tmp_path):
    assert database_version(Settings(data=tmp_path, database_url=new_database())).startswith("Postgres 16")


def test_where_nobody_answers_it_says_why_and_no_password(tmp_path):
    nowhere = Settings(data=tmp_path, database_url="postgresql://somebody:s3cret@127.0.0.1:1/nothing")
    with pytest.raises(StorageUnavailable, match="refused") as told:
        database_version(nowhere)
    assert "s3cret" not in f"{told.value.sentence} {told.value.hint}"
