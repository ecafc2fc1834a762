"""Workers that are killed, each with its knife; forked on command. They execute what waits, and serve nothing."""

import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path
from typing import NoReturn

from runtime.assembly import assemble
from runtime.settings import Settings
from tests.kill.forking import SLOTS, hurry, obey
from tests.kill.knife import Knife


def work(settings: Settings, place: str, arrival: int) -> NoReturn:
    """In the child: be the worker."""
    null = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1):
        os.dup2(null, each)
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    runtime = assemble(settings, reach=Knife(place, arrival))
    while not told.wait(3600):
        pass
    runtime.close()
    os._exit(0)


if __name__ == "__main__":
    hurry()
    data, port, url = sys.argv[1:]
    settings = Settings(data=Path(data), port=int(port), database_url=url, demo_model=False, slots=SLOTS)
    obey(partial(work, settings))
