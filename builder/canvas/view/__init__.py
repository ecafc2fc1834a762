"""What is on the screen besides the panel: `Flow` (the surface) with `StepCard`, `ContainerCard`, `StepEdge` and
`NoteCard`, `Toolbar`, `Palette`, `RunPanel`, `Overlays`, `Compare` (two versions on one canvas); `useEditor` is how
each reads the editor's state, `useKeyboard` how keys become commands."""

from pathlib import Path

import reflex as rx

MODULES = sorted(each.name for each in Path(__file__).parent.iterdir() if each.suffix in (".js", ".jsx"))
"""registered from the package, so that they lie in the browser as they lie here and can import one another"""

for module in MODULES:
    rx.asset(module, shared=True)
