"""Hostile texts against everything that reads or runs what a person wrote: `payloads` (the texts), `house` (the
canaries that must not be touched), and a file of tests for each kind of evaluator and for the fields that have none."""
