"""The canvas without a screen: pure modules, each with its tests in tests/canvas. In reading order: `document` (what
is drawn), `edits` (the closed set of changes), `sync` (own edits over those of others), `undo`, `graph`, `layout`,
`containers`, `selection`, `notes`, `building` (what a person means, as edits), `clipboard`, `references`, `code`,
`gist`, `fields`, `schema`, `form`, `failing`, `governing` (versions and data flow), `run`, `palette`, `keyboard`, and
`editor`, which holds the state."""

from pathlib import Path

import reflex as rx

MODULES = sorted(each.name for each in Path(__file__).parent.iterdir() if each.suffix in (".js", ".jsx"))
"""registered from the package, so that they lie in the browser as they lie here and can import one another"""

for module in MODULES:
    rx.asset(module, shared=True)
