"""Files under `kill -9` in two processes: what a run was given is there, what was removed is gone, nothing is left."""

import asyncio
import itertools
import os
import random
import time
from collections import Counter
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from subprocess import Popen

import orjson
import pytest

from runtime.assembly import assemble
from runtime.engine.cleaning import clean_files, find_strays
from runtime.operations import people
from runtime.operations.trying import adopt_file
from runtime.settings import Settings
from runtime.store.audit import verify_audit
from runtime.store.files import UNUSED_S, used_file
from tests.kill.rounds import child, order
from tests.kill.test_reviews import progress

ROUNDS = 12
FLOW = b"""
greenlane: 1
name: keeping
meaning:
  steps:
    start: {type: flow.start, settings: {inputs: [{name: doc, kind: file}, {name: more, kind: files, required: false}]}}
    finish: {type: flow.finish, settings: {outputs: [{name: doc, value: "{{ start.doc }}"}]}}
  edges: [{from: start, to: finish}]
"""


async def prepare(settings: Settings) -> None:
    runtime = assemble(settings, sweeps=False)
    try:
        owner = await people.local_owner(runtime)
        await adopt_file(runtime, FLOW)
    finally:
        runtime.close()
    known = {"id": owner.id, "name": owner.name, "roles": sorted(owner.roles)}
    (settings.data / "people.json").write_bytes(orjson.dumps(known))


async def fallen(filer: Popen[str], place: str) -> None:
    """Wait until the knife has come to its place, where it waits at one."""
    for _ in range(200 if place != "-" else 0):
        if order(filer, "alive") != "yes":
            return
        await asyncio.sleep(0.05)


PLACES = {"before drop": 12, "after drop": 12, "before commit": 300, "after commit": 300}
"""up to which arrival the knife waits; between `let_go` and the commit the bytes go"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.nightly)])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    from tests.support.postgres import new_database

    return new_database()


@pytest.mark.slow
async def test_a_dozen_kills_in_two_processes_lose_no_file_of_a_run_and_leave_none_behind(tmp_path: Path, url: str):
    settings = Settings(data=tmp_path, demo_model=False, database_url=url)
    await prepare(settings)
    chance = random.Random(5)  # noqa: S311 - repeatable on purpose
    places, fell = itertools.cycle([*PLACES, "-"]), Counter[str]()
    with ExitStack() as stack:
        pair = [stack.enter_context(child("tests.kill.filer", str(tmp_path), url)) for _ in range(2)]
        for _ in range(ROUNDS):
            knives = {each: next(places) for each in pair}
            for each, place in knives.items():
                order(each, "start", place, chance.randint(1, PLACES.get(place, 1)))
            for each in pair:
                await progress(each, tmp_path / "acknowledged.ndjson", chance.randint(30, 60))
            await asyncio.sleep(chance.uniform(0, 0.1))
            for each, place in knives.items():
                await fallen(each, place)
                fell[place] += order(each, "kill") == "knife"
    assert all(fell[place] for place in PLACES), fell
    said = [orjson.loads(line) for line in (tmp_path / "acknowledged.ndjson").read_bytes().splitlines()]
    maybe = {each["run"] for each in said if each["op"] == "erasing"}
    given = [each for each in said if each["op"] == "given" and each["run"] not in maybe]
    erased = [each for each in said if each["op"] == "erased"]
    assert min(len(given), len(erased)) > 20, "too little happened to show anything"

    runtime = assemble(settings, sweeps=False)
    try:
        old = time.time() - 2 * UNUSED_S
        for body in settings.files.glob("*/*"):
            os.utime(body, (old, old))
        now = runtime.clock.now() + 2 * UNUSED_S
        await find_strays(runtime.files.bodies, runtime.reader, runtime.writer, now)
        for _ in range(9):
            await clean_files(runtime.files.bodies, runtime.reader, runtime.writer, now)
        lost = [
            file
            for each in given
            for file, digest in each["files"]
            if runtime.reader.now(lambda tx, run=each["run"], file=file: used_file(tx, run, file)) is None
            or sha256(runtime.files.bodies.read(digest)).hexdigest() != digest
        ]
        kept = runtime.reader.now(lambda tx: {row[0] for row in tx.exec_driver_sql("SELECT id FROM file")})
        needed = runtime.reader.now(lambda tx: {row[0] for row in tx.exec_driver_sql("SELECT sha256 FROM file")})
        assert lost == []
        assert [file for each in erased for file in each["files"] if file in kept] == []
        assert {each.name for each in settings.files.glob("??/*")} == needed
        assert list((settings.files / "incoming").iterdir()) == []
        assert runtime.reader.now(verify_audit).broken is None
    finally:
        runtime.close()
