"""What a person has to put into words: reasons, conditions, remarks."""

from __future__ import annotations

from runtime.errors import BadInput

SHORTEST_REASON = 10
LONGEST_TEXT = 4_000
"""characters"""


def reasoned(reason: str) -> str:
    """Why somebody does what others will ask about, tidied. Raises `BadInput`."""
    return written(reason, "Please say why, in a sentence.")


def written(text: str, what: str, least: int = SHORTEST_REASON) -> str:
    """A text a person must write, tidied. Raises `BadInput` with `what` when it is missing, too short or endless."""
    text = text.strip()
    if not least <= len(text) <= LONGEST_TEXT:
        raise BadInput(what, hint=f"Write {least} to {LONGEST_TEXT:,} characters.")
    return text
