"""What is on the screen besides the panel: `Flow` (the surface) with `StepCard`, `ContainerCard`, `StepEdge` and
`NoteCard`, `Toolbar`, `Palette`, `RunPanel`, `Overlays`, `Compare` (two versions on one canvas); `useEditor` is how
each reads the editor's state, `useKeyboard` how keys become commands."""

from builder.shipped import ship_all

ship_all(__file__)
