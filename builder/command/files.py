"""Reading what a command line names: a workflow file, a file of JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson

from runtime.errors import BadInput, NotFound


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise NotFound(f"{name} cannot be read: {error.strerror}.", hint="Check the name of the file.") from error


def read_object(name: str) -> dict[str, Any]:
    """A JSON object from a file."""
    try:
        found = orjson.loads(read_bytes(name))
    except orjson.JSONDecodeError as error:
        raise BadInput(f"{name} is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise BadInput(f'{name} must hold a JSON object, as in {{"name": value}}.')
    return found
