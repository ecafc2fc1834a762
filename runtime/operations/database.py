"""Whether the Postgres of the settings answers: for the command line, before anything is started."""

from __future__ import annotations

from runtime.settings import Settings
from runtime.store.database import Reader, open_engine


def database_version(settings: Settings) -> str:
    """What answers at `database_url`; raises `StorageUnavailable` with what is wrong."""
    question = "SELECT 'Postgres ' || current_setting('server_version') || ', database ' || current_database()"
    return Reader(open_engine(settings.store)).now(lambda tx: tx.exec_driver_sql(question).scalar_one())
