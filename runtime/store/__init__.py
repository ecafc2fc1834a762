"""What is kept. In reading order:

- the ground: `tables` (every row there is), `database` (opening and reading), `dialects` and `postgres` (what SQLite
  and Postgres say differently), `writer` (group commit), `transaction`, `ids`, `audit` (the chain)
- running: `log` (the run log and its fence), `inside` (what happened inside containers), `runs` (who executes what),
  `due` (whose turn it is), `error_runs` (what follows a failed one), `conversations` (whose messages are runs),
  `processes` (their leases), `sole` (what one of them has), `schedules`, `waits` (what runs ask people), `spending`
  (the ledger of model calls), `files`, `erasing` (the payload of runs), `partial` (the text of running steps so far),
  `exploring` (finding runs)
- drawing: `workflows` (drafts and their journal), `versions`, `test_cases`, `trials` (what is tried out, what is
  pinned)
- people: `people`, `groups`, `keys`, `attempts` (guesses at passwords), `rights`, `notifications`, `things` (what an
  id is called)
- judging and handing out: `submissions`, `decisions`, `policies`, `apps`, `templates`
- the house: `models`, `connections`, `secrets` (their credentials, sealed), `placing` (where data may go),
  `knowledge`, `words` (a question as full-text search takes it)
"""
