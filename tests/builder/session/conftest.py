"""One production server for all attacks, and two people who may do different things there."""

import uuid
from collections.abc import Iterator

import pytest

from tests.support import gate_server
from tests.support.gate_client import sign_in


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """The origin of the small app's server."""
    with gate_server.running(3110 + gate_server.worker_number()) as origin:
        yield origin


@pytest.fixture
def ann(origin: str) -> str:
    return sign_in(origin, "Ann")


@pytest.fixture
def ben(origin: str) -> str:
    return sign_in(origin, "Ben")


@pytest.fixture
def word() -> str:
    """A word that no other test sends."""
    return uuid.uuid4().hex
