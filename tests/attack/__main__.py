"""`python -m tests.attack`: the last line has the counts; the exit code is 1 when anything escaped.

The work is shared between processes, each with a server of its own: one is bound to one core.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.attack.server import serving
from tests.attack.tally import Tally

SHOWN = 60
"""how many findings are printed"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.attack", description="Try everything as everybody.")
    parser.add_argument("--every", type=int, default=1, help="only every nth handler and route")
    parser.add_argument("--only", default="", help="only what has this in its name, or one of ONCE in play.py")
    parser.add_argument("--parts", type=int, default=2, help="how many processes share the work")
    parser.add_argument("--sabotage", default="", help="make this hole first; see sabotage.py")
    parser.add_argument("--part", type=int, default=-1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part >= 0:
        print(json.dumps(asdict(_play(options))))
        return 0
    words = [*sys.argv[1:], "--part"]
    parts = [
        subprocess.Popen([sys.executable, "-m", "tests.attack", *words, str(part)], stdout=subprocess.PIPE, text=True)
        for part in range(options.parts)
    ]
    heard = [part.communicate()[0] for part in parts]
    if any(part.returncode for part in parts):
        print("attack: a part of it ended early, which counts as an escape")
        return 1
    tally = sum((Tally(**json.loads(each.splitlines()[-1])) for each in heard), Tally())
    for finding in tally.escapes[:SHOWN]:
        print(f"  {finding}")
    print(
        f"attack: handlers {tally.handlers} routes {tally.routes} cells {tally.cells} denials {tally.denials}"
        f" escapes {len(tally.escapes)}"
    )
    return 1 if tally.escapes else 0


def _play(options: argparse.Namespace) -> Tally:
    with tempfile.TemporaryDirectory(prefix="greenlane-attack-") as folder, serving(Path(folder)) as (runtime, origin):
        # these load the pages, which read the settings of the server
        from tests.attack.play import Share, play
        from tests.attack.sabotage import SABOTAGE

        if options.sabotage:
            SABOTAGE[options.sabotage]()
        share = Share(options.part, options.parts, options.every, options.only)
        return asyncio.run(play(runtime, origin, share))


if __name__ == "__main__":
    sys.exit(main())
