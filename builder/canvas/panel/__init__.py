"""The panel: `Panel` (tabs of a step) → `Settings` (its fields) → `Field` (one control) → `Rows`, `TextEditor` with
`Picker`, `People`, `ValueEditor`, `SchemaEditor`, `JsonEditor`; `LastRun` and `Help` are its other tabs.
`Workflow` is the panel of the workflow itself."""

import reflex as rx

MODULES = [
    "FormContext.js", "choices.js", "chips.js", "Field.jsx", "Help.jsx", "JsonEditor.jsx", "LastRun.jsx", "Panel.jsx",
    "People.jsx", "Picker.jsx", "Rows.jsx", "SchemaEditor.jsx", "Settings.jsx", "TextEditor.jsx", "ValueEditor.jsx", "Workflow.jsx",
]  # fmt: skip

for module in MODULES:
    rx.asset(module, shared=True)
