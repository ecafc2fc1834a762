"""Pages whose address names a thing, and what is loaded and done on them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from builder.components.places import _LOADS
from tests.attack.line import STATE

NAMED = {
    "run_id": ("run",),
    "base_name": ("knowledge_base",),
    "passage_id": ("passage",),
    "app_name": ("app",),
    "template_name": ("template",),
    "entry_id": ("wait",),
    "number": ("number",),
    "workflow_name": ("workflow", "workflow id"),
}
"""what may stand in an address, and the kinds of things it may be"""


@dataclass(frozen=True)
class Page:
    """A page of one thing."""

    route: str
    parameter: str
    module: str
    """what the names of its handlers begin with"""

    def named(self, word: str, foreign: Mapping[str, str]) -> dict[str, str]:
        """What stands in its address: the word last, before it Vera's."""
        found = {each: foreign[NAMED[each][0]] for each in re.findall(r"\[(\w+)\]", self.route)}
        return found | {self.parameter: word}

    @property
    def kinds(self) -> tuple[str, ...]:
        return NAMED[self.parameter]


@cache
def all_pages() -> tuple[Page, ...]:
    """Every page with a name in its address; an unknown kind of name is an error here."""
    found: list[Page] = []
    for route, loads in _LOADS.items():
        parameters = re.findall(r"\[(\w+)\]", route)
        if not parameters:
            continue
        assert parameters[-1] in NAMED, f"{route} names something the attack has none of: add it to NAMED and PLANTED"
        found += [Page(route, parameters[-1], each) for each in sorted(set(map(_module, loads)))]
    return tuple(found)


def pages_of(handler: str) -> list[Page]:
    """The pages on which a handler may be called; the same page once."""
    of = {page.route: page for page in all_pages() if handler.startswith(page.module)}
    return list(of.values())


def _module(load: Any) -> str:
    """`builder.screens.app` for `App.load`, and so for `app_manage` beside it; the whole editor for its parts."""
    module = load.fn.__module__ if hasattr(load, "fn") else load.__module__
    if module.startswith("builder.editor."):
        module = "builder.editor"
    return f"{STATE}.{module.replace('.', '___')}"
