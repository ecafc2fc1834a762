"""Libraries that take their time: loaded at the first use, from any thread, one after the other."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Any

_ONE = threading.Lock()
"""Two threads that import numpy at once, one of them by way of chromadb, get one that is half made."""


def library(name: str) -> Any:
    """The module of this name."""
    with _ONE:
        return import_module(name)
