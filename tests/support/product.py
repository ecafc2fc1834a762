"""A whole running product over a throw-away folder, with a scripted model behind the alias `fast`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from nodes.catalogue import load
from runtime.assembly import assemble
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from runtime.store.models import AliasRow
from tests.support.database import database_url, empty_database
from tests.support.model_server import ModelServer

catalogue = cache(load)
"""read once for all tests"""


@contextmanager
def product(
    folder: Path,
    model: ModelServer,
    *,
    set: Mapping[str, Any] | None = None,  # noqa: A002
    **options: Any,
) -> Iterator[Runtime]:
    """Assemble, with settings `set` otherwise, and close with the block."""
    alias = AliasRow(
        name="fast", description="", model="openai/scripted", base_url=model.url, key_env="", fast=True, fallback=None,
        price_in=1.0, price_out=1.0, max_tokens=100, timeout_s=30, month_limit=None, hosting="here",
        clearance="confidential", demo=False, updated=0.0,
    )  # fmt: skip
    url = database_url(folder / "greenlane.db")
    settings = Settings(data=folder, demo_model=False, database_url=url, **set or {})
    empty_database(settings.database).dispose()
    runtime = assemble(settings, aliases=[alias], catalogue=catalogue(), **options)
    try:
        yield runtime
    finally:
        runtime.close(0.2)
