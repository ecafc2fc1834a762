"""`greenlane worker`: executes runs, without web app and API. Any number of them share one database."""

from __future__ import annotations

import argparse
import os
import signal
import threading

from builder.command.beginning import uncollected
from runtime.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--slots", type=int, help="runs executed at once, instead of GREENLANE_SLOTS")
    parser.add_argument("--grace", type=float, default=20.0, help="seconds runs may finish in when it is told to stop")


def run(options: argparse.Namespace) -> int:
    with uncollected():
        from runtime.assembly import assemble

    settings = read_settings(os.environ).model_copy(update={"executes": True, "demo_model": False})
    if options.slots:
        settings = settings.model_copy(update={"slots": max(1, options.slots)})
    told = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: told.set())
    runtime = assemble(settings)
    try:
        print(
            f"  Greenlane worker {runtime.engine.process.id} executes up to {settings.slots} runs at once.", flush=True
        )
        while not told.wait(3600):
            pass
    finally:
        runtime.close(options.grace)
    return 0
