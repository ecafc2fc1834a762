"""Executing runs. In reading order: `engine` (the loop, taking over), `execution` (one attempt: the ready queue),
`context` (what a step is given), `effects` (what leaves a run), `journal` (how a record gets its place), `state` (the
fold of a log), `limits`, `live` (the live view), `values`, `process` (the lease), `plans`, `models`, and `ports` (what
the engine needs from above). The contract is in docs/running.md."""
