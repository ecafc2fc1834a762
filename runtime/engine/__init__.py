"""Executing runs. In reading order:

- a run: `engine` (the loop), `sweeping` (which runs need hands), `dispatch` (the doorbell between processes),
  `execution` (one attempt: the ready queue), `walk` (one way through steps), `containers` (what runs the steps inside
  a step), `turn` (one step), `failing` (what becomes of one that fails), `context` (what a step is given), `effects`
  (what leaves a run), `conversing` (as a message of a conversation), `waits` (what it asks people), `journal` (how a
  record gets its place), `given` (how a log begins that is given something), `trials` (one step alone, pins) and
  `replaying` (recorded answers), `frames` (what is known in one walk), `state` (the fold of a log), `ending` (how an
  attempt ends), `error_runs` (what begins when it has failed), `limits`, `telling` and `live` (the live view),
  `partials` (its text between processes), `awaiting` (callers of runs that others execute), `values`, `process` (the
  lease), `plans`
- what steps reach: `ports` (what the engine needs from above), `keys` (credentials, opened when they are sent),
  `models`, `parcels`, `outside` and `answers` (a request made ready, sent to a host by its connection, what came back),
  `probing` (testing one), `masking` (of their credentials), `sandbox` (somebody's code), `files`, `cleaning` (of those
  nobody needs), `knowledge` (bases: searched and indexed), `indexing` (the system's own plan)

The contract is in docs/running.md.
"""
