"""Ids: unguessable, and sorted by the time they were made, so that rows of one time lie together."""

from __future__ import annotations

import secrets
import time


def new_id(kind: str) -> str:
    """`run_0192f3…`: the kind, 12 hex digits of milliseconds, 20 of chance."""
    return f"{kind}_{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"
