"""Executing runs. In reading order:

- a run: `engine` (the loop, taking over), `execution` (one attempt: the ready queue), `turn` (one step), `context`
  (what a step is given), `effects` (what leaves a run), `waits` (what it asks people), `journal` (how a record gets its
  place), `state` (the fold of a log), `limits`, `live` (the live view), `values`, `process` (the lease), `plans`
- what steps reach: `ports` (what the engine needs from above), `keys` (credentials, opened when they are sent),
  `models`, `outside` (hosts by connection), `probing` (testing one), `masking` (of their credentials), `knowledge`
  (bases: searched and indexed), `indexing` (the system's own plan)

The contract is in docs/running.md.
"""
