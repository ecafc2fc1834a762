"""Runs the parts of `make check`, `make test` or `make nightly`, times each, and ends with one line of counts."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

QUICK = "-m 'not slow and not nightly and not hypothesis'"
SLOW = "-m 'slow and not nightly and not hypothesis' -o faulthandler_timeout=600"
ROOMY = "env NODE_OPTIONS=--max-semi-space-size=128"
"""room for what is new, so that Node looks for garbage less often: a fifth of the time of the types"""
CHECK = {
    "types": f"{ROOMY} basedpyright nodes runtime",
    "operations": f"pytest -q {QUICK} tests/runtime/operations",
    "runtime": f"pytest -q {QUICK} tests/runtime tests/nodes --ignore tests/runtime/operations",
    "builder": f"pytest -q {QUICK} --ignore tests/runtime --ignore tests/nodes --ignore tests/browser",
    "format": "ruff format --check .",
    "lint": "ruff check .",
    "imports": "lint-imports --no-logo --config tests/rules/imports.toml",
    "docs": "greenlane docs --check",
    "canvas types": "tests/canvas/node_modules/.bin/tsc --noEmit --project tests/canvas",
    "canvas": "node --test 'tests/canvas/*.test.*'",
}
"""what takes under a minute: `types` looks at the strict folders, `all types` of `make test` at everything"""
TEST = {
    "check": "python .ci/parts.py check",
    "all types": f"{ROOMY} basedpyright",
    "slow": f"pytest -q -n 2 {SLOW} --ignore tests/browser --ignore tests/kill --ignore tests/attack",
    "postgres": "env GREENLANE_TEST_DATABASE=postgres pytest -q -n 2 -m 'not nightly and not hypothesis'"
    " tests/runtime/store tests/runtime/engine",
    "properties": "pytest -q -n 2 -m 'hypothesis and not nightly'",
    "kill": f"pytest -q {SLOW} tests/kill",
    "attack": f"pytest -q -n 2 {SLOW} tests/attack",
    "browser": "pytest -q tests/browser",
    "story": "python -m tests.story",
}
"""`kill` is 20 rounds of each, `attack` all of it"""
NIGHTLY = TEST | {
    "nightly": "pytest -q -m nightly",
    "new examples": "pytest -q -n 2 -m 'hypothesis and not nightly' --hypothesis-profile=search",
    "kill": "python -m tests.kill --rounds 200",
    "kill on postgres": "python -m tests.kill --rounds 200 --database postgres",
    "operations on postgres": "env GREENLANE_TEST_DATABASE=postgres pytest -q -n 2"
    " -m 'not nightly and not hypothesis' tests/runtime/operations",
    "kill indexing": "python -m tests.kill.indexing --rounds 200",
    "attack": "python -m tests.attack",
    "bench": "python -m tests.bench",
}
TEST_MINUTES = 20
COMPILED = {"NODE_COMPILE_CACHE": str(Path(".venv/node").absolute())}
KEEPING = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | COMPILED
"""Python and Node keep what they compiled: reading the sources of all libraries again takes longer than most parts"""
MEMORY, ENOUGH = "/dev/shm", 2 << 30  # noqa: S108 - pytest makes a folder of its own in it
"""where unit tests put their databases, if it has so many bytes free: no disk is waited for. Kills and soaks keep the
real one"""


@dataclass(frozen=True)
class Result:
    """How one part ended."""

    name: str
    code: int
    seconds: float
    output: str

    @property
    def counts(self) -> Counter[str]:
        """Tests by outcome as the part's last line of counts has them; a part without counts is one test."""
        lines = [line for line in self.output.splitlines() if re.search(r"\d+ (passed|failed)", line)]
        found = re.findall(r"(\d+) (passed|failed|skipped|error)", lines[-1]) if lines else []
        counts = Counter({outcome.replace("error", "failed"): 0 for _, outcome in found})
        for number, outcome in found:
            counts[outcome.replace("error", "failed")] += int(number)
        if self.code and not counts["failed"]:
            counts["failed"] = 1
        return counts or Counter(passed=1)


def run(name: str, command: str, *, show: bool, env: dict[str, str] = KEEPING) -> Result:
    """Runs a part; `show` passes its output on while it comes."""
    started = time.monotonic()
    output: list[str] = []
    with subprocess.Popen(
        shlex.split(command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env
    ) as part:
        assert part.stdout is not None
        for line in part.stdout:
            output.append(line)
            if show:
                print(line, end="", flush=True)
    return Result(name, part.returncode, time.monotonic() - started, "".join(output))


def in_memory() -> dict[str, str]:
    """The environment of unit tests."""
    roomy = Path(MEMORY).is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    return KEEPING | {"TMPDIR": MEMORY} if roomy else KEEPING


def side_by_side(parts: dict[str, str]) -> Iterable[Result]:
    """All parts at once, so that no core is idle before the end; only a failed one shows what it said."""
    env = in_memory()
    with ThreadPoolExecutor(len(parts)) as pool:
        for result in pool.map(lambda part: run(*part, show=False, env=env), parts.items()):
            if result.code:
                print(f"\n── {result.name}\n{result.output}", flush=True)
            yield result


def one_by_one(parts: dict[str, str]) -> Iterable[Result]:
    """Each part alone on the machine, with its output."""
    for name, command in parts.items():
        print(f"\n── {name}", flush=True)
        yield run(name, command, show=True)


def main(what: str) -> int:
    """Runs the parts, prints the table, and returns 1 when a part failed or the tests took too long."""
    match what:
        case "check":
            results = list(side_by_side(CHECK))
        case "test":
            results = list(one_by_one(TEST))
        case "nightly":
            results = list(one_by_one(NIGHTLY))
        case _:
            raise SystemExit(f"there is no list of parts called {what!r}: check, test, nightly")
    print()
    for result in results:
        print(f"  {result.name:<14} {result.seconds / 60:5.1f} min  {'failed' if result.code else 'ok'}")
    seconds = sum(result.seconds for result in results)
    late = what == "test" and seconds > TEST_MINUTES * 60
    if late:
        print(f"  took {seconds / 60:.0f} minutes; the limit is {TEST_MINUTES}")
    counts = sum((result.counts for result in results), Counter())
    print(f"\n{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return int(late or any(result.code for result in results))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
