"""Rules for files of Dify, by the names a linter for them has: what is wrong in a file although it can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from runtime.exchange.dify.branches import ELSE
from runtime.exchange.dify.source import Node, Source
from runtime.exchange.loose import mapping, mappings, number, selector, text, yes
from runtime.exchange.report import CODES, Report

Found = Iterator[str]


def lint(source: Source, report: Report, ids: dict[str, str]) -> None:
    """Notes every rule that is broken."""
    for node in source.nodes.values():
        handles = {link.handle for link in source.links if link.source == node.id}
        for code in _RULES[node.kind](node, handles) if node.kind in _RULES else ():
            report.note(code, f"“{node.title or node.id}”: {CODES[code][:1].lower()}{CODES[code][1:]}",
                        step=ids.get(node.id))  # fmt: skip


def _agent(node: Node, _: set[str]) -> Found:
    if not isinstance(node.data.get("agent_parameters", {}), dict):
        yield "agent_parameters_invalid_type"


def _if_else(_: Node, handles: set[str]) -> Found:
    if ELSE not in handles:
        yield "if_else_false_missing"


def _search(node: Node, _: set[str]) -> Found:
    if not selector(node.data.get("query_variable_selector")) and not node.data.get("query_attachment_selector"):
        yield "knowledge_retrieval_query_missing"
    several = mapping(node.data.get("multiple_retrieval_config"))
    if several.get("top_k") is not None and (number(several["top_k"]) or 0) < 1:
        yield "knowledge_retrieval_topk_invalid"


def _list(node: Node, _: set[str]) -> Found:
    limit = mapping(node.data.get("limit"))
    if yes(limit.get("enabled")) and (number(limit.get("size")) or 0) < 1:
        yield "list_operator_limit_invalid"


def _classifier(node: Node, handles: set[str]) -> Found:
    ids = [text(each.get("id")) for each in mappings(node.data.get("classes"))]
    if any(count > 1 for count in Counter(ids).values()):
        yield "question_classifier_class_id_duplicate"
    if set(ids) - handles:
        yield "question_classifier_handle_missing"


def _schedule(node: Node, _: set[str]) -> Found:
    if text(node.data.get("mode")) == "cron" and not text(node.data.get("cron_expression")).strip():
        yield "trigger_schedule_cron_missing"


def _webhook(node: Node, _: set[str]) -> Found:
    if not isinstance(node.data.get("body", []), list):
        yield "trigger_webhook_body_invalid_type"


_RULES: dict[str, Callable[[Node, set[str]], Found]] = {
    "agent": _agent,
    "if-else": _if_else,
    "knowledge-retrieval": _search,
    "list-operator": _list,
    "question-classifier": _classifier,
    "trigger-schedule": _schedule,
    "trigger-webhook": _webhook,
}
