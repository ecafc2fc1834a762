"""Files of Dify, all versions from none to 0.6.0, as documents of ours.

In reading order: `source` (what a file holds, brought into one form), `work` (the import under way: ids, inputs,
variables, what was said of each step), `references` (their references as ours); the steps by kind: `flow`, `people`,
`branches`, `containers`, `models`, `values`, `lists`, `http`, `others`; `kinds` (which function maps which kind);
`graph` (all of a file put together), `aside` (steps that nothing leads to), `settling` (what only the whole document
shows), `configured` (apps without a graph), `linting` (rules of their own linter)."""
