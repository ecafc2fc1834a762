"""The tokenizer of all-MiniLM-L6-v2, as its makers publish it (Apache-2.0, see NOTICE.txt); checked before use."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER = Path(__file__).with_name("tokenizer.json")
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


class NotTheModel(Exception):
    """A file of the model is not the one this product was tried with."""


@cache
def tokenizer() -> Tokenizer:
    """The tokenizer, cutting nothing off. Raises `NotTheModel`."""
    from tokenizers import Tokenizer

    content = checked(TOKENIZER, TOKENIZER_SHA256)
    made = Tokenizer.from_str(content.decode())
    made.no_truncation()
    made.no_padding()
    return made


def checked(path: Path, expected: str) -> bytes:
    """The bytes of a file, if they are the expected ones. Raises `NotTheModel`."""
    content = path.read_bytes()
    if (found := sha256(content).hexdigest()) != expected:
        raise NotTheModel(f"{path.name} has the SHA-256 {found}, expected was {expected}: install it again.")
    return content
