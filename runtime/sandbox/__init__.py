"""Child processes with limits, in a cage, for all work whose cost or reach a stranger's bytes can choose.

`cage` (what a process sees in there, and whether one can be built here) · `namespaces` (why not, and what to do) ·
`filter` (its system calls) · `workers` (caged processes that wait for code, and the few that are used again) ·
`frames` (how host and worker talk) · `worker` (what runs inside: the evaluators) · `facts` (what a process in there
sees) · `limited` (start a module of ours once, hand it bytes, take bytes back) · `cell` (what runs in that child
first) · `kept` (a program of ours that answers at a door we hold).

Nothing is imported here: every child comes through this door, and has to begin fast."""
