"""All local models of a data folder, and how it stands with each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

from runtime.local_model.cage import Means, starting
from runtime.local_model.neighbours import Note, Shared, read_note
from runtime.local_model.service import UNREADABLE
from runtime.local_model.shelf import LocalModel, Shelf
from runtime.sandbox.kept import NEVER_LIVED, Program, Standing
from runtime.settings import Settings

LOCAL = "local"
"""the provider in the name of a local model: `local/smollm2-135m-demo-quality`"""
_KB_A_MB = 1024
_PATHS = re.compile(r"\S*/\S*")
_BY_SIGNAL = 128
"""what bubblewrap adds to the signal that killed its child, for its own exit code"""
_COMPLAINT = re.compile(r"[\d.]+ E\s+")
"""how a line of the engine begins that tells of an error"""


@dataclass(frozen=True, slots=True)
class ModelStanding:
    """A local model as a person sees it."""

    model: LocalModel
    state: str
    """resting, running, failing"""
    process: int | None
    memory_mb: int | None
    last_error: str


class LocalModels:
    """Hands out where each model answers, and ends on `close` what this process keeps."""

    def __init__(self, folder: Path, means: Means | None = None) -> None:
        self.shelf = Shelf(folder)
        self._means = means or Means()
        self._notes = folder / "run"
        self._shared: dict[str, Shared] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, settings: Settings, reduced: Callable[[], bool] = lambda: False) -> LocalModels:
        """Those of a data folder, with what its settings and the policy on isolation allow them."""
        means = Means(settings.local_model_memory_mb, settings.local_model_threads, reduced)
        return cls(settings.data / "local-model", means)

    def reach(self, name: str) -> Note:
        """Where a model answers, and with which key. Raises `NotFound` or `Conflict` where it cannot."""
        with self._lock:
            self.shelf.known(name)
            shared = self._shared.get(name)
            if shared is None:
                program = partial(self._program, name)
                shared = self._shared[name] = Shared(self._notes, name, program, partial(sorry, name))
            return shared.reach()

    def standings(self) -> list[ModelStanding]:
        """Every model there is, and how it stands with it, whichever process keeps it."""
        return [self._standing(each) for each in self.shelf.models()]

    def close(self) -> None:
        """End our children."""
        with self._lock:
            for each in self._shared.values():
                each.close()
            self._shared = {}

    def _program(self, name: str, key: str) -> Program:
        return starting(self.shelf, name, key, self._means)

    def _standing(self, model: LocalModel) -> ModelStanding:
        note = read_note(self._notes, model.name)
        if note is None:
            return ModelStanding(model, "resting", None, None, "")
        now = note.standing
        memory = memory_of(now.process) if now.process else None
        return ModelStanding(model, now.state, now.process, memory, sorry(model.name, now) if now.deaths else "")


def named(model: str) -> str:
    """The local model that `local/smollm2-135m-demo-quality` names; empty where a model is not local."""
    provider, _, name = model.partition("/")
    return name if provider == LOCAL else ""


def sorry(name: str, standing: Standing) -> str:
    """Why a model does not answer, for a person: no path of this machine is in it."""
    said = _PATHS.sub("…", _telling(standing.last_words))[:200]
    match standing.code:
        case code if code == NEVER_LIVED:
            return f"The local model “{name}” could not be started. {standing.last_words}"
        case code if code == UNREADABLE:
            what = (
                "cannot be loaded: its file is damaged, of a kind the engine does not know, or too large for the memory"
            )
        case code if code < 0 or code > _BY_SIGNAL:
            number = -code if code < 0 else code - _BY_SIGNAL
            what = f"died (signal {number}): its file may be damaged, or it needs more memory than it may have"
        case code:
            what = f"died (exit code {code})"
    return f"The local model “{name}” {what}." + (f" Its last words: {said}" if said else "")


def _telling(words: str) -> str:
    """The first complaint of the engine, else the last line."""
    lines = words.strip().splitlines()
    complaints = [each[found.end() :] for each in lines if (found := _COMPLAINT.match(each))]
    return complaints[0] if complaints else lines[-1] if lines else ""


def memory_of(process: int) -> int | None:
    """Megabytes in use by a process and its children; None where the system does not tell."""
    total, waiting = 0, [process]
    while waiting:
        each = waiting.pop()
        try:
            status = Path(f"/proc/{each}/status").read_text()
            waiting += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
        except OSError:
            continue
        found = re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)
        total += int(found[1]) if found else 0
    return total // _KB_A_MB or None
