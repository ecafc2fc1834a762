"""`python -m tests.kill --rounds 200`: the last line has the counts; the exit code is 1 when anything is wrong."""

import argparse
import asyncio
import os
import sys

from tests.kill.rounds import play
from tests.support.postgres import server


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.kill", description="Kill and restart the server, count what was lost.")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default=os.environ.get("DATABASE", "sqlite"))
    options = parser.parse_args()
    url = server().database() if options.database == "postgres" else ""
    verdict = asyncio.run(play(options.rounds, options.port, options.seed, database_url=url))
    for finding in verdict.findings[:20]:
        print(f"  {finding}")
    print(f"  questions of runs that were answered: {verdict.answered}")
    print(
        f"kill on {options.database}: rounds {options.rounds} accepted {verdict.accepted} ended {verdict.ended}"
        f" lost {verdict.lost} repeated {verdict.repeated} interrupted {verdict.interrupted}"
    )
    return 0 if verdict.good else 1


if __name__ == "__main__":
    sys.exit(main())
