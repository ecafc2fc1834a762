"""Step types: one file is one node type, and its path is the type id."""
