"""API servers that are killed, each with its knife; forked on command."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import NoReturn

import builder.api
from builder.command.api import serve_api
from runtime.assembly import assemble
from runtime.settings import Settings
from tests.kill.forking import SLOTS, hurry, obey
from tests.kill.knife import RINGING, RINGS, Knife

assert builder.api, "loaded before the first fork"


def serve(settings: Settings, place: str, arrival: int) -> NoReturn:
    """In the child: be the server."""
    null = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1):
        os.dup2(null, each)
    if place in (RINGS, *RINGING):
        settings = settings.model_copy(update={"executes": False})
    runtime = assemble(settings, reach=Knife(place, arrival))
    os._exit(serve_api(runtime, settings))


if __name__ == "__main__":
    hurry()
    data, given_port, url = sys.argv[1:]
    settings = Settings(data=Path(data), port=int(given_port), database_url=url, demo_model=False, slots=SLOTS)
    obey(partial(serve, settings))
