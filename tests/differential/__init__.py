"""Random workflows, run by the engine and read by a few lines of plain Python that know nothing of it.

In reading order: `reference` says what a document means, with `values` for what is in it; `steps` are the step types
that fail when told; `drawing` draws documents from `choices`, body by body (`bodies`); `playing` runs one with the real
engine, whole or cut off after a record; `comparing` holds both against each other; `killing` does the same with a
process that is killed.
"""
