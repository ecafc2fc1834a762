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
