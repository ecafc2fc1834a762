"""Is this file a model? Only its first bytes are looked at: reading all of it is the caged engine's work."""

from __future__ import annotations

import struct
from hashlib import sha256
from pathlib import Path

from runtime.errors import BadInput

MAGIC = b"GGUF"
VERSIONS = (2, 3)
SMALLEST = 1_000
"""bytes: no model is smaller"""
MOST_ENTRIES = 1_000_000
"""tensors or words about them: a file that names more is broken"""
_HEAD = struct.Struct("<4sIQQ")
_HINT = "Give a model in GGUF format, as llama.cpp and Ollama use them; its name ends in .gguf."


def check_gguf(path: Path) -> int:
    """The size of a file whose head is that of a GGUF model. Raises `BadInput`."""
    if not path.is_file():
        raise BadInput(f"There is no file {path}.", hint=_HINT)
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
    if len(head) < _HEAD.size or not head.startswith(MAGIC):
        raise BadInput(f"{path.name} is not a GGUF model.", hint=_HINT)
    _, version, tensors, words = _HEAD.unpack(head)
    if version not in VERSIONS:
        raise BadInput(f"{path.name} is GGUF of version {version}; versions 2 and 3 can be read.", hint=_HINT)
    if size < SMALLEST or not 0 < tensors <= MOST_ENTRIES or not 0 < words <= MOST_ENTRIES:
        raise BadInput(f"{path.name} begins like a GGUF model and is damaged.", hint="Fetch it again.")
    return size


def digest_of(path: Path) -> str:
    """SHA-256 of a file, without holding it in memory."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
