"""Finding the step types: every file in a category's folder, by its path; nothing is registered anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable

import nodes
from nodes.catalogue.conventions import Broken, the_node_of
from nodes.catalogue.description import Described, described, described_broken
from nodes.sdk import Node

CATEGORIES: Mapping[str, str] = {
    "flow": "Flow",
    "ai": "AI",
    "knowledge": "Knowledge",
    "data": "Data",
    "people": "People",
    "connect": "Connect",
}
"""the folders that hold step types, in the order of the palette, with their words"""


@dataclass(frozen=True)
class Catalogue:
    """The step types there are. A file that breaks a convention is in `broken`, with the sentence that says the fix."""

    types: Mapping[str, type[Node]]
    broken: Mapping[str, str]
    digest: str
    """SHA-256 over ids, versions and the bytes of every source file a step type rests on"""

    def get(self, type_id: str) -> type[Node] | None:
        """The class of a step type; None for one that is unknown or broken."""
        return self.types.get(type_id)

    def describe(self) -> list[Described]:
        """All step types as data, broken ones included, in the order of the palette."""
        found = {type_id: described(node) for type_id, node in self.types.items()}
        found |= {type_id: described_broken(type_id, sentence) for type_id, sentence in self.broken.items()}
        order = list(CATEGORIES)
        return sorted(found.values(), key=lambda each: (order.index(each["category"]), each["label"]))


def load(package: str = nodes.__name__, categories: Sequence[str] = tuple(CATEGORIES)) -> Catalogue:
    """Read every step type of `package`. Never fails: what cannot be used is listed as broken."""
    types: dict[str, type[Node]] = {}
    broken: dict[str, str] = {}
    digest = sha256()
    for type_id, source in _files(package, categories):
        try:
            node = the_node_of(import_module(f"{package}.{type_id}"), type_id)
        except Broken as error:
            broken[type_id] = str(error)
        except Exception as error:  # noqa: BLE001 - one bad file must not take the others down
            cause = next(iter(str(error).splitlines()), "")
            broken[type_id] = f"The file cannot be loaded: {type(error).__name__}: {cause}"
        else:
            types[type_id] = node
            digest.update(f"{type_id}\n{node.version}\n".encode() + sha256(source.read_bytes()).digest())
    for source in _python_in(files(package) / "sdk"):  # the operators and readers every step type shares
        digest.update(f"{source.name}\n".encode() + sha256(source.read_bytes()).digest())
    return Catalogue(types, broken, digest.hexdigest())


def _files(package: str, categories: Sequence[str]) -> Iterator[tuple[str, Traversable]]:
    root = files(package)
    for category in categories:
        for source in _python_in(root / category):
            if source.name != "__init__.py":
                yield f"{category}.{source.name.removesuffix('.py')}", source


def _python_in(folder: Traversable) -> list[Traversable]:
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((each for each in found if each.name.endswith(".py")), key=lambda each: each.name)
