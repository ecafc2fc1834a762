from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.engine_room import Room
from tests.support.model_server import ModelServer


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    """Opens processes over one folder; closes those that did not die."""
    opened: list[Room] = []

    def open_room(**options: Any) -> Room:
        plans = opened[0].plans if opened else {}
        opened.append(Room(tmp_path, plans=plans, **options))
        return opened[-1]

    yield open_room
    for each in opened:
        if each.engine._thread.is_alive():
            each.close(0.1)


@pytest.fixture
def room(rooms: Callable[..., Room], model: ModelServer) -> Room:
    """One process whose alias `fast` is the scripted model."""
    opened = rooms(model_url=model.url)
    opened.bind()
    return opened
