"""Data: steps that rearrange what is already there."""
