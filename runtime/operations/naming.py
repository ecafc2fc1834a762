"""Names in addresses: made once from a title, in small letters and hyphens, and never changed."""

from __future__ import annotations

import re
from collections.abc import Callable

LONGEST = 56

_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def free_name(title: str, taken: Callable[[str], set[str]], *, otherwise: str) -> str:
    """A name nobody has: `ticket-triage`, `ticket-triage-2`. `taken` gives the names in use that begin like a text;
    `otherwise` begins the name where the title has no letter to begin with."""
    name = re.sub(r"[^a-z0-9]+", "-", title.lower().translate(_PLAIN))[:LONGEST].strip("-")
    name = name if name[:1].isalpha() else f"{otherwise}-{name}".strip("-")
    used, number, free = taken(name), 2, name
    while free in used:
        free, number = f"{name}-{number}", number + 1
    return free
