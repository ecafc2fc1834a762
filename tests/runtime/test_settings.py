from pathlib import Path

import pytest

from runtime.errors import Misconfigured
from runtime.settings import read_settings, without_secrets


def test_without_an_address_the_database_is_a_file_in_the_data_folder():
    assert read_settings({"GREENLANE_DATA": "there"}).store == Path("there/greenlane.db")


def test_the_address_of_a_postgres_is_taken_and_shown_to_nobody():
    settings = read_settings({"GREENLANE_DATABASE_URL": "postgresql://ada:s3cret@db.example/greenlane"})
    assert settings.store == "postgresql://ada:s3cret@db.example/greenlane"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize("address", ["mysql://ada:s3cret@db.example/x", "sqlite:///x.db", "db.example"])
def test_another_database_is_refused_without_telling_the_password(address):
    with pytest.raises(Misconfigured, match="must begin with postgresql://") as refused:
        read_settings({"GREENLANE_DATABASE_URL": address})
    assert "s3cret" not in f"{refused.value.sentence} {refused.value.hint}"


def test_programs_that_fetch_packages_get_no_credential():
    given = {
        "PATH": "/bin", "GREENLANE_PORT": "3000", "GREENLANE_KEY_DESK": "k", "GREENLANE_VAULT_KEY": "v",
        "GREENLANE_VAULT_KEY_NEXT": "n", "GREENLANE_DATABASE_URL": "postgresql://ada:secret@db/x",
    }  # fmt: skip
    assert without_secrets(given) == {"PATH": "/bin", "GREENLANE_PORT": "3000"}
