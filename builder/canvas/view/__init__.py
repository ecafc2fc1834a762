"""What is on the screen besides the panel: `Flow` (the surface) with `StepCard` and `StepEdge`, `Toolbar`, `Palette`,
`RunPanel`, `Overlays`; `useEditor` is how each reads the editor's state, `useKeyboard` how keys become commands."""

import reflex as rx

MODULES = [
    "useEditor.js", "useKeyboard.js", "useView.js", "icons.jsx", "Flow.jsx", "Overlays.jsx", "Palette.jsx",
    "RunPanel.jsx", "StepCard.jsx", "StepEdge.jsx", "Toolbar.jsx", "Value.jsx",
]  # fmt: skip

for module in MODULES:
    rx.asset(module, shared=True)
