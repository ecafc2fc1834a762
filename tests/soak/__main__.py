"""`python -m tests.soak`: a line for each life, then the counts; the exit code is 1 when anything is wrong."""

import argparse
import asyncio
import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from runtime.settings import Settings
from runtime.store.database import Reader, open_engine
from tests.kill.furnishing import prepare
from tests.kill.rounds import child
from tests.soak.footprint import Footprint, footprint
from tests.soak.lives import Soak
from tests.soak.verdict import judge

SLACK = 8.0
"""MB by which memory goes up and down in a process that has just begun, whatever it does"""
MOST_GROWTH = 0.25
"""MB of memory a thousand runs may leave behind besides"""


async def play(lives: int, runs: int, seed: int) -> list[str]:
    """All lives; what is wrong, in words."""
    with TemporaryDirectory(prefix="greenlane-soak-") as name, child("tests.soak.moods", str(seed)) as model:
        assert model.stdout is not None
        settings = Settings(data=Path(name), demo_model=False)
        await prepare(settings, model.stdout.readline().strip())
        soak = Soak(settings, random.Random(seed))  # noqa: S311 - repeatable on purpose
        first = await _spent(soak, 1, runs)  # loads and caches what there is
        last = await _spent(soak, lives - 1, runs)
        statuses, findings = judge(Reader(open_engine(settings.database)), soak.accepted, soak.cancelled)
        findings += soak.refused + worn(first, last, (lives - 1) * runs)
        print("  " + ", ".join(f"{count} {status}" for status, count in sorted(statuses.items())))
        return findings


async def _spent(soak: Soak, lives: int, runs: int) -> Footprint:
    """So many lives and a rest; what is held after them."""
    for _ in range(lives):
        await soak.live(runs)
        print(f"  {len(soak.accepted)} runs accepted: {await footprint()}", flush=True)
    await soak.rest()
    rested = await footprint()
    print(f"  at rest: {rested}", flush=True)
    return rested


def worn(first: Footprint, last: Footprint, runs: int) -> list[str]:
    """What is held at the last rest, so many runs later, that was not held at the first."""
    findings: list[str] = []
    if last.handles != first.handles:
        findings.append(f"files, threads, tasks: {last.handles}, and {first.handles} at the first rest")
    grown = last.memory_mb - first.memory_mb
    print(f"  memory: {grown:+.1f} MB in {runs} runs")
    if grown > SLACK + MOST_GROWTH * runs / 1000:
        findings.append(f"memory has grown by {grown:.1f} MB in {runs} runs")
    return findings


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.soak", description="Work and restart for minutes; see what wears out.")
    parser.add_argument("--lives", type=int, default=25)
    parser.add_argument("--runs", type=int, default=800, help="a life")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    findings = asyncio.run(play(options.lives, options.runs, options.seed))
    for finding in findings[:20]:
        print(f"  {finding}")
    print(f"soak: lives {options.lives} runs {options.lives * options.runs} findings {len(findings)}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
