"""Starts, ends, answers, aggregators and assigners."""

import pytest

from tests.support.dify import codes, drawn, edge, flow, node, one, step

COUNTER = {"conversation_variables": [
    {"name": "n", "value_type": "number", "value": 1}, {"name": "l", "value_type": "array[string]", "value": ["a"]},
    {"name": "o", "value_type": "object", "value": {}},
]}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({"type": "text-input"}, {"kind": "text", "blank": True}),
        ({"type": "string", "max_length": 48}, {"kind": "text", "blank": True, "max_length": 48}),
        (
            {"type": "select", "options": ["a", "b"], "default": "b"},
            {"kind": "choice", "options": ["a", "b"], "default": "b"},
        ),
        ({"type": "select", "options": ["a"], "default": "z"}, {"kind": "choice", "options": ["a"]}),
        ({"type": "select", "options": []}, {"kind": "text", "blank": True}),
        ({"type": "number", "default": "3"}, {"kind": "number", "default": 3}),
        ({"type": "checkbox", "default": "true"}, {"kind": "yes_no", "default": True}),
        ({"type": "file-list"}, {"kind": "files"}),
        ({"type": "external_data_tool"}, {"kind": "paragraph", "blank": True}),
    ],
)
def test_an_input_keeps_its_kind(given, made):
    start = node("start", "start", variables=[{"variable": "Name", "label": "Your name", "required": True, **given}])
    found = flow(node("it", "end"), start=start)
    assert step(found, "start").settings["inputs"] == [{"name": "Name", "required": True, **made}]
    assert drawn(found).words.steps["start"].labels["Name"].label == "Your name"


def test_a_chat_begins_with_a_message_and_takes_no_other_by_that_name():
    found = flow(node("it", "answer", answer="x"), mode="advanced-chat",
                 start=node("start", "start", variables=[{"variable": "message", "type": "paragraph"}]))  # fmt: skip
    settings = step(found, "start").settings
    assert (settings["kind"], settings["inputs"][0]["name"]) == ("chat", "message_2")
    assert "renamed" in codes(found)


def test_a_chat_keeps_its_greeting():
    features = {"opening_statement": "Hello!", "suggested_questions": ["Who are you?", " "]}
    found = flow(node("it", "answer", answer="x"), mode="advanced-chat", features=features)
    settings = step(found, "start").settings
    assert (settings["opening"], settings["suggestions"]) == ("Hello!", ["Who are you?"])
    assert "feature_left_out" not in codes(found)


def test_a_webhook_and_a_schedule_are_a_start_and_it_is_told_what_to_set():
    hook = node("start", "trigger-webhook", method="post", params=[{"name": "id", "type": "number", "required": True}],
                body=[{"name": "data", "type": "object"}])  # fmt: skip
    found = flow(node("it", "end", outputs=[{"variable": "a", "value_selector": ["start", "id"]}]), start=hook)
    settings = step(found, "start").settings
    assert (settings["kind"], [each["kind"] for each in settings["inputs"]]) == ("webhook", ["number", "json"])
    assert "webhook_to_set" in codes(found)
    timer = node("start", "trigger-schedule", mode="cron", cron_expression="0 9 * * *", timezone="UTC")
    found = flow(node("it", "end"), start=timer)
    assert step(found, "start").settings == {"kind": "schedule"}
    assert any("0 9 * * *" in each.sentence for each in found.report.problems)


def test_of_several_beginnings_one_start_is_made():
    found = flow(node("hook", "trigger-webhook", params=[{"name": "id"}]), node("a", "answer", answer="a"),
                 node("b", "answer", answer="b"), edges=[edge("start", "a"), edge("hook", "b")])  # fmt: skip
    assert found.report.steps["hook"].step == found.report.steps["start"].step == "start"
    assert {str(each) for each in drawn(found).meaning.edges} == {"start → a", "start → b"}
    assert "several_roots" in codes(found)


def test_an_end_keeps_every_name_it_can():
    outputs = [{"variable": name, "value_selector": ["start", "text"]} for name in ("1", "结果", "a b", "a b")]
    found = flow(node("it", "end", outputs=outputs))
    assert [each["name"] for each in step(found, "it").settings["outputs"]] == ["1", "结果", "a_b", "a_b_4"]


def test_an_end_inside_a_container_only_puts_values_together():
    found = flow(node("loop", "loop", loop_count=2), node("s", "loop-start", "loop"),
                 node("it", "end", "loop", outputs=[{"variable": "a", "value_selector": ["start", "text"]}]),
                 edges=[edge("start", "loop"), edge("s", "it")])  # fmt: skip
    made = step(found, "it")
    assert (made.type, made.inside) == ("flow.first_available", "loop")
    assert made.settings == {"groups": [{"name": "a", "values": ["{{ start.text }}"]}]}
    assert found.report.steps["it"].result == "partly"


def test_an_aggregator_looks_at_its_values_in_order_also_under_its_old_name():
    values = {"variables": [["start", "text"], ["gone", "x"], ["start", "items"]]}
    for kind in ("variable-aggregator", "variable-assigner"):
        assert one(kind, **values) == {"values": ["{{ start.text }}", "{{ start.items }}"]}


def test_a_group_hands_its_value_on_by_its_name():
    groups = [{"group_name": "Group1", "variables": [["start", "text"]]}]
    found = flow(node("it", "variable-aggregator", advanced_settings={"group_enabled": True, "groups": groups}),
                 node("say", "answer", answer="{{#it.Group1.output#}}"))  # fmt: skip
    assert step(found, "it").settings == {"groups": [{"name": "Group1", "values": ["{{ start.text }}"]}]}
    assert step(found, "say").settings["text"] == "{{ it.Group1 | markdown }}"


@pytest.mark.parametrize(
    ("item", "change"),
    [
        ({"operation": "over-write", "input_type": "variable", "value": ["start", "text"]},
         {"variable": "conversation.n", "operation": "set", "value": "{{ start.text }}", "only_with_value": True}),
        ({"operation": "+=", "input_type": "constant", "value": "2"},
         {"variable": "conversation.n", "operation": "add", "value": 2}),
        ({"operation": "clear"}, {"variable": "conversation.n", "operation": "clear"}),
        ({"operation": "append", "input_type": "constant", "value": "{{ a }}", "variable_selector":
          ["conversation", "l"]}, {"variable": "conversation.l", "operation": "append", "value": r"\{{ a }}"}),
        ({"operation": "set", "input_type": "constant", "value": '{"a": 1}', "variable_selector":
          ["conversation", "o"]}, {"variable": "conversation.o", "operation": "set", "value": {"a": 1}}),
        ({"operation": "remove-last", "input_type": "variable", "value": None},
         {"variable": "conversation.n", "operation": "remove_last"}),
    ],
)  # fmt: skip
def test_an_assignment_is_a_change(item, change):
    found = flow(node("it", "assigner", version="2", items=[{"variable_selector": ["conversation", "n"], **item}]),
                 node("end", "end"), **COUNTER)  # fmt: skip
    assert step(found, "it").settings == {"changes": [change]}
    assert step(found, "it").version == 2


def test_the_first_version_of_an_assigner_is_one_change():
    found = flow(node("it", "assigner", assigned_variable_selector=["conversation", "l"], write_mode="append",
                      input_variable_selector=["start", "text"]), node("end", "end"), **COUNTER)  # fmt: skip
    assert step(found, "it").settings["changes"] == [
        {"variable": "conversation.l", "operation": "append", "value": "{{ start.text }}"}
    ]


def test_a_change_that_puts_in_what_one_before_it_changed_sees_it_changed():
    items = [
        {"variable_selector": ["conversation", "n"], "operation": "+=", "input_type": "constant", "value": 1},
        {"variable_selector": ["conversation", "l"], "operation": "append", "input_type": "variable",
         "value": ["conversation", "n"]},
    ]  # fmt: skip
    found = flow(node("it", "assigner", version="2", items=items), node("end", "end"), **COUNTER)
    assert step(found, "it").settings["changes"][1] == {
        "variable": "conversation.l", "operation": "append", "same_as": "conversation.n", "only_with_value": True,
    }  # fmt: skip


def test_a_change_of_nothing_keeps_its_place():
    found = flow(node("it", "assigner", version="2", items=[{"variable_selector": ["missing", "value"]}]))
    assert step(found, "it").type == "flow.placeholder"
    assert "missing.value" in found.report.steps["it"].note
