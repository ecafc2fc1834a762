"""What the gate refuses to be put around, and what it does to the files Reflex keeps."""

from types import SimpleNamespace
from typing import Any

import pytest
from reflex.istate.manager import StateManager
from reflex.istate.manager.memory import StateManagerMemory

from builder.session import Address, close_surface
from runtime.errors import Misconfigured
from tests.support import gate_server


def close(app: Any, origin: str) -> None:
    close_surface(app, SimpleNamespace(), Address(frozenset({origin})))  # pyright: ignore[reportArgumentType]


def test_nothing_may_stand_outside_the_gate():
    with pytest.raises(Misconfigured, match="outermost"):
        close(SimpleNamespace(api_transformer=print), "http://localhost:3000")


def test_no_other_origin_may_read_our_answers():
    with pytest.raises(Misconfigured, match="cors_allowed_origins"):
        close(SimpleNamespace(api_transformer=None), "https://nobody-configured-this.example")


def test_what_pages_show_is_kept_in_memory_whatever_the_environment_offers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REFLEX_REDIS_URL", "redis://localhost")
    monkeypatch.setenv("REDIS_URL", "redis://localhost")
    assert isinstance(StateManager.create(), StateManagerMemory)


@pytest.mark.slow
def test_states_on_disk_are_for_the_server_alone(origin: str):
    assert (gate_server.prepared_folder() / ".states").stat().st_mode & 0o777 == 0o700
