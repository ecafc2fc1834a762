"""One production server for all attacks."""

from collections.abc import Iterator

import pytest

from tests.support import gate_server


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """The origin of the small app's server."""
    with gate_server.running(3110 + gate_server.worker_number()) as origin:
        yield origin
