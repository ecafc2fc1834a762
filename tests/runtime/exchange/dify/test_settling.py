"""Dify's rules for values that may be missing, and for values that are no text, written into the references."""

import pytest

from runtime.graph.compiling import compile_document
from runtime.graph.problems import errors
from tests.support.dify import codes, drawn, edge, flow, node, step
from tests.support.product import catalogue

KINDS = {"t": "string", "n": "number", "l": "array[string]", "o": "object"}
CODE = {"code": "def main(): return {}", "outputs": {name: {"type": kind} for name, kind in KINDS.items()}}
BRANCH = node("if", "if-else", cases=[{"case_id": "true", "conditions": [
    {"variable_selector": ["start", "text"], "comparison_operator": "is", "value": "x"}]}])  # fmt: skip
EDGES = [edge("start", "if"), edge("if", "it", "true"), edge("it", "say"), edge("if", "say", "false")]


@pytest.mark.parametrize(
    ("name", "answer", "prompt"),
    [("t", "{{ it.t }}", "{{ it.t }}"), ("l", "{{ it.l | markdown }}", "{{ it.l | python }}"),
     ("o", "{{ it.o | markdown }}", "{{ it.o | python }}"), ("n", "{{ it.n | markdown }}", "{{ it.n | python }}")],
)  # fmt: skip
def test_what_is_no_text_is_written_as_there(name, answer, prompt):
    text = "{{#it." + name + "#}}"
    found = flow(node("it", "code", **CODE), node("ask", "llm", prompt_template=[{"role": "user", "text": text}]),
                 node("say", "answer", answer=text))  # fmt: skip
    assert step(found, "say").settings["text"] == answer
    assert step(found, "ask").settings["messages"][0]["text"] == prompt


def test_a_value_that_may_be_skipped_is_its_name_in_a_text_and_nothing_as_a_value():
    found = flow(BRANCH, node("it", "code", **CODE), node("say", "answer", answer="{{#it.t#}}"), edges=EDGES)
    assert step(found, "say").settings["text"] == '{{ it.t | if_skipped("it.t") }}'
    end = node("say", "end", outputs=[{"variable": "a", "value_selector": ["it", "t"]}])
    assert step(flow(BRANCH, node("it", "code", **CODE), end, edges=EDGES), "say").settings["outputs"] == [
        {"name": "a", "value": "{{ it.t }}"}
    ]


def test_a_value_of_another_way_is_never_there():
    edges = [edge("start", "if"), edge("if", "it", "true"), edge("if", "say", "false")]
    found = flow(BRANCH, node("it", "code", **CODE), node("say", "answer", answer="a {{#it.t#}}"), edges=edges)
    assert step(found, "say").settings["text"] == "a it.t"
    assert "reference_never_there" in codes(found)
    end = node("say", "end", outputs=[{"variable": "a", "value_selector": ["it", "t"]}])
    found = flow(BRANCH, node("it", "code", **CODE), end, edges=edges)
    assert step(found, "say").settings["outputs"] == [{"name": "a", "value": "{{ variables.missing }}"}]
    assert not errors(compile_document(drawn(found), catalogue()).problems)


def test_what_a_step_does_not_hand_on_and_what_lies_inside_a_container_is_never_there():
    found = flow(node("it", "code", **CODE), node("say", "answer", answer="{{#it.zzz#}}"))
    assert step(found, "say").settings["text"] == "it.zzz"
    found = flow(
        node("each", "iteration", iterator_selector=["start", "items"], output_selector=["in", "t"]),
        node("in", "code", "each", **CODE), node("say", "answer", answer="{{#in.t#}}{{#each.output#}}"),
        edges=[edge("start", "each"), edge("each", "say")],
    )  # fmt: skip
    assert step(found, "say").settings["text"] == "in.t{{ each.output | markdown }}"
    assert step(found, "each").settings["result"] == "{{ in.t }}"


def test_inside_a_container_the_step_before_it_is_not_skipped():
    found = flow(
        node("it", "code", **CODE), node("each", "iteration", iterator_selector=["it", "l"]),
        node("in", "answer", "each", answer="{{#each.item#}}{{#it.t#}}"),
        edges=[edge("start", "it"), edge("it", "each")],
    )  # fmt: skip
    assert step(found, "in").settings["text"] == "{{ each.item | markdown }}{{ it.t }}"


def test_a_name_inside_a_value_that_may_not_be_there_is_written_or_asked_for():
    found = flow(node("it", "code", **CODE), node("say", "answer", answer="{{#it.o.name#}}"))
    assert step(found, "say").settings["text"] == '{{ it.o.name | markdown | if_skipped("it.o.name") }}'


@pytest.mark.parametrize(("path", "left"), [(["it", "t"], "{{ it.t | required }}"),
                                            (["start", "text"], "{{ start.text }}")])  # fmt: skip
def test_what_is_compared_has_to_be_there(path, left):
    condition = {"variable_selector": path, "comparison_operator": "empty"}
    asks = node("say", "if-else", cases=[{"case_id": "true", "conditions": [condition]}])
    found = flow(BRANCH, node("it", "code", **CODE), asks, edges=EDGES)
    assert step(found, "say").settings["cases"][0]["conditions"][0]["left"] == left


def test_a_list_to_go_through_has_to_be_there():
    pick = node("say", "list-operator", variable=["it", "l"])
    assert step(flow(BRANCH, node("it", "code", **CODE), pick, edges=EDGES), "say").settings["entries"] == (
        "{{ it.l | required }}")  # fmt: skip


def test_a_default_for_what_a_step_never_hands_on_is_left_out_and_told():
    defaults = [{"key": "t", "type": "string", "value": "x"}, {"key": "zzz", "type": "number", "value": "1"}]
    found = flow(node("it", "code", **CODE, error_strategy="default-value", default_value=defaults), node("end", "end"))
    assert step(found, "it").on_failure.fallback == {"t": "x"}
    assert "setting_left_out" in codes(found)
    assert not errors(found.report.problems)
