"""The canvas without a screen: pure modules, each with its tests in tests/canvas. In reading order: `document` (what is
drawn), `edits` (the closed set of changes), `sync` (own edits over those of others), `undo`, `graph`, `layout`,
`selection`, `building` (what a person means, as edits), `clipboard`, `references`, `gist`, `fields`, `schema`, `form`,
`run`, `palette`, `keyboard`, and `editor`, which holds the state."""

import reflex as rx

MODULES = [
    "building", "clipboard", "document", "editor", "edits", "fields", "form", "gist", "graph", "keyboard", "layout",
    "palette", "references", "run", "schema", "selection", "sync", "undo",
]  # fmt: skip
"""registered from the package, so that they lie in the browser as they lie here and can import one another"""

for module in MODULES:
    rx.asset(f"{module}.js", shared=True)
