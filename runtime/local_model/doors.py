"""Sockets of this machine that listen and never call."""

from __future__ import annotations

import socket

HERE = "127.0.0.1"
WAITING = 128
"""callers that may wait while the program behind it starts"""


def open_door(port: int = 0) -> socket.socket:
    """A socket only this machine reaches; port 0 takes a free one. Raises `OSError` where the port is taken."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((HERE, port))
        door.listen(WAITING)
    except OSError:
        door.close()
        raise
    return door


def port_of(door: socket.socket) -> int:
    """Where it listens."""
    return int(door.getsockname()[1])
