"""Kills processes again and again while they work, and counts what was lost or done twice.

Runs: `workflow`, `everything` (what is run, and what must come out) · `furnishing` (what it needs) · `knife` (where a
process is killed) · `forking` (forks what is killed) · `server`, `worker`, `approver` (each with a knife) · `clients`
(start runs and insist) · `verdict` (reads the logs afterwards) · `rounds` (all of it together).
`python -m tests.kill --rounds 200`.
Indexing: `indexer` (brings documents until killed) · `indexing` (the rounds and the verdict).
`python -m tests.kill.indexing --rounds 20`.
Reviews: `reviewer` (submits and decides until killed) · `test_reviews` (20 rounds and the verdict).
`pytest tests/kill/test_reviews.py`.
Files: `filer` (brings files and cleans up until killed) · `test_files` (12 rounds of two, and the verdict)."""
