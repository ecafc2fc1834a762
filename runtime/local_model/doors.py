"""Sockets of this machine that listen."""

from __future__ import annotations

import socket

HERE = "127.0.0.1"
WAITING = 128
"""callers that may wait while the program behind it starts"""
_PATIENCE_S = 1.0


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


def is_taken(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as knock:
        knock.settimeout(_PATIENCE_S)
        return knock.connect_ex((HERE, port)) == 0


def port_of(door: socket.socket) -> int:
    """Where it listens."""
    return int(door.getsockname()[1])
