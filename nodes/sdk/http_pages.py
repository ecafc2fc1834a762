"""Lists that another system hands out page by page: how one page leads to the next, and what is on them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, cast

from yarl import URL

from nodes.sdk.flows import host_of
from nodes.sdk.node import StepFailed
from nodes.sdk.outside import Received, Request
from nodes.sdk.reading import as_text
from nodes.sdk.words import listed

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[a-zA-Z*]+\s*=\s*(?:\"[^\"]*\"|[^\s\",;<>]+))*)")
_NEXT = re.compile(r";\s*rel\s*=\s*(?:\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\"|next(?![^\s;,]))", re.IGNORECASE)


class Pages(StrEnum):
    """How one page leads to the next."""

    ONE = "one"
    LINK = "link"
    FIELD = "field"
    NUMBER = "number"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"one": "No, one answer is all", "link": "Yes, the Link header names the next page",
                "field": "Yes, a field of the answer leads on", "number": "Yes, pages are counted"}[self]  # fmt: skip


class Collected:
    """What the pages so far have given, and where the next one is."""

    def __init__(
        self, pages: Pages, *, items: str, onward: str, parameter: str, first: int, most: int, room: int
    ) -> None:
        self._pages, self._path, self._onward, self._parameter = pages, items, onward, parameter
        self._number, self._most, self._room = first, most, room
        self._last = ""
        self._seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
        self.items: list[Any] = []
        self.count = 0
        self.complete = False
        """whether the last page was reached"""

    def first(self, request: Request) -> Request:
        """The request for the first page."""
        return self._numbered(request) if self._pages is Pages.NUMBER else request

    def take(self, answer: Received, data: Any, request: Request, host: str) -> Request | None:
        """Take up a page; the request for the next one, None where there is none or enough of them were read.

        Raises `StepFailed` where it holds no list, leads to another host, or is the same page again.
        """
        self._room -= len(answer.text)
        if self._room < 0:
            raise StepFailed(
                f"The pages of {host} are together larger than this step may take.",
                code="answer_too_large",
                hint="Ask for less, by a filter or for fewer pages, or allow more in the step.",
            )
        found = _items(data, self._path, host)
        self._seen.add((request.address, tuple(request.query)))
        self.items += found
        self.count += 1
        onward = self._next(answer, data, found, request, host)
        self.complete = onward is None
        if onward is None or self.count == self._most:
            return None
        if (onward.address, tuple(onward.query)) in self._seen or (found and answer.text == self._last):
            raise StepFailed(
                f"{host} gives the same page again and again.",
                code="pages_repeat",
                hint="Check how the step finds the next page: the other system may call it by another name.",
            )
        self._last = answer.text
        return onward

    def _next(self, answer: Received, data: Any, found: Sequence[Any], request: Request, host: str) -> Request | None:
        match self._pages:
            case Pages.NUMBER:
                self._number += 1
                return self._numbered(request) if found else None
            case Pages.LINK:
                onward = _linked(answer.headers.get("link", ""))
            case _:
                onward = follow(data, self._onward)
        if onward is None or isinstance(onward, bool | dict | list) or onward == "":
            return None
        written = as_text(onward)
        if self._pages is Pages.LINK or written.startswith(("http://", "https://", "/", "?")):
            return replace(request, address=_same_host(request, written, host), query=())
        others = [(name, value) for name, value in request.query if name != self._parameter]
        return replace(request, query=(*others, (self._parameter, written)))

    def _numbered(self, request: Request) -> Request:
        others = [(name, value) for name, value in request.query if name != self._parameter]
        return replace(request, query=(*others, (self._parameter, str(self._number))))


def follow(value: Any, path: str) -> Any:
    """What is at `data.items` in a value; nothing where there is no such place."""
    for key in filter(None, path.split(".")):
        if isinstance(value, list) and key.isdigit() and int(key) < len(cast("list[Any]", value)):
            value = cast("list[Any]", value)[int(key)]
        elif isinstance(value, Mapping):
            value = cast("Mapping[str, Any]", value).get(key)
        else:
            return None
    return value


def _items(data: Any, path: str, host: str) -> list[Any]:
    """The list on a page: the one at `path`, else the page itself or the only list in it."""
    found = follow(data, path)
    if isinstance(found, list):
        return cast("list[Any]", found)
    known: Mapping[str, Any] = cast("Mapping[str, Any]", data) if isinstance(data, Mapping) else {}
    lists = [name for name, value in known.items() if isinstance(value, list)]
    if not path and len(lists) == 1:
        return known[lists[0]]
    if path and found is None and known:
        what = f"There is nothing at “{path}” in the answer of {host}"
    else:
        what = f"It is not clear which list in the answer of {host} is meant" if lists else f"{host} answered no list"
    raise StepFailed(
        f"{what}.",
        code="no_items",
        hint=f"It has {listed([f'“{name}”' for name in list(known)[:10]])}." if known else "Look at what it answers.",
    )


def _linked(header: str) -> str | None:
    """The address of the next page in a `Link` header (RFC 8288)."""
    return next((found[1] for found in _LINK.finditer(header[:20_000]) if _NEXT.search(found[2])), None)


def _same_host(request: Request, onward: str, host: str) -> str:
    """The address a page leads on to, which is never at another host: nothing was agreed on for that one."""
    try:
        before = URL(request.address, encoded=True)
        after = before.join(URL(onward, encoded=True))
        address, alike = str(after), after.scheme == before.scheme and host_of(str(after)) == host
    except ValueError:
        address, alike = onward, False
    if not alike:
        raise StepFailed(
            f"{host} says that its next page is at another host.",
            code="pages_elsewhere",
            hint="Pages are read from one host only. Call the other one with a step of its own.",
        )
    return address
