"""A small app with two states, to be attacked."""
