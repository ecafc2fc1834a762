"""The storage fails under real processes: what was accepted is there afterwards, and whoever asks is told what is
wrong."""

import asyncio
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from runtime.store.audit import verify_audit
from runtime.store.database import Reader, open_engine
from tests.kill.furnishing import prepare
from tests.kill.workflow import NAME, inputs_of, outputs_of
from tests.support.model_server import ModelServer
from tests.support.processes import Company, until

pytestmark = pytest.mark.slow
RUNS = f"/api/v1/workflows/{NAME}/runs"


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
async def company(tmp_path: Path, model: ModelServer) -> AsyncIterator[Company]:
    made = Company(tmp_path / "data")
    made.key = await prepare(made.settings, model.url)
    yield made
    made.close()


class Load:
    """Some who start runs one after the other, waiting or not, and keep what was answered."""

    def __init__(self, url: str, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx.AsyncClient(base_url=url, headers=headers, timeout=60)
        self.accepted: dict[str, int] = {}
        self.refused: list[dict[str, Any]] = []
        self.stopping = False
        self._numbers = itertools.count()

    async def work(self) -> None:
        await asyncio.gather(*(self._work(mode) for mode in ("wait", "queue") for _ in range(3)))
        await self._client.aclose()

    async def _work(self, mode: str) -> None:
        while not self.stopping:
            number = next(self._numbers)
            body = {"inputs": inputs_of(number), "mode": mode}
            reply = await self._client.post(RUNS, json=body)
            if reply.status_code in (200, 202):
                self.accepted[reply.json()["run_id"]] = number
            else:
                self.refused.append(reply.json()["error"] | {"status": reply.status_code})
            await asyncio.sleep(0.01)

    async def health(self) -> int:
        return (await self._client.get("/health")).status_code


async def ended(load: Load, folder: Path, copy: Path) -> None:
    """Everything accepted ends as it should, and nothing of the audit chain is lost."""
    marks = ", ".join("?" * len(load.accepted))
    question = f"SELECT id, status, outputs FROM run WHERE id IN ({marks})"  # noqa: S608 - marks only

    def found() -> dict[str, Any]:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy, ignore=lambda _, names: {each for each in names if "greenlane.db" not in each})
        reader = Reader(open_engine(copy / "greenlane.db"))
        assert reader.now(verify_audit).broken is None
        return {row.id: row for row in reader.now(lambda tx: tx.exec_driver_sql(question, tuple(load.accepted)).all())}

    await until(lambda: {row.status for row in found().values()} == {"succeeded"}, 60)
    assert {run: orjson.loads(row.outputs) for run, row in found().items()} == {
        run: outputs_of(inputs_of(number)) for run, number in load.accepted.items()
    }


HOLD = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
held.execute("COMMIT")
"""


@pytest.mark.nightly
async def test_a_file_that_another_process_holds_for_longer_than_ten_seconds_loses_nothing(
    company: Company, tmp_path: Path
):
    _, url = company.api(executes=True)
    load = Load(url, company.key)
    working = asyncio.create_task(load.work())
    await until(lambda: len(load.accepted) > 20)
    command = [sys.executable, "-c", HOLD, str(company.settings.database), "14"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:  # noqa: ASYNC220 - a moment
        assert holder.stdout is not None
        await asyncio.to_thread(holder.stdout.readline)
        begun = len(load.accepted)
        await until(lambda: load.refused, 14)
        assert await load.health() == 503
        assert await asyncio.to_thread(holder.wait, 30) == 0
    await until(lambda: len(load.accepted) > begun + 20)
    load.stopping = True
    await working
    assert await Load(url, company.key).health() == 200
    assert {each["status"] for each in load.refused} == {503}
    assert {each["code"] for each in load.refused} == {"storage_unavailable"}
    assert "Another program holds the database" in load.refused[0]["message"]
    assert "database browser" in load.refused[0]["hint"]
    await ended(load, company.folder, tmp_path / "copy")


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a disk")
async def test_a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room(company: Company, tmp_path: Path):
    kept = company.folder.with_name("kept")
    company.folder.rename(kept)
    company.folder.mkdir()
    mounted = f'mount -t tmpfs -o size=6m none {company.folder} && cp -a {kept}/. {company.folder} && exec "$@"'
    child, url = company.api(executes=True, before=("unshare", "-m", "sh", "-c", mounted, "sh"))
    seen = Path(f"/proc/{child.pid}/root") / str(company.folder).lstrip("/")
    load = Load(url, company.key)
    working = asyncio.create_task(load.work())
    await until(lambda: len(load.accepted) > 20)
    await asyncio.to_thread(fill, seen / "ballast")
    await until(lambda: load.refused, 20)
    assert await load.health() == 503
    (seen / "ballast").unlink()
    begun = len(load.accepted)
    await until(lambda: len(load.accepted) > begun + 20)
    load.stopping = True
    await working
    assert {each["status"] for each in load.refused} == {503}
    assert "The disk of the database is full" in load.refused[0]["message"]
    assert "Make room" in load.refused[0]["hint"]
    await ended(load, seen, tmp_path / "copy")


def fill(path: Path) -> None:
    """Take all room there is."""
    with path.open("wb", buffering=0) as ballast:
        for size in (65_536, 4_096, 1):
            for _ in range(10_000):
                try:
                    if ballast.write(bytes(size)) < size:
                        break
                except OSError:
                    break
