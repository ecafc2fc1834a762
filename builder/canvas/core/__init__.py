"""The canvas without a screen: pure modules, each with its tests in tests/canvas. In reading order: `document` (what
is drawn), `edits` (the closed set of changes), `sync` (own edits over those of others), `undo`, `graph`, `layout`,
`containers`, `selection`, `notes`, `building` (what a person means, as edits), `clipboard`, `references`, `code`,
`gist`, `fields`, `schema`, `form`, `failing`, `governing` (versions and data flow), `run`, `palette`, `keyboard`, and
`editor`, which holds the state."""

from builder.shipped import ship_all

ship_all(__file__)
