"""A runtime for the time of one command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.assembly import assemble, copy_aliases, keys_of
from runtime.local_model import DemoModel, LocalModels
from runtime.operations.runtime import Runtime
from runtime.settings import Settings


@contextmanager
def attached(settings: Settings) -> Iterator[Runtime]:
    """The parts over the data folder a server may be using; takes over no run."""
    runtime = assemble(settings, sweeps=False)
    try:
        yield runtime
    finally:
        runtime.close()


@contextmanager
def throwaway(own: Settings, folder: Path) -> Iterator[Runtime]:
    """The parts over an empty folder and a SQLite in it, with the model aliases of the own store where there is one."""
    settings = own.model_copy(update={"data": folder, "database_url": ""})  # the company's Postgres is no throw-away
    aliases = copy_aliases(own)
    needs_demo = own.demo_model and (not aliases or any(each.demo for each in aliases))
    with DemoModel(own.model_copy(update={"demo_model": needs_demo}), shared=True):
        runtime = assemble(settings, aliases=aliases, secret=os.environ.get)
        runtime.models.local = LocalModels.of(own)  # of this machine, not of the throw-away folder
        if aliases:
            runtime.models.keys = keys_of(own)  # connections of models and their keys stay where they are
        try:
            yield runtime
        finally:
            runtime.close()
