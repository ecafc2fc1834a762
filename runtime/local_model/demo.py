"""The scripted demo model, kept beside the server: there before the first call, again when it died, gone with us."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType

from runtime.local_model.doors import open_door
from runtime.sandbox.kept import Kept, Program, Standing
from runtime.settings import Settings

_LEAVING_S, _LOOK_S = 3.0, 0.05


class DemoModel:
    """Runs `greenlane demo-model` for a time, unless it is switched off. With `shared` one that is there will do."""

    def __init__(self, settings: Settings, *, shared: bool = False) -> None:
        self._settings, self._shared = settings, shared
        self._kept: Kept | None = None

    def __enter__(self) -> DemoModel:
        if self._settings.demo_model:
            self._kept = self._begun()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    @property
    def standing(self) -> Standing | None:
        """How it stands with it; None where somebody else's is used, or none."""
        return self._kept.standing if self._kept else None

    def _begun(self) -> Kept | None:
        # the child of a server that was killed a moment ago needs a moment to notice
        until = time.monotonic() + (0.0 if self._shared else _LEAVING_S)
        while True:
            try:
                door = open_door(self._settings.demo_port)
            except OSError:
                if time.monotonic() >= until:
                    return None
                time.sleep(_LOOK_S)
            else:
                return Kept("demo-model", door, _program, _sorry).start(at_once=True)


def _program() -> Program:
    """Our own command; it is told at which door it answers."""
    command = [sys.executable, "-m", "builder.command", "demo-model", "--until-closed", "--door"]
    return Program(command, environment=dict(os.environ))


def _sorry(standing: Standing) -> str:
    last = standing.last_words.strip().splitlines()
    return "The scripted demo model died." + (f" Its last words: {last[-1][:200]}" if last else "")
