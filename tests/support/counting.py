"""How many statements an operation asks its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from runtime.operations.runtime import Runtime
from runtime.store.database import Reader, open_engine


@contextmanager
def counted(runtime: Runtime) -> Iterator[tuple[Runtime, list[str]]]:
    """The same product with a reader that notes every question, those of the driver included; on SQLite only."""
    if runtime.settings.database_url:
        pytest.skip("only SQLite tells every statement")
    engine, asked = open_engine(runtime.settings.database), list[str]()

    @event.listens_for(engine, "connect")
    def watch(connection, _):
        connection.set_trace_callback(lambda text: asked.append(text) if text.startswith("SELECT") else None)

    yield replace(runtime, reader=Reader(engine)), asked
    engine.dispose()
