"""Real processes over one data folder or database: `greenlane api` and `greenlane worker`, and who may start what."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from runtime.assembly import assemble
from runtime.governance.policies import PERSON_SHARE, Share
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from runtime.store.policies import write_policy
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]


async def share(runtime: Runtime, **most: int) -> None:
    """Let everybody run so much; `per_minute=0` is as much as one likes."""
    value = Share(**most).model_dump_json()
    await runtime.writer.write(lambda tx: write_policy(tx, PERSON_SHARE.name, value, person="", now=1.0))


class Company:
    """Starts processes and ends them."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder, self.database_url = folder, database_url
        self.key = ""
        """of who starts runs over HTTP"""
        self._children: list[subprocess.Popen[bytes]] = []

    @property
    def settings(self) -> Settings:
        return Settings(data=self.folder, database_url=self.database_url, demo_model=False)

    def runtime(self) -> Runtime:
        """The parts in this process, executing nothing."""
        return assemble(self.settings, sweeps=False)

    def start(self, *command: str, before: Sequence[str] = (), **settings: Any) -> subprocess.Popen[bytes]:
        """`greenlane <command>` with these settings; `before` is a command that becomes it."""
        given = {"data": self.folder, "database_url": self.database_url, "demo_model": False} | settings
        environment = {f"GREENLANE_{name.upper()}": str(value) for name, value in given.items()}
        child = subprocess.Popen(
            [*before, sys.executable, "-m", "builder.command", *command], cwd=ROOT, env=os.environ | environment,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self._children.append(child)
        return child

    def worker(self, *options: str, **settings: Any) -> subprocess.Popen[bytes]:
        """A worker, once it holds its lease."""
        before = self._leases()
        child = self.start("worker", *options, **settings)
        self._until(child, lambda: self._leases() - before)
        return child

    def api(self, *, executes: bool = False, **settings: Any) -> tuple[subprocess.Popen[bytes], str]:
        """An API, once it answers, and its address."""
        port = free_port()
        child = self.start("api", "--port", str(port), executes=executes, **settings)
        url = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            try:
                return httpx.get(f"{url}/health").status_code == 200
            except httpx.TransportError:
                return False

        self._until(child, answers)
        return child, url

    def close(self) -> None:
        for child in self._children:
            if child.poll() is None:
                child.kill()
            child.wait()

    def _leases(self) -> set[str]:
        """Ids of the processes that hold one; those of the dead go while one looks."""
        if self.database_url:
            from runtime.store import processes

            return set(self._reader().now(processes.living))
        folder = self.folder / "processes"
        return {each.name for each in folder.iterdir()} - {"lead"} if folder.exists() else set()

    def _reader(self) -> Any:
        from runtime.store.database import Reader, open_engine

        return Reader(open_engine(self.database_url))

    def _until(self, child: subprocess.Popen[bytes], holds: Any) -> None:
        end = time.monotonic() + 90
        while not holds():
            assert child.poll() is None, "it ended"
            assert time.monotonic() < end, "it did not start"
            time.sleep(0.02)


async def until(holds: Any, seconds: float = 30.0) -> float:
    """Wait for something other processes do; the seconds it took."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() < begun + seconds, "waited in vain"
        await asyncio.sleep(0.01)
    return time.monotonic() - begun
