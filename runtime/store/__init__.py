"""What is kept. In reading order: `tables` (every row there is), `database` (opening and reading), `writer` (group
commit), `log` (the run log and its fence), `runs` (who executes what), `spending` (the ledger of model calls),
`workflows` (drafts and their journal), `people`, `models`, `audit`; `transaction` and `ids` are small change."""
