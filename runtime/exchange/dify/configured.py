"""Apps without a graph (chat, completion, agent): what their configuration does, drawn as a few steps."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from runtime.exchange.dify.source import Link, Node, Source
from runtime.exchange.loose import mapping, mappings, text, yes

_NAME = re.compile(r"\{\{\s*(\w{1,60})\s*\}\}")
_BESIDE = (
    "opening_statement", "suggested_questions", "suggested_questions_after_answer", "speech_to_text", "text_to_speech",
    "sensitive_word_avoidance", "annotation_reply", "more_like_this", "file_upload",
)  # fmt: skip
START, FIND, ASK, SAY = "start", "knowledge", "model", "answer"


def drawn(source: Source) -> None:
    """Draws the steps into the source."""
    config, chat = source.config, source.chat
    source.workflow = {"features": {name: config[name] for name in _BESIDE if name in config}}
    variables = [_variable(each) for each in mappings(config.get("user_input_form"))]
    if not chat and "query" not in [each.get("variable") for each in variables]:
        variables.append({"variable": "query", "label": "Query", "type": "paragraph", "required": True})
    steps = [Node(START, "start", {"title": "Start", "variables": variables})]
    query = ["sys", "query"] if chat else [START, "query"]
    if sets := _datasets(config):
        given = mapping(config.get("dataset_configs"))
        several = {name: given[name] for name in ("top_k", "score_threshold", "score_threshold_enabled",
                                                  "reranking_enable") if name in given}  # fmt: skip
        steps.append(Node(FIND, "knowledge-retrieval", {
            "title": "Knowledge", "dataset_ids": sets, "query_variable_selector": query,
            "multiple_retrieval_config": several,
        }))  # fmt: skip
    steps.append(_agent(source, query) if source.mode == "agent-chat" else _model(source, query, bool(sets)))
    words = "{{#" + f"{ASK}.text" + "#}}"
    steps.append(Node(SAY, "answer", {"title": "Answer", "answer": words}) if chat else
                 Node(SAY, "end", {"title": "End", "outputs": [{"variable": "text", "value_selector": [ASK, "text"]}]})
                 )  # fmt: skip
    for number, node in enumerate(steps):
        node.place = (80.0 + 300 * number, 280.0)
        source.nodes[node.id] = node
    source.links = [Link(one.id, "source", other.id) for one, other in pairwise(steps)]


def _variable(entry: dict[str, Any]) -> dict[str, Any]:
    """One input: its kind is the name of the only entry."""
    kind = next(iter(entry), "text-input")
    return {**mapping(entry.get(kind)), "type": kind}


def _datasets(config: dict[str, Any]) -> list[str]:
    found = mapping(mapping(config.get("dataset_configs")).get("datasets"))
    entries = [mapping(each.get("dataset")) for each in mappings(found.get("datasets"))]
    return [text(each.get("id")) for each in entries if text(each.get("id")) and yes(each.get("enabled"), True)]


def _filled(words: Any) -> str:
    """A prompt, whose names are inputs of the start."""
    return _NAME.sub(lambda found: "{{#" + f"{START}.{found[1]}" + "#}}", text(words))


def _model(source: Source, query: list[str], found: bool) -> Node:
    config = source.config
    written = mappings(mapping(config.get("chat_prompt_config")).get("prompt"))
    prompt = [{"role": text(each.get("role")), "text": _filled(each.get("text"))} for each in written]
    if not prompt:
        told = _filled(config.get("pre_prompt"))
        told += ("\n\nUse what was found:\n{{#context#}}" if told else "{{#context#}}") if found else ""
        prompt = [{"role": "system" if source.chat else "user", "text": told}]
    data: dict[str, Any] = {"title": "Model", "model": mapping(config.get("model")), "prompt_template": prompt}
    if found:
        data["context"] = {"enabled": True, "variable_selector": [FIND, "result"]}
    if source.chat:
        data["memory"] = {"window": {"enabled": False}}
    elif "query" not in text(config.get("pre_prompt")):
        prompt.append({"role": "user", "text": "{{#" + ".".join(query) + "#}}"})
    return Node(ASK, "llm", data)


def _agent(source: Source, query: list[str]) -> Node:
    config, mode = source.config, mapping(source.config.get("agent_mode"))
    asked = mapping(config.get("model"))
    return Node(ASK, "agent", {
        "title": "Agent",
        "agent_strategy_name": text(mode.get("strategy")),
        "agent_parameters": {
            "model": {"value": {"provider": asked.get("provider"), "name": asked.get("name")}},
            "instruction": {"value": _filled(config.get("pre_prompt"))},
            "query": {"value": "{{#" + ".".join(query) + "#}}"},
            "tools": {"value": [each for each in mappings(mode.get("tools")) if yes(each.get("enabled"), True)]},
            "maximum_iterations": {"value": mode.get("max_iteration")},
        },
    })  # fmt: skip
