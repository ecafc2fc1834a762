"""What is wrong with the settings of a call, where their types alone do not see it."""

from __future__ import annotations

from collections.abc import Sequence

from nodes.sdk.flows import host_of
from nodes.sdk.http_answer import statuses_of
from nodes.sdk.node import Trouble
from nodes.sdk.outside import PLATFORM_HEADERS


def address_troubles(url: str) -> list[Trouble]:
    """An address that is missing, or whose host is not written out."""
    if not url.strip():
        return [Trouble("url", "missing", "Write the address to call, such as https://api.example.com/orders.")]
    if host_of(url):
        return []
    sentence = (
        "Write scheme and host out, as in https://api.example.com/…. Values may stand only behind them, so that all"
        " can see where the data goes."
    )
    return [Trouble("url", "bad_address", sentence)]


def name_troubles(place: str, names: Sequence[str]) -> list[Trouble]:
    """Rows without a name."""
    return [
        Trouble(f"{place}.{at}.name", "missing", "Give it a name.") for at, name in enumerate(names) if not name.strip()
    ]


def header_troubles(names: Sequence[str]) -> list[Trouble]:
    """Headers without a name, with one that is none, or with one that is the platform's to set."""
    found = name_troubles("headers", names)
    for at, name in enumerate(names):
        if name.strip() and not _is_header(name):
            found.append(Trouble(f"headers.{at}.name", "bad_header", f"“{name}” is not the name of a header."))
        elif name.lower() in PLATFORM_HEADERS:
            sentence = f"“{name}” is set by the platform. Take it away."
            found.append(Trouble(f"headers.{at}.name", "bad_header", sentence))
    return found


def status_troubles(fine: str) -> list[Trouble]:
    """Statuses that are none."""
    try:
        statuses_of(fine)
    except ValueError as error:
        return [Trouble("fine", "bad_status", f"“{error}” is no status. Write them like 404, 409 or 300-399.")]
    return []


def _is_header(name: str) -> bool:
    return name.isascii() and all(each.isalnum() or each in "!#$%&'*+-.^_`|~" for each in name)
