import asyncio
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from builder.api import create_api
from runtime.operations.keys import create_key
from runtime.operations.people import local_owner
from runtime.operations.runtime import Runtime
from runtime.operations.trying import adopt_file
from tests.kill.workflow import SOURCE
from tests.support.model_server import ModelServer
from tests.support.product import product


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


class Disk:
    """What a commit is written to."""

    full = False

    def __call__(self, place: str) -> None:
        if self.full and place == "before commit":
            raise sqlite3.OperationalError("database or disk is full")


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def runtime(tmp_path: Path, model: ModelServer, disk: Disk) -> Iterator[Runtime]:
    with product(tmp_path, model, reach=disk) as running:
        yield running


@pytest.fixture
def key(runtime: Runtime) -> str:
    """A key of the owner; the workflow `kill` is there."""

    async def prepare() -> str:
        await adopt_file(runtime, SOURCE)
        return (await create_key(runtime, await local_owner(runtime), label="test")).text

    return asyncio.run(prepare())


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[str, list[Runtime]]]:
    """The API, served by the real server for all tests; and the product it asks now, which each test puts there."""
    asked: list[Runtime] = []
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_api(lambda: asked[-1]), log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def url(served: tuple[str, list[Runtime]], runtime: Runtime) -> Iterator[str]:
    """The address of the API of this test's product."""
    address, asked = served
    asked.append(runtime)
    yield address
    asked.remove(runtime)


@pytest.fixture
def client(url: str, key: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=10) as made:
        yield made
