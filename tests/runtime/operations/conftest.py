from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from runtime.operations import passwords
from runtime.operations.actors import Actor
from runtime.operations.people import local_owner
from runtime.operations.runtime import Runtime
from tests.support.model_server import ModelServer
from tests.support.product import product
from tests.support.publishing import person
from tests.support.reviewing import somebody

HERE = Path(__file__).parent

WHOLE_RUNS = frozenset(
    {"brought", "called", "calling", "comparing", "conversations", "deciding", "erasing", "error_runs", "examples",
     "files", "items", "knowledge", "pinning", "places", "readers", "runs", "schedules", "tryouts"}
)  # fmt: skip
"""tests that run workflows to their end with everything a product has: together half of `make check`, so that they are
part of `make test` alone"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for each in items:
        if each.path.parent == HERE and each.path.stem.removeprefix("test_") in WHOLE_RUNS:
            each.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A password is meant to cost a tenth of a second; `test_passwords` pays it, and no other test."""
    with pytest.MonkeyPatch.context() as here:
        here.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def runtime(tmp_path: Path, model: ModelServer) -> Iterator[Runtime]:
    with product(tmp_path, model) as running:
        yield running


@pytest.fixture
async def owner(runtime: Runtime) -> Actor:
    return await local_owner(runtime)


@pytest.fixture
async def ada(runtime: Runtime) -> Actor:
    """Draws, and submits."""
    return await somebody(runtime, "Ada", "analyst")


@pytest.fixture
async def grace(runtime: Runtime) -> Actor:
    """Decides."""
    return await somebody(runtime, "Grace", "reviewer")


@pytest.fixture
async def it(runtime: Runtime) -> Actor:
    """Publishes, and stops."""
    return await person(runtime, "p_it", "reviewer")


@pytest.fixture
async def member(runtime: Runtime) -> Actor:
    """Runs what is published."""
    return await person(runtime, "p_member", "member")
