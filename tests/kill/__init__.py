"""Kills processes again and again while they work, and counts what was lost or done twice.

Runs: `workflow` (what is run, and what must come out) · `knife` (where a process is killed) · `forking` (forks what is
killed) · `server`, `worker` (each with a knife) · `clients` (start runs and insist) · `approver` (decides what waits) ·
`verdict` (reads the logs afterwards) · `rounds` (all of it together). `python -m tests.kill --rounds 200`.
Indexing: `indexer` (brings documents until killed) · `indexing` (the rounds and the verdict).
`python -m tests.kill.indexing --rounds 20`.
Reviews: `reviewer` (submits and decides until killed) · `test_reviews` (20 rounds and the verdict).
`pytest tests/kill/test_reviews.py`."""
