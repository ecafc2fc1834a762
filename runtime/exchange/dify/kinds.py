"""Which function maps which kind of step."""

from __future__ import annotations

from collections.abc import Callable

from runtime.exchange.dify import branches, containers, flow, http, models, others, people, values
from runtime.exchange.dify.work import Here, Made

MAPPED: dict[str, Callable[[Here], Made]] = {
    "end": flow.end,
    "answer": flow.answer,
    "variable-aggregator": flow.aggregate,
    "assigner": flow.assign,
    "if-else": branches.branch,
    "iteration": containers.each,
    "loop": containers.repeat,
    "loop-end": containers.leave,
    "llm": models.ask,
    "question-classifier": models.classify,
    "parameter-extractor": models.extract,
    "knowledge-retrieval": models.search,
    "agent": models.agent,
    "code": values.code,
    "template-transform": values.write,
    "list-operator": values.arrange,
    "document-extractor": values.read,
    "http-request": http.call,
    "human-input": people.ask,
    "tool": others.tool,
    "datasource": others.source,
    "knowledge-index": others.index,
}
"""every kind that is known; anything else keeps its place"""


def mapper(kind: str) -> Callable[[Here], Made]:
    """What maps a kind."""
    return MAPPED.get(kind, others.unknown)
