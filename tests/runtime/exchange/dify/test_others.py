"""What has no counterpart keeps its place, its settings, its ways out, and what later steps read of it."""

from runtime.exchange.dify.others import unknown
from runtime.exchange.dify.people import LATE
from runtime.exchange.dify.work import exit_names
from tests.support.dify import edge, flow, node, step, ways


def test_a_tool_keeps_its_settings_and_what_is_read_of_it():
    found = flow(node("it", "tool", tool_name="search", provider_name="web", tool_configurations={"a": None}),
                 node("say", "answer", answer="{{#it.result.0.title#}}{{#it.text#}}"))  # fmt: skip
    made = step(found, "it")
    assert (made.type, made.settings["what"]) == ("flow.placeholder", "Tool search (web)")
    assert made.settings["original"]["tool_configurations"] == {"a": None}
    assert {"text", "files", "json", "result"} <= set(made.settings["outputs"])
    text = '{{ it.result.0.title | markdown | if_skipped("it.result.0.title") }}{{ it.text | markdown }}'
    assert step(found, "say").settings["text"] == text


def test_a_workflow_used_as_a_tool_is_to_be_imported_as_well():
    found = flow(node("it", "tool", provider_type="workflow", tool_name="other"))
    assert "Run a workflow" in found.report.steps["it"].note


def test_a_question_to_people_keeps_its_text_its_fields_and_every_way_out():
    found = flow(
        node("it", "human-input", user_actions=[{"id": "approve"}, {"id": "reject"}, {"id": "timeout"}], timeout=2,
             timeout_unit="day", form_content="{{#start.text#}} {{#$output.comment#}}",
             inputs=[{"output_variable_name": "comment"}]),
        node("a", "answer", answer="{{#it.comment#}}{{#it.__action_id#}}"), node("b", "answer", answer="b"),
        edges=[edge("start", "it"), edge("it", "a", "approve"), edge("it", "b", "reject"), edge("it", "b", LATE)],
    )  # fmt: skip
    made = step(found, "it")
    assert made.type == "people.ask"
    assert made.settings["exits"] == ["approve", "reject", "way_timeout"]
    assert made.settings["outputs"] == ["comment", "__action_id"]
    assert made.settings["deadline_hours"] == 48
    assert made.settings["text"].endswith(" [comment]")
    assert made.settings["original"]["timeout"] == 2
    assert ways(found) == {"start → it", "it.approve → a", "it.reject → b", "it.timeout → b"}
    fate = found.report.steps["it"]
    assert (fate.result, "later version" in fate.note) == ("mapped", True)


def test_a_form_nobody_said_anything_of_is_open_for_a_day_and_a_half():
    made = step(flow(node("it", "human-input", timeout="soon")), "it")
    assert (made.settings["deadline_hours"], made.settings["exits"]) == (36, [])


def test_a_kind_nobody_knows_is_told_by_its_name():
    found = flow(node("it", "quantum-step", secret=1))
    assert step(found, "it").settings["what"] == "quantum-step"
    assert unknown.__doc__


def test_ways_out_keep_their_names_where_they_can():
    assert exit_names(["a", "1", "b-c", "是", "else", "a b", "a.b"]) == {
        "a": "a", "1": "1", "b-c": "b-c", "是": "way", "else": "way_else", "a b": "way_a_b", "a.b": "way_a_b_2",
    }  # fmt: skip
