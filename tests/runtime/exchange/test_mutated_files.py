"""Files of people are often broken: whatever is broken in one, an import says something and never raises."""

import json
import re
from copy import deepcopy
from random import Random
from typing import Any

import pytest
import yaml

from runtime.exchange.importing import Imported, import_file
from tests.support.dify import edge, file_of, node
from tests.support.product import catalogue

ROUNDS = 300
CONDITION = {"variable_selector": ["start", "text"], "comparison_operator": "contains", "value": "{{#start.text#}}"}
MODEL = {"provider": "x", "name": "y", "completion_params": {"temperature": 0.5, "stop": ["a"]}}
STEPS = [
    node("if", "if-else", cases=[{"case_id": "true", "logical_operator": "and", "conditions": [CONDITION]}]),
    node("ask", "llm", model=MODEL, prompt_template=[{"role": "user", "text": "{{#start.text#}}"}],
         memory={"window": {"enabled": True, "size": 3}}, vision={"enabled": True}),
    node("code", "code", code="def main(): return {}", outputs={"a": {"type": "string"}},
         variables=[{"variable": "x", "value_selector": ["ask", "text"]}], error_strategy="default-value",
         default_value=[{"key": "a", "type": "string", "value": "b"}], retry_config={"retry_enabled": True}),
    node("each", "iteration", iterator_selector=["start", "items"], output_selector=["in", "output"]),
    node("begin", "iteration-start", "each"),
    node("in", "template-transform", "each", template="{{ x }}", variables=[
        {"variable": "x", "value_selector": ["each", "item"]}]),
    node("round", "loop", loop_count=3, break_conditions=[CONDITION], loop_variables=[
        {"label": "n", "var_type": "number", "value_type": "constant", "value": "1"}]),
    node("set", "assigner", "round", version="2", items=[
        {"variable_selector": ["round", "n"], "operation": "+=", "input_type": "constant", "value": 1}]),
    node("http", "http-request", method="post", url="https://a.example/{{#start.text#}}", headers="a:b",
         authorization={"type": "api-key", "config": {"api_key": "k"}}, body={"type": "json", "data": '{"a": 1}'}),
    node("class", "question-classifier", model=MODEL, query_variable_selector=["start", "text"],
         classes=[{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]),
    node("take", "parameter-extractor", model=MODEL, query=["start", "text"], parameters=[
        {"name": "p", "type": "string", "description": "d"}]),
    node("list", "list-operator", variable=["start", "files"], filter_by={"enabled": True, "conditions": [
        {"key": "type", "comparison_operator": "in", "value": ["image"]}]}, order_by={"enabled": True, "key": "size"}),
    node("person", "human-input", user_actions=[{"id": "yes"}], inputs=[{"output_variable_name": "f"}]),
    node("first", "variable-aggregator", variables=[["ask", "text"], ["code", "a"]]),
    node("tool", "tool", tool_name="t", tool_configurations={"a": None}),
    node("say", "answer", answer="{{#ask.text#}} {{#code.a#}} {{#sys.query#}}"),
]  # fmt: skip
EDGES = [edge("start", "if"), edge("if", "ask", "true"), *(
    edge(one, other) for one, other in zip(
        ["ask", "code", "each", "round", "http", "take", "list", "person", "first", "tool"],
        ["code", "each", "round", "http", "take", "list", "person", "first", "tool", "say"], strict=True))]  # fmt: skip
WHOLE = file_of(
    STEPS, EDGES, mode="advanced-chat", environment_variables=[{"name": "e", "value_type": "secret", "value": "x"}],
    conversation_variables=[{"name": "c", "value_type": "number", "value": 1}],
    features={"opening_statement": "Hi", "file_upload": {"enabled": True}},
)  # fmt: skip
STRANGE: list[Any] = [
    None, True, 0, -1, 10**30, 1.5, float("inf"), "", "x", "{{#a.b#}}", "{{#" * 9, "}}", "\\", "\ud800", "\0", "start",
    "if", "each", "ü" * 300, [], [[]], [None], [["start", "text"]], {}, {"a": {}}, {"": None}, ["start"], "9" * 400,
]  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in some data: what it lies in, and where."""
    found: list[tuple[Any, Any]] = []
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        found += [(value, key), *places(value[key])]
    return found


def mutated(data: Any, chance: Random) -> Any:
    """The data with one to three things done to it."""
    data = deepcopy(data)
    for _ in range(chance.randint(1, 3)):
        around, key = chance.choice(places(data) or [({"a": 1}, "a")])
        match chance.randrange(5):
            case 0:
                del around[key]
            case 1 if isinstance(around, dict):
                around[chance.choice(["type", "id", "data", "x", "variables", ""])] = around.pop(key)
            case 2 if isinstance(around, list):
                around.append(deepcopy(around[key]))
            case 3:
                other, there = chance.choice(places(data))
                around[key] = deepcopy(other[there])
            case _:
                around[key] = deepcopy(chance.choice(STRANGE))
    return data


def written(data: Any, chance: Random) -> bytes:
    """As JSON or YAML, now and then with broken bytes."""
    text = json.dumps(data) if chance.random() < 0.8 else yaml.safe_dump(data)
    content = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.1:
        at = chance.randrange(len(content) + 1)
        content = content[:at] + chance.choice([b"\xff", b"\n\t", b"*a", b"!!x ", b"{", b"]"]) + content[at:]
    return content


def is_told(found: Imported) -> None:
    """The contract of `--json`, and that nothing was forgotten."""
    told = json.loads(json.dumps(found.report.as_dict()))
    assert set(told) == {"workflow", "steps", "problems"}
    for each in told["problems"]:
        assert set(each) == {"code", "message", "step", "field"}
        assert re.fullmatch(r"[a-z_]+", each["code"])
        assert each["message"].strip()
    if found.document is None:
        assert told["problems"]
        return
    for each in told["steps"].values():
        assert set(each) == {"step", "result", "note"}
        assert each["result"] in ("mapped", "partly", "placeholder")
        assert each["step"] in found.document.meaning.steps
        assert each["note"] or each["result"] == "mapped"


def test_the_file_itself_is_imported_whole():
    found = import_file(json.dumps(WHOLE).encode(), catalogue())
    assert {each["id"] for each in WHOLE["workflow"]["graph"]["nodes"]} == set(found.report.steps)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_whatever_is_broken_in_a_file_it_is_said_and_nothing_raises(part):
    chance = Random(part)  # noqa: S311
    for _ in range(ROUNDS // 10):
        is_told(import_file(written(mutated(WHOLE, chance), chance), catalogue()))
