"""Which addresses may be connected to: decided on the number itself, never on a name."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal

Zone = Literal["public", "company", "here"]
"""how far inwards an outlet may lead: the open internet only; also the company's own network; also this machine"""

_NEVER = {
    # IPv4: IANA special-purpose registry, RFC 6890 and later, and what clouds tell their machines about themselves
    "0.0.0.0/8": "no address of a host",
    "168.63.129.16/32": "a cloud's service for its own machines",
    "169.254.0.0/16": "a link-local address, where clouds keep credentials",
    "192.0.0.0/24": "reserved for protocols",
    "192.0.2.0/24": "for documentation only",
    "192.88.99.0/24": "a tunnel",
    "198.18.0.0/15": "for measurements only",
    "198.51.100.0/24": "for documentation only",
    "203.0.113.0/24": "for documentation only",
    "224.0.0.0/4": "many hosts at once",
    "240.0.0.0/4": "reserved",
    "100.100.100.200/32": "a cloud's service for its own machines",
    # IPv6
    "::/128": "no address of a host",
    "fe80::/10": "a link-local address",
    "fec0::/10": "a site-local address of old",
    "fd00:ec2::/32": "a cloud's service for its own machines",
    "2001::/23": "reserved for protocols and tunnels",
    "2001:db8::/32": "for documentation only",
    "2002::/16": "a tunnel",
    "3fff::/20": "for documentation only",
    "ff00::/8": "many hosts at once",
}
_COMPANY = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
_HERE = ("127.0.0.0/8", "::1/128")
_GLOBAL_6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = 0x5EFE

Network = IPv4Network | IPv6Network
_NEVER_NETWORKS: list[tuple[Network, str]] = [(ip_network(each), why) for each, why in _NEVER.items()]
_COMPANY_NETWORKS: list[Network] = [ip_network(each) for each in _COMPANY]
_HERE_NETWORKS: list[Network] = [ip_network(each) for each in _HERE]


def barred(address: str, zone: Zone) -> str:
    """Why `address` may not be connected to from `zone`; empty when it may.

    IPv4 hidden in IPv6 (mapped, NAT64, ISATAP) is judged by what it leads to; other tunnels are barred as such.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "no address"
    inner = _inner(found)
    for network, why in _NEVER_NETWORKS:
        if inner in network:
            return why
    if any(inner in network for network in _HERE_NETWORKS):
        return "" if zone == "here" else "this machine"
    if any(inner in network for network in _COMPANY_NETWORKS):
        return "" if zone in ("here", "company") else "an address of a private network"
    if isinstance(inner, IPv6Address) and inner not in _GLOBAL_6:
        return "not routed on the internet"
    return ""


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    number = int(address)
    if address in _NAT64 or (number >> 32) & 0xFDFFFFFF == _ISATAP:  # RFC 6052 §2.1; RFC 5214 §6.1, either `u` bit
        return IPv4Address(number & 0xFFFFFFFF)
    return address
