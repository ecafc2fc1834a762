"""Iterations and loops, and what lies inside them."""

import pytest

from runtime.exchange.dify.containers import kind_of
from tests.support.dify import codes, edge, flow, node, step, ways


def each(**data):
    return node("each", "iteration", iterator_selector=["start", "items"], output_selector=["inner", "output"], **data)


INNER = node("inner", "template-transform", "each", template="{{ x }}",
             variables=[{"variable": "x", "value_selector": ["each", "item"]}])  # fmt: skip


def test_what_lies_inside_begins_where_its_start_led():
    found = flow(each(), node("begin", "iteration-start", "each"), INNER, node("end", "end"),
                 edges=[edge("start", "each"), edge("begin", "inner"), edge("each", "end")])  # fmt: skip
    assert ways(found) == {"start → each", "each → end"}
    inner = step(found, "inner")
    assert (inner.inside, inner.settings["inputs"]) == ("each", [{"name": "x", "value": "{{ each.item }}"}])
    assert step(found, "each").settings == {
        "items": "{{ start.items }}", "result": "{{ inner.output }}", "flatten": True,
    }  # fmt: skip
    assert found.report.steps["begin"].step == "each"


@pytest.mark.parametrize(
    ("data", "made"),
    [
        ({"is_parallel": True, "parallel_nums": 3}, {"parallel": 3, "flatten": True}),
        ({"is_parallel": True}, {"parallel": 10, "flatten": True}),
        ({"is_parallel": False, "parallel_nums": 3, "flatten_output": False}, {}),
        ({"error_handle_mode": "continue-on-error"}, {"on_error": "null", "flatten": True}),
        ({"error_handle_mode": "remove-abnormal-output"}, {"on_error": "skip", "flatten": True}),
        ({"error_handle_mode": "terminated"}, {"flatten": True}),
    ],
)
def test_an_iteration_keeps_how_it_works(data, made):
    settings = step(flow(each(**data), INNER, edges=[edge("start", "each")]), "each").settings
    assert {name: value for name, value in settings.items() if name not in ("items", "result")} == made


def test_an_old_iteration_begins_at_the_step_that_says_so():
    found = flow(each(), {**INNER, "data": {**INNER["data"], "isIterationStart": True, "iteration_id": "each"}},
                 node("end", "end"), edges=[edge("start", "each"), edge("each", "end")])  # fmt: skip
    assert step(found, "inner").inside == "each"
    assert not [one for one in found.report.problems if one.severity == "error"]


def test_a_loop_carries_its_variables_and_ends_when_its_conditions_hold():
    variables = [
        {"label": "n", "var_type": "number", "value_type": "constant", "value": "1"},
        {"label": "all", "var_type": "array[string]", "value_type": "constant", "value": "[]"},
        {"label": "who", "var_type": "string", "value_type": "variable", "value": ["start", "text"]},
    ]
    until = [{"variable_selector": ["loop", "n"], "comparison_operator": "≥", "value": "3"}]
    items = [{"variable_selector": ["loop", "n"], "operation": "+=", "input_type": "constant", "value": 1}]
    found = flow(
        node("loop", "loop", loop_count=5, loop_variables=variables, break_conditions=until, logical_operator="or"),
        node("begin", "loop-start", "loop"), node("add", "assigner", "loop", version="2", items=items),
        node("leave", "loop-end", "loop"),
        node("end", "answer", answer="{{#loop.n#}} {{#loop.loop_round#}}"),
        edges=[edge("start", "loop"), edge("begin", "add"), edge("add", "leave"), edge("loop", "end")],
    )  # fmt: skip
    assert step(found, "loop").settings == {
        "most": 5, "rules": "exact", "match": "any",
        "variables": [
            {"name": "n", "kind": "number", "start": 1}, {"name": "all", "kind": "texts", "start": []},
            {"name": "who", "kind": "text", "start": "{{ start.text }}"},
        ],
        "until": [{"left": "{{ loop.n }}", "operator": "at_least", "right": "3"}],
    }  # fmt: skip
    assert step(found, "add").settings["changes"] == [{"variable": "loop.n", "operation": "add", "value": 1}]
    assert step(found, "leave").type == "flow.leave_loop"
    assert step(found, "end").settings["text"] == "{{ loop.n | markdown }} {{ loop.round | markdown }}"
    assert ways(found) == {"start → loop", "add → leave", "loop → end"}


def test_of_two_containers_named_the_inner_one_is_meant():
    found = flow(
        node("loop", "loop", loop_count=2),
        node("each", "iteration", loop_id="loop", iterator_selector=["start", "items"]),
        node("leave", "loop-end", loop_id="loop", iteration_id="each"),
        edges=[edge("start", "loop")],
    )  # fmt: skip
    assert (step(found, "each").inside, step(found, "leave").inside) == ("loop", "each")


def test_a_connection_across_the_border_is_left_out_and_a_step_in_no_container_put_outside():
    found = flow(each(), INNER, node("odd", "end", "start"), node("end", "end"),
                 edges=[edge("start", "each"), edge("inner", "end"), edge("each", "end")])  # fmt: skip
    assert ways(found) == {"start → each", "each → end", "start → aside", "aside.never → odd"}
    assert {"bad_edge", "outside_container"} <= set(codes(found))


@pytest.mark.parametrize(("theirs", "ours"), [("Array[String]", "texts"), ("integer", "number"), ("soup", "any")])
def test_kinds_have_words_of_ours(theirs, ours):
    assert kind_of(theirs) == ours
