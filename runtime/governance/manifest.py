"""The manifest: everything a version depends on beside its own meaning, each with a digest of what counts of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

import rfc8785

Kind = Literal["model", "base", "connection", "node_type", "policy"]


@dataclass(frozen=True, slots=True)
class Dependency:
    """One thing a version depends on. `facts` are what an approval rests on; whatever else may be said of the thing
    (its description, its price, its credential) may change freely."""

    kind: Kind
    name: str
    digest: str
    facts: Mapping[str, Any]

    @property
    def id(self) -> str:
        """`model:fast`"""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """All dependencies, by kind and name, under one digest."""

    dependencies: tuple[Dependency, ...]
    digest: str

    def as_json(self) -> bytes:
        """What the digest is of; kept under it."""
        return rfc8785.dumps([_said(each) for each in self.dependencies])

    def get(self, kind: Kind, name: str) -> Dependency | None:
        """One of them."""
        return next((each for each in self.dependencies if (each.kind, each.name) == (kind, name)), None)


def dependency(kind: Kind, name: str, facts: Mapping[str, Any] | None) -> Dependency:
    """A dependency with its digest. Without facts it is one that is not there, which is a fact as well."""
    said: dict[str, Any] = {"missing": True} if facts is None else dict(facts)
    return Dependency(kind, name, sha256(rfc8785.dumps(said)).hexdigest(), said)


def manifest(dependencies: Iterable[Dependency]) -> Manifest:
    """All of them under one digest, whatever order they were found in."""
    found = tuple(sorted({each.id: each for each in dependencies}.values(), key=lambda each: (each.kind, each.name)))
    made = Manifest(found, "")
    return Manifest(found, sha256(made.as_json()).hexdigest())


def read_manifest(entries: Iterable[Mapping[str, Any]]) -> Manifest:
    """A manifest as it was kept, its digests worked out again."""
    return manifest(dependency(each["kind"], each["name"], each["facts"]) for each in entries)


@dataclass(frozen=True, slots=True)
class Drifted:
    """A dependency that is no longer what it was."""

    kind: Kind
    name: str
    before: Dependency | None
    after: Dependency | None
    sentence: str


def drifted(before: Manifest, after: Manifest, titles: Mapping[str, str] | None = None) -> list[Drifted]:
    """What changed between two manifests, by kind and name; told with what people call things (`base:handbook`)."""
    old, new = ({each.id: each for each in one.dependencies} for one in (before, after))
    found: list[Drifted] = []
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was and now and was.digest == now.digest:
            continue
        one = now or was
        assert one is not None, "the name is of one of the two"
        found.append(Drifted(one.kind, one.name, was, now, _sentence(one, was, now, titles or {})))
    return found


_WORDS: dict[Kind, str] = {
    "model": "The model alias",
    "base": "The knowledge base",
    "connection": "The connection to",
    "node_type": "The step type",
    "policy": "The policy",
}


def _sentence(one: Dependency, was: Dependency | None, now: Dependency | None, titles: Mapping[str, str]) -> str:
    what = f"{_WORDS[one.kind]} “{titles.get(one.id, one.name)}”"
    if was is None:
        return f"{what} is needed now and was not before."
    if now is None:
        return f"{what} is not needed any more."
    if now.facts.get("missing"):
        return f"{what} is gone."
    if was.facts.get("missing"):
        return f"{what} was not there and is now."
    fields = sorted(was.facts.keys() | now.facts.keys())
    moved = [name for name in fields if was.facts.get(name) != now.facts.get(name)]
    told = [
        f"{name.replace('_', ' ')}: {_short(was.facts.get(name))} → {_short(now.facts.get(name))}" for name in moved
    ]
    return f"{what} changed: {'; '.join(told)}."


def _short(value: Any) -> str:
    if value in (None, "", [], {}):
        return "none"
    said = value if isinstance(value, str) else rfc8785.dumps(value).decode()
    return said if len(said) <= 80 else said[:80] + "…"


def _said(each: Dependency) -> dict[str, Any]:
    return {"kind": each.kind, "name": each.name, "digest": each.digest, "facts": dict(each.facts)}
