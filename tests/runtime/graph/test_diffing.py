import pytest

from nodes.catalogue import load
from runtime.graph.diffing import diff
from runtime.graph.document import Document, Edge, Label, Layout, Meaning, Place, RunSettings, Step, StepWords, Words

CATALOGUE = load()


def flow(**changes) -> Document:
    steps = {
        "start": Step(type="flow.start", settings={"inputs": [{"name": "text"}, {"name": "tone"}]}),
        "ask": Step(type="ai.ask_model", settings={"messages": [{"role": "user", "text": "Hello {{ start.text }}"}]}),
    }
    return Document(
        name="flow", words=Words(steps={"ask": StepWords(title="Greet")}),
        meaning=Meaning(steps=steps | changes.pop("steps", {}), edges=(Edge.between("start", "ask"),), **changes),
    )  # fmt: skip


def only(before, after):
    [change] = diff(before, after, CATALOGUE)
    return change


def test_a_setting_is_called_what_the_form_calls_it():
    told = {"messages": [{"role": "user", "text": "Bye {{ start.text }}"}]}
    change = only(flow(), flow(steps={"ask": Step(type="ai.ask_model", settings=told)}))
    assert (change.kind, change.part, change.step, change.field) == ("changed", "setting", "ask", "messages.0.text")
    assert change.sentence == (
        "“Greet”: “Message” (message 1) was “Hello {{ start.text }}” and is now “Bye {{ start.text }}”."
    )
    assert change.material


def test_an_entry_put_in_front_changes_nothing_behind_it():
    asked = {"inputs": [{"name": "first"}, {"name": "text"}, {"name": "tone"}]}
    change = only(flow(), flow(steps={"start": Step(type="flow.start", settings=asked)}))
    assert (change.kind, change.part, change.field, change.after) == ("added", "input", "inputs.0", {"name": "first"})


def test_another_order_of_named_entries_is_a_change():
    asked = {"inputs": [{"name": "tone"}, {"name": "text"}]}
    assert diff(flow(), flow(steps={"start": Step(type="flow.start", settings=asked)}))


@pytest.mark.parametrize(
    ("before", "after", "differs"), [(1, True, True), (1, 1.0, False), (0, False, True), ([1], [True], True)]
)
def test_yes_is_not_one_but_one_is_one(before, after, differs):
    one, other = (flow(steps={"ask": Step(type="ai.ask_model", settings={"x": value})}) for value in (before, after))
    assert bool(diff(one, other)) == differs


def test_a_step_of_another_type_is_another_step():
    changes = diff(flow(), flow(steps={"ask": Step(type="data.join_text", settings={})}), CATALOGUE)
    assert [(each.kind, each.part) for each in changes] == [("removed", "step"), ("added", "step")]
    assert changes[0].sentence == "The step “Greet” (Ask a model) is gone."


def test_the_class_of_the_result_is_a_setting_of_the_run():
    change = only(flow(), flow(run=RunSettings(audience_class="public")))
    assert (change.part, change.field, change.material) == ("run", "audience_class", True)
    assert change.sentence == "How confidential the result may be: was internal and is now public."


def test_words_and_layout_are_never_material():
    after = flow().model_copy(
        update={
            "words": Words(title="Other", steps={"ask": StepWords(title="Greet", labels={"x": Label(help="Why")})}),
            "layout": Layout(steps={"ask": Place(1, 2)}),
        }
    )
    changes = diff(flow().model_copy(update={"layout": Layout(steps={"ask": Place(0, 0)})}), after)
    assert {each.part for each in changes} == {"words", "layout"}
    assert not any(each.material for each in changes)


def test_against_nothing_everything_is_new():
    assert {each.kind for each in diff(None, flow())} == {"added"}


def test_a_knowledge_base_is_called_what_people_call_it_and_nothing_else_is_touched():
    titles = {"base:handbook": "Staff handbook"}
    one, other = ({"bases": bases, "query": "handbook"} for bases in (["rules"], ["rules", "handbook"]))
    before, after = (flow(steps={"find": Step(type="knowledge.search", settings=each)}) for each in (one, other))
    [change] = diff(before, after, CATALOGUE, titles)
    assert (change.field, change.after) == ("bases.1", "Staff handbook")
    assert change.sentence == "“find”: “Knowledge bases” (entry 2) is set to “Staff handbook”."
    added = {each.field: each.after for each in diff(flow(), after, CATALOGUE, titles) if each.part == "setting"}
    assert added == {"bases": ["rules", "Staff handbook"], "query": "handbook"}


def around(**more) -> Document:
    steps = {"all": {"type": "flow.each"}, "ask": {"type": "data.join_text", **more.pop("ask", {})}}
    return Document.model_validate({"name": "x", "meaning": {"steps": steps, **more}})


def test_a_step_that_goes_into_a_container_is_told():
    inside = around(ask={"inside": "all"})
    (into,) = diff(around(), inside)
    assert (into.part, into.kind, into.sentence) == ("container", "added", "“ask” now lies inside “all”.")
    (out,) = diff(inside, around())
    assert (out.kind, out.sentence) == ("removed", "“ask” no longer lies inside “all”.")
    assert into.material
    assert out.material


def test_what_becomes_of_a_failure_is_told_setting_by_setting():
    failing = around(ask={"on_failure": {"retries": 3, "timeout_s": 5, "then": "fallback", "fallback": {"text": "?"}}})
    assert [each.sentence for each in diff(around(), failing)] == [
        "“ask”: How often it is tried again when it fails was “0” and is now “3”.",
        "“ask”: Seconds one try may take was not limited and is now “5”.",
        "“ask”: What happens when it fails was it stops and is now it goes on with a fallback.",
        "“ask”: What it hands on when it fails, “text”, was nothing and is now “?”.",
    ]
    assert all(each.material and each.part == "failure" for each in diff(around(), failing))


def test_a_variable_of_a_conversation_is_told_apart_from_one_of_the_run():
    of_run, of_talk = around(variables={"n": {}}), around(conversation={"n": {}})
    changes = diff(of_run, of_talk)
    assert [(each.field, each.sentence) for each in changes] == [
        ("n", "The run variable “n” is gone."),
        ("conversation.n", "The conversation variable “n” is new."),
    ]


def test_a_new_step_tells_where_it_lies():
    before = Document.model_validate({"name": "x", "meaning": {"steps": {"all": {"type": "flow.each"}}}})
    assert [each.part for each in diff(before, around(ask={"inside": "all"}))] == ["step", "container"]
