"""Kills the API server again and again while clients start runs, and counts what was lost or done twice.

`workflow` (what is run, and what must come out) · `knife` (where a process is killed) · `server` (forks servers, each
with a knife; a process of its own) · `clients` (start runs and insist) · `approver` (decides what waits) · `verdict`
(reads the logs afterwards) · `rounds` (all of it together). `python -m tests.kill --rounds 200`."""
