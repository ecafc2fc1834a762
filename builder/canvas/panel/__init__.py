"""The panel: `Panel` (tabs of a step) → `Settings` (its fields) → `Field` (one control) → `Rows`, `TextEditor` with
`Picker`, `CodeEditor`, `People`, `Bases`, `ValueEditor`, `SchemaEditor`, `JsonEditor`; `WhenItFails` stands below
them, `LastRun` and `Help` are the other tabs. `Workflow` is the panel of the workflow itself, with `Versions`,
`DataFlow` and `TestCases` beside it."""

from pathlib import Path

import reflex as rx

MODULES = sorted(each.name for each in Path(__file__).parent.iterdir() if each.suffix in (".js", ".jsx"))
"""registered from the package, so that they lie in the browser as they lie here and can import one another"""

for module in MODULES:
    rx.asset(module, shared=True)
