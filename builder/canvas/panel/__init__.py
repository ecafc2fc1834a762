"""The panel: `Panel` (tabs of a step) → `Settings` (its fields) → `Field` (one control) → `Rows`, `TextEditor` with
`Picker`, `CodeEditor`, `People`, `Bases`, `ValueEditor`, `SchemaEditor`, `JsonEditor`; `WhenItFails` stands below
them, `LastRun` and `Help` are the other tabs. `Workflow` is the panel of the workflow itself, with `Versions`,
`DataFlow` and `TestCases` beside it."""

from builder.shipped import ship_all

ship_all(__file__)
