"""Measures speed, and prints first what it was measured with.

`measuring` (best of several, load of the machine, the table) · `workload` (the workflows) · `executor` (in this
process) · `over_http` (a server of its own, a lean client here) · `model_calls` (both routes) · `starting` (cold start,
memory) · `langgraph_peer` and `peer` (the same work by LangGraph, in an environment of its own).
`python -m tests.bench`."""
