"""The canvas: one React component that is the whole editor. In reading order: `core` (pure, tested with node), `view`
(the surface and what lies over it), `panel` (the form of a step), `Canvas.jsx` (puts them together), `canvas` (what
Python sees of it).

Every file is registered from the package it lies in, so that in the browser all lie as they do here."""

import reflex as rx

from builder.canvas import core, panel, view

rx.asset("canvas.css", shared=True)
LIBRARY = rx.asset("Canvas.jsx", shared=True).importable_path
PICTURE = rx.asset("Picture.jsx", shared=True).importable_path

__all__ = ["LIBRARY", "PICTURE", "core", "panel", "view"]
