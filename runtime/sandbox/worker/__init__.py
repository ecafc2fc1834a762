"""What lives in the cage. Nobody imports it: it is started as a process, one for each kind of work.

`__main__` (shuts itself in, then answers one request after the other) · `python`, `javascript`, `template` (the
evaluators of somebody's code) · `brought` (what Python lacks there, from `modules`) · `javascript_lines` (which line of
a script failed) · `own` (our own functions, on somebody's data) · `bounded` (a result becomes bytes, and no more of
them than allowed) · `mistakes` (what goes wrong)."""
