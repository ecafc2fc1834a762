"""What lies in the data folder: the engine, the model that comes with it, and models somebody brought."""

from __future__ import annotations

import base64
import csv
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from runtime.errors import BadInput, Conflict, NotFound
from runtime.local_model.gguf import check_gguf, digest_of
from runtime.local_model.pins import BUNDLED, ENGINE, MODEL, WEIGHTS, Pin

NAME = re.compile(r"[a-z][a-z0-9._-]{0,39}")
INSTALL = "greenlane local-model install"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model that can be run here."""

    name: str
    path: str
    size: int
    digest: str
    """SHA-256 of the file when it was taken; empty for the one that came in a package whose hash was checked"""
    changed: int = 0
    """when the file was written, in nanoseconds: another time means it is read again"""
    copied: bool = False

    @property
    def demo(self) -> bool:
        """Whether it is the very small one that comes with it: good for seeing that a flow runs, not for its words."""
        return self.name == BUNDLED


class Shelf:
    """The folder `local-model` of a data folder. Every change is one rename, so that a reader sees all or nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._list = folder / "models.json"

    def home(self, pin: Pin) -> Path:
        """Where a package lies when it is installed."""
        return self.folder / "packages" / f"{pin.name}-{pin.version}"

    @property
    def engine(self) -> Path | None:
        """The folder to import the engine from; None: not installed."""
        home = self.home(ENGINE)
        return home if home.is_dir() else None

    def models(self) -> list[LocalModel]:
        """All there are, the bundled one first."""
        weights = self.home(MODEL) / WEIGHTS
        bundled = [LocalModel(BUNDLED, str(weights), weights.stat().st_size, "")] if weights.is_file() else []
        return bundled + self._added()

    def model(self, name: str) -> LocalModel | None:
        """One by its name."""
        return next((each for each in self.models() if each.name == name), None)

    def known(self, name: str) -> LocalModel:
        """A model that is there. Raises `NotFound`."""
        found = self.model(name)
        if found is None:
            raise NotFound(f"There is no local model “{name}” on this machine.", hint=f"IT can run `{INSTALL}`.")
        return found

    def usable(self, name: str) -> LocalModel:
        """A model that is there and still the file it was. Raises `NotFound` and `Conflict`."""
        found = self.known(name)
        if not found.digest:
            return found
        path = Path(found.path)
        if not path.is_file():
            raise NotFound(f"The file of the local model “{name}” is gone.", hint="IT can add it again.")
        now = path.stat()
        untouched = (now.st_size, now.st_mtime_ns) == (found.size, found.changed)
        if not untouched and (now.st_size != found.size or digest_of(path) != found.digest):
            raise Conflict(
                f"The file of the local model “{name}” is no longer the one that was added.",
                hint="IT can look why, and add it again.",
            )
        return found

    def add(self, path: Path, name: str, *, copy: bool) -> LocalModel:
        """Take a GGUF file: where it lies, or as a copy. Raises `BadInput` and `Conflict`."""
        if not NAME.fullmatch(name):
            raise BadInput(f"“{name}” cannot be a name.", hint="Small letters, digits, . _ and -, after a letter.")
        if self.model(name) or name == BUNDLED:
            raise Conflict(f"There is a local model “{name}” already.", hint="Choose another name with --name.")
        size = check_gguf(path)
        place = path.resolve()
        if copy:
            place = self.folder / "models" / f"{name}.gguf"
            place.parent.mkdir(parents=True, exist_ok=True)
            half = place.with_suffix(".half")
            shutil.copyfile(path, half)
            half.replace(place)
        added = LocalModel(name, str(place.resolve()), size, digest_of(place), place.stat().st_mtime_ns, copied=copy)
        self._write([*self._added(), added])
        return added

    def remove(self, name: str) -> LocalModel:
        """Forget a model that was added, and delete it where it was copied. Raises `NotFound`."""
        found = next((each for each in self._added() if each.name == name), None)
        if found is None:
            raise NotFound(f"No local model “{name}” was added.", hint="`greenlane local-model status` lists them.")
        self._write([each for each in self._added() if each.name != name])
        if found.copied:
            Path(found.path).unlink(missing_ok=True)
        return found

    def clear(self) -> None:
        """Take the packages away; what somebody brought stays."""
        shutil.rmtree(self.folder / "packages", ignore_errors=True)

    def _added(self) -> list[LocalModel]:
        try:
            return [LocalModel(**each) for each in json.loads(self._list.read_bytes())]
        except FileNotFoundError:
            return []
        except (ValueError, TypeError) as error:
            raise Conflict(
                f"The list of the local models that were added, {self._list.name}, cannot be read.",
                hint="IT can remove it from the data folder and add them again.",
            ) from error

    def _write(self, models: list[LocalModel]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        half = self._list.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps([asdict(each) for each in models], indent=1))
        half.replace(self._list)


def is_whole(home: Path) -> bool:
    """Whether each file of an installed package is still what the package says it is (its RECORD)."""
    records = list(home.glob("*.dist-info/RECORD"))
    return len(records) == 1 and all(
        (home / name).is_file() and _recorded(home / name) == digest for name, digest in _digests(records[0])
    )


def _digests(record: Path) -> Iterator[tuple[str, str]]:
    with record.open(newline="") as lines:
        for name, digest, *_ in csv.reader(lines):
            if digest:
                yield name, digest


def _recorded(path: Path) -> str:
    """The digest of a file as a RECORD writes it."""
    raw = bytes.fromhex(digest_of(path))
    return "sha256=" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
