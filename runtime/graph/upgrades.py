"""Upgrades: older formats of the document, one function for each number, applied when a file is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runtime.graph.document import FORMAT

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
UPGRADES: Mapping[int, Upgrade] = {}
"""from each older number to the next one"""


def upgrade(data: dict[str, Any], *, upgrades: Mapping[int, Upgrade] = UPGRADES, to: int = FORMAT) -> dict[str, Any]:
    """Data of the format `to`, from data whose `greenlane` is that number or an older one."""
    for number in range(data["greenlane"], to):
        data = upgrades[number](data) | {"greenlane": number + 1}
    return data
