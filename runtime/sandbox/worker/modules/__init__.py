"""Modules of Python that the interpreter in the cage lacks, each a text in what it has. They are never imported here:
a step that imports one gets it, run in its own cage (`brought`). What they leave out is what steps do not use."""
