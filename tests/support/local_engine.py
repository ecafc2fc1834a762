"""The real llama.cpp for tests, where `.ci/setup tests` put it."""

from pathlib import Path

import pytest

from runtime.local_model import Shelf
from runtime.local_model.pins import ENGINE, MODEL

FETCHED = Shelf(Path(__file__).parents[2] / ".venv" / "local-model")
WHY_NOT = "the engine for local models is not here: `.ci/setup tests` fetches it where the package index is reached"


def lend_engine(folder: Path, *, with_model: bool = False) -> Shelf:
    """A shelf over this folder with the fetched packages, as if installed there; skips where there are none."""
    shelf = Shelf(folder)
    for pin in (ENGINE, MODEL) if with_model else (ENGINE,):
        if not FETCHED.home(pin).is_dir():
            pytest.skip(WHY_NOT)
        shelf.home(pin).parent.mkdir(parents=True, exist_ok=True)
        if not shelf.home(pin).exists():
            shelf.home(pin).symlink_to(FETCHED.home(pin))
    return shelf
