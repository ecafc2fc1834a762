"""Time zones by their names in the database of the world: `Europe/Berlin`."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from nodes.sdk.node import StepFailed


def zone_trouble(name: str) -> str:
    """Why a zone cannot be used, as a sentence; nothing where it can."""
    if name in _known():
        return ""
    last = {each.rpartition("/")[2].casefold(): each for each in sorted(_known())}
    near = get_close_matches(name.rpartition("/")[2].strip().replace(" ", "_").casefold(), last, 1, 0.7)
    hint = f" Did you mean {last[near[0]]}?" if near else " Zones are called like Europe/Berlin."
    return f"There is no time zone “{name[:60]}”.{hint}"


def zone_of(name: str) -> ZoneInfo:
    """A zone by its name. Raises `StepFailed`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise StepFailed(zone_trouble(name) or f"There is no time zone “{name[:60]}”.", code="unknown_zone") from error


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
