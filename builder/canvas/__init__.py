"""The canvas: one React component that is the whole editor. In reading order: `core` (pure, tested with node), `view`
(the surface and what lies over it), `panel` (the form of a step), `Canvas.jsx` (puts them together), `canvas` (what
Python sees of it).

Every file is registered from the package it lies in, so that in the browser all lie as they do here."""

from builder.canvas import core, panel, view
from builder.shipped import shipped

shipped(__file__, "canvas.css")
LIBRARY = shipped(__file__, "Canvas.jsx")
PICTURE = shipped(__file__, "Picture.jsx")

__all__ = ["LIBRARY", "PICTURE", "core", "panel", "view"]
