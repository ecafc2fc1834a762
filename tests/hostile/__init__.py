"""Hostile texts against everything that reads or runs what a person wrote: `payloads` (the texts), `house` (the
canaries that must not be touched), `settings` and `running` (every step type with them), `reading` (our own readers),
and a file of tests for each kind of evaluator, for the fields that have none, and for cages weakened on purpose."""
