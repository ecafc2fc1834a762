"""Ports nobody listens on."""

import socket


def free_port() -> int:
    """A free port of this machine, as far as can be known before it is used."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]
