"""Where data comes from and goes because of a step, as the step itself knows it: governance judges it by these."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import AddressValueError, IPv6Address
from typing import Literal


class DataClass(StrEnum):
    """How confidential a value is. The order of the words is the order of the classes."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"

    @property
    def rank(self) -> int:
        """From 0, public, upwards."""
        return _RANKS[self]

    @property
    def label(self) -> str:
        """The word in the form."""
        return self.value.capitalize()

    def covers(self, other: DataClass) -> bool:
        """Whether somebody cleared for this class may see a value of the other."""
        return self.rank >= other.rank


_RANKS = {each: rank for rank, each in enumerate(DataClass)}


class Tag(StrEnum):
    """What a value is about, where that matters beside its class."""

    PERSONAL = "personal"
    FINANCIAL = "financial"
    HEALTH = "health"
    CREDENTIALS = "credentials"

    @property
    def label(self) -> str:
        """The word in the form."""
        return self.value.capitalize()


def highest(classes: Iterable[DataClass]) -> DataClass:
    """The most confidential of some classes; of none it is public."""
    return max(classes, key=lambda each: each.rank, default=DataClass.PUBLIC)


@dataclass(frozen=True, slots=True)
class Draw:
    """A source a step brings data from. The class of an input stands in the step; the platform knows the others'.

    What a step draws from the conversation is what messages and answers may hold; it goes where the step's values go.
    """

    kind: Literal["input", "base", "host", "conversation"]
    name: str
    data_class: DataClass | None = None
    tags: frozenset[Tag] = frozenset()
    output: str = ""
    """the one output it goes into; empty: all of them"""


@dataclass(frozen=True, slots=True)
class Reach:
    """Somewhere a step hands what it is given: a model alias, an outside host, people who are asked, whoever gets the
    result."""

    kind: Literal["model", "host", "people", "audience"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Lowering:
    """What a step takes away from the values that pass through it. Policy says what that is worth: `by` is the word it
    knows it by."""

    by: str
    """`guard` or `approve`"""
    removes: frozenset[Tag] = frozenset()
    """tags a value no longer has"""
    outputs: frozenset[str] = frozenset()
    """the outputs it is true of; empty: all of them"""


_ADDRESS = re.compile(r"(https?)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?(?=[/?#]|$)")
_USUAL = {"http": 80, "https": 443}


def host_of(address: str) -> str:
    """The host of an address as connections write it: `api.example.com`, or `api.example.com:8443`. Empty where it is
    not written out, because a reference stands in it or because it is no plain address.

    One host has one name here, however it is written: by this name rights are asked, data is followed and versions are
    approved, and the call itself finds its connection by the name the way out reads."""
    found = _ADDRESS.match(address.strip())
    if found is None:
        return ""
    scheme, host, port = found[1], found[2].lower().rstrip("."), int(found[3] or _USUAL[found[1]])
    if host.startswith("["):
        try:
            host = f"[{IPv6Address(host[1:-1])}]"
        except AddressValueError:
            return ""
    return host if port == _USUAL[scheme] else f"{host}:{port}"
