"""Forks API servers on command, each with its knife: everything is loaded once, so that a start takes a blink.

Commands come as lines on stdin: `start PLACE|- ARRIVAL`, `alive`, `kill`, `end`. Answers go to stdout, a line each.
"""

import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import builder.api
from builder.command.api import serve_api
from runtime.assembly import assemble
from runtime.settings import Settings
from tests.kill.knife import Knife

assert builder.api, "loaded before the first fork"


def serve(settings: Settings, place: str, arrival: int) -> NoReturn:
    """In the child: be the server."""
    null = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1):
        os.dup2(null, each)
    runtime = assemble(settings, reach=Knife(place, arrival))
    os._exit(serve_api(runtime, settings))


def stopped(child: int, number: signal.Signals) -> str:
    """End the child; `knife` when it was dead already, else `outside`. It is ours until it is waited for."""
    if not child:
        return "none"
    dead, _ = os.waitpid(child, os.WNOHANG)
    if dead:
        return "knife"
    os.kill(child, number)
    os.waitpid(child, 0)
    return "outside"


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    settings = Settings(data=folder, port=port, demo_model=False)
    child = 0
    for line in sys.stdin:
        command, *rest = line.split("\t")
        if command == "start":
            child = os.fork()
            if not child:
                serve(settings, rest[0], int(rest[1]))
            print(child, flush=True)
        elif command.strip() == "alive":
            gone = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            print("no" if gone else "yes", flush=True)
        else:
            print(stopped(child, signal.SIGKILL if command.strip() == "kill" else signal.SIGTERM), flush=True)
            child = 0


if __name__ == "__main__":
    main()
