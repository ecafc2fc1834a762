"""Blotting out a credential wherever it may turn up again: in an echo, an error, a record."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

BLOT = "•••"
SHORTEST = 4
"""a part of a credential that is shorter than this is not looked for by itself: it would be found everywhere"""
SHORTEST_IN_BYTES = 8
"""likewise, in what is no text: a hundred million bytes hold any four of them, and none of eight by chance"""


class Mask:
    """Knows one credential in all its usual disguises: as it is, without its scheme (`Bearer …`), the name and the
    password inside `Basic …`, escaped for addresses and JSON, in base64 and in hexadecimal."""

    __slots__ = ("_forms",)

    def __init__(self, secret: str) -> None:
        found = {form for part in _parts(secret) for form in _disguises(part)}
        self._forms = sorted(found, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """The text without the credential."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, BLOT)
        return text

    def clean_bytes(self, content: bytes) -> bytes:
        """The bytes of a file without the credential. What is no text keeps the short forms: chance writes them."""
        shortest = SHORTEST_IN_BYTES if b"\0" in content else 0
        for form in self._forms:
            for coding in ("utf-8", *_wide(content)):
                raw = form.encode(coding)
                if len(raw) >= shortest and raw in content:
                    content = content.replace(raw, BLOT.encode(coding))
        return content


def _wide(content: bytes) -> Iterator[str]:
    """How text of two bytes a letter is written, where a file begins like one: some systems export so."""
    if content[:2] == b"\xff\xfe" or content[1:2] == content[3:4] == b"\0":
        yield "utf-16-le"
    if content[:2] == b"\xfe\xff" or content[:1] == content[2:3] == b"\0":
        yield "utf-16-be"


def _parts(secret: str) -> Iterator[str]:
    if not secret:
        return
    yield secret
    scheme, _, rest = secret.partition(" ")
    if rest and len(rest) >= SHORTEST:
        yield rest
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(rest, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return
        yield pair
        password = pair.partition(":")[2]
        if len(password) >= SHORTEST:
            yield password


def _disguises(part: str) -> Iterator[str]:
    raw = part.encode()
    yield part
    yield json.dumps(part)[1:-1]
    yield json.dumps(part, ensure_ascii=False)[1:-1]
    yield quote(part, safe="")
    yield quote(part)
    yield quote_plus(part)
    yield raw.hex()
    yield raw.hex().upper()
    for skipped in range(3):  # what of it is certain in base64, wherever in a longer text it begins
        packed = base64.b64encode(b"\0" * skipped + raw)
        begin, end = (0, 2, 3)[skipped], len(packed) - (0, 3, 2)[(len(raw) + skipped) % 3]
        if end - begin >= 2 * SHORTEST:
            found = packed[begin:end].decode()
            yield found
            yield found.replace("+", "-").replace("/", "_")
