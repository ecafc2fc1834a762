"""Made-up tickets, for the example that fetches from another system: what such a system would hand out."""

from __future__ import annotations

from typing import Any

_TICKETS = (
    ("T-101", "Invoice of October shows the wrong address", "billing", "2026-11-16", "closed", 0.5),
    ("T-102", "Cannot sign in after the update", "access", "2026-11-16", "closed", 1.5),
    ("T-103", "Export stops at 10,000 rows", "technical", "2026-11-17", "open", 3),
    ("T-104", "Please change our bank details", "billing", "2026-11-18", "open", 0.25),
    ("T-105", "Report arrives twice", "technical", "2026-11-18", "closed", 2),
    ("T-106", "New colleague needs access", "access", "2026-11-19", "open", 0.25),
    ("T-107", "Page is slow in the morning", "technical", "2026-11-20", "open", 1),
)
_NAMES = ("id", "title", "topic", "opened", "status", "hours")


def tickets() -> dict[str, Any]:
    """All of them, labelled as what they are."""
    return {"demo": "made-up tickets", "tickets": [dict(zip(_NAMES, each, strict=True)) for each in _TICKETS]}
