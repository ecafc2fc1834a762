"""`python -m tests.attack`: the last line has the counts; the exit code is 1 when anything escaped."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.attack.server import serving


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.attack", description="Try everything as everybody.")
    parser.add_argument("--every", type=int, default=1, help="only every nth handler and route")
    parser.add_argument("--only", default="", help="only handlers and routes whose name holds this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="greenlane-attack-") as folder, serving(Path(folder)) as (runtime, origin):
        from tests.attack.play import play  # it loads the pages, which read the settings of the server

        tally = asyncio.run(play(runtime, origin, options.every, options.only))
    for finding in tally.escapes[:40]:
        print(f"  {finding}")
    print(
        f"attack: handlers {tally.handlers} routes {tally.routes} cells {tally.cells} denials {tally.denials}"
        f" escapes {len(tally.escapes)}"
    )
    return 1 if tally.escapes else 0


if __name__ == "__main__":
    sys.exit(main())
