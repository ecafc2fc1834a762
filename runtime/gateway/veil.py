"""Our key stands in nothing a model says, in whatever pieces it says it: servers echo what they were sent."""

from __future__ import annotations

BLOT = "•••"
SHORTEST = 16
"""characters of a key that is looked for; a shorter one is a word that means nothing, such as `ollama`"""


class Veil:
    """For the text of one try as it arrives. What may be the beginning of the key is kept back until more has come."""

    def __init__(self, key: str) -> None:
        self._key = key if len(key) >= SHORTEST else ""
        self._held = ""

    def hear(self, piece: str) -> str:
        """The text that is certain by now, without the key."""
        if not self._key:
            return piece
        text = (self._held + piece).replace(self._key, BLOT)
        begun = range(min(len(self._key) - 1, len(text)), 0, -1)
        held = next((each for each in begun if text.endswith(self._key[:each])), 0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def rest(self) -> str:
        """What was kept back, at the end of the text."""
        rest, self._held = self._held, ""
        return rest


def veiled(text: str, key: str) -> str:
    """A whole text without the key."""
    return text.replace(key, BLOT) if len(key) >= SHORTEST else text
