"""Measures speed, and prints first what it was measured with.

`measuring` (best of several, load of the machine, the table) · `workload` (the workflows) · `executor` (in this
process) · `over_http` (a server of its own, a lean client here; cold start, memory) · `model_calls` (both routes) ·
`searching` (a base of ten thousand passages) · `governing` (checks, review page, audit chain) · `editors` (memory with
many open) · `langgraph_peer` and `peer` (the same work by LangGraph, in an environment of its own).
`python -m tests.bench`; `python -m tests.bench --only search review` for parts."""
