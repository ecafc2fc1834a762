"""Web addresses, read strictly: what two programs could understand in two ways is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Literal

PORTS = {"http": 80, "https": 443}
LONGEST = 8000
"""characters of an address"""

_ADDRESS = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::([0-9]{1,5}))?([/?][!$&-;=?-Z\[\]_a-z~%]*)?")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class Refused(Exception):
    """An outlet does not lead there. The text says why, for the server's own log and for IT."""


@dataclass(frozen=True, slots=True)
class Target:
    """A web address in its parts."""

    scheme: Literal["http", "https"]
    host: str
    """small letters, without brackets"""
    port: int
    path: str
    """with the query, never empty"""

    @property
    def origin(self) -> tuple[str, str, int]:
        """What has to be the same for two addresses to lead to the same place."""
        return self.scheme, self.host, self.port

    @property
    def named(self) -> str:
        """Host, and port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.named}{self.path}"


def read_target(address: str) -> Target:
    """The parts of a web address. Raises `Refused` for one with a user, a fragment, white space, characters outside
    ASCII, an address of digits written in an unusual way, or a name that is none."""
    if len(address) > LONGEST:
        raise Refused(f"an address of more than {LONGEST} characters")
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise Refused("not a plain web address such as https://host/path")
    scheme: Literal["http", "https"] = "http" if found[1] == "http" else "https"
    port = int(found[3]) if found[3] else PORTS[scheme]
    if not 0 < port < 65536:
        raise Refused("no such port")
    path = found[4] or "/"
    return Target(scheme, _host(found[2].lower()), port, path if path.startswith("/") else f"/{path}")


def _host(written: str) -> str:
    if written.startswith("["):
        try:
            return str(IPv6Address(written[1:-1]))
        except AddressValueError as error:
            raise Refused("not an IPv6 address") from error
    labels = written.split(".")
    if len(written) > 253 or not all(_LABEL.fullmatch(each) for each in labels):
        raise Refused("not the name of a host")
    if labels[-1][0].isdigit():  # no top-level domain begins so; inet_aton reads 0x7f.1, 017700000001 and 127.1
        try:
            return str(IPv4Address(written))
        except AddressValueError as error:
            raise Refused("an address of digits that is not written a.b.c.d") from error
    return written
