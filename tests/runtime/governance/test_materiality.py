import pytest

from nodes.catalogue import load
from runtime.governance.manifest import dependency, drifted, manifest
from runtime.governance.materiality import ORDER, first_things_first
from runtime.graph.checking_steps import check_steps
from runtime.graph.compiling import compile_document
from runtime.graph.diffing import diff
from runtime.graph.document import Document, Edge, Label, Meaning, RunSettings, Step, StepWords, Words
from runtime.graph.hashing import content_hash
from tests.runtime.graph.test_calling import document
from tests.runtime.graph.test_error_workflows import failing, telling, with_run

CATALOGUE = load()


def flow(steps=None, **more) -> Document:
    """Start, ask, branch, approve, finish."""
    base = {
        "start": Step(type="flow.start", settings={"inputs": [{"name": "text"}]}),
        "ask": Step(type="ai.ask_model", settings={"messages": [{"role": "user", "text": "Hello {{ start.text }}"}]}),
        "way": Step(
            type="flow.branch",
            settings={"cases": [{"id": "long", "conditions": [{"left": "{{ ask.text }}", "operator": "is_empty"}]}]},
        ),
        "finish": Step(type="flow.finish"),
    }
    base = {step: each for step, each in (base | (steps or {})).items() if each is not None}
    return Document(name="flow", meaning=Meaning(steps=base, **more))


def codes(before, after, drift=()):
    was, now = (check_steps(each, CATALOGUE) for each in (before, after))
    return [each.code for each in first_things_first(diff(before, after, CATALOGUE), was, now, drift)]


def start(**settings):
    return {
        "start": Step(type="flow.start", settings={"inputs": [{"name": "text"} | settings.pop("of", {})]} | settings)
    }


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (flow({"ask": Step(type="ai.ask_model", settings={"messages": [{"role": "user", "text": "Bye"}]})}), "prompt"),
        (flow({"way": Step(type="flow.branch", settings={"cases": []})}), "condition"),
        (flow(start(of={"data_class": "public"})), "class"),
        (flow(start(of={"required": False})), "source"),
        (flow(start(kind="webhook")), "trigger"),
        (flow(run=RunSettings(audience_class="public")), "audience"),
        (flow(run=RunSettings(step_limit=5)), "other"),
        (flow({"join": Step(type="data.join_text")}), "other"),
        (flow({"more": Step(type="ai.ask_model")}), "effect"),
    ],
)
def test_a_change_is_what_a_reviewer_would_call_it(after, code):
    assert codes(flow(), after)[0] == code


def test_another_alias_is_the_model_and_its_first_line_is_not_a_prompt():
    told = flow().meaning.steps["ask"].settings
    assert codes(flow(), flow({"ask": Step(type="ai.ask_model", settings=told | {"alias": "careful"})})) == ["model"]


CODE = {"inputs": [], "code": "def main():\n    return {'a': 1}", "outputs": [{"name": "a", "kind": "number"}]}
CLASSES = [{"id": "a", "name": "This"}, {"id": "b", "name": "That"}]


@pytest.mark.parametrize(
    ("type_id", "before", "after", "code"),
    [
        ("data.code", CODE, CODE | {"code": "def main():\n    return {'a': 2}"}, "code"),
        ("data.template", {"template": "a"}, {"template": "b"}, "code"),
        ("data.calculate", {"formula": "1"}, {"formula": "2"}, "code"),
        ("ai.classify", {"text": "x", "classes": CLASSES}, {"text": "x", "classes": CLASSES[::-1]}, "prompt"),
        (
            "ai.classify",
            {"text": "x", "classes": CLASSES},
            {"text": "x", "classes": CLASSES, "alias": "careful"},
            "model",
        ),
        (
            "ai.classify",
            {"text": "x", "classes": CLASSES},
            {"text": "x", "classes": CLASSES, "by": "likeness"},
            "condition",
        ),
        ("ai.extract", {"text": "x", "instruction": "a"}, {"text": "x", "instruction": "b"}, "prompt"),
    ],
)
def test_code_and_what_a_model_is_told_are_read_first(type_id, before, after, code):
    found = codes(flow({"new": Step(type=type_id, settings=before)}), flow({"new": Step(type=type_id, settings=after)}))
    assert found[0] == code


@pytest.mark.parametrize(
    ("type_id", "code"),
    [("data.code", "code"), ("data.template", "code"), ("data.lists", "other"), ("data.dates", "other"),
     ("flow.wait", "effect"), ("ai.classify", "effect")],
)  # fmt: skip
def test_a_step_that_came_or_went_is_what_it_does(type_id, code):
    added = flow({"new": Step(type=type_id, settings={})})
    assert codes(flow(), added)[0] == code
    assert codes(added, flow())[0] == code


def test_a_person_who_no_longer_stands_in_between_is_named():
    before = flow({"person": Step(type="people.approve", settings={})})
    assert "human" in codes(before, flow())


def test_what_changed_around_the_document_stands_among_its_own_changes():
    one, other = (manifest([dependency("model", "fast", {"model": name})]) for name in ("a/b", "a/c"))
    renamed = flow().model_copy(
        update={"words": Words(title="New", steps={"ask": StepWords(labels={"x": Label(label="y")})})}
    )
    edges = flow(edges=(Edge.between("start", "ask"),)).model_copy(update={"words": renamed.words})
    found = codes(flow(), edges, drifted(one, other))
    assert found == ["model", "other", "words", "words"]
    assert found == sorted(found, key=list(ORDER).index)


def test_an_error_workflow_is_read_as_what_it_does():
    made = {"quiet": telling(body="x"), "asks": document({"start": {"type": "flow.start", "settings": {}}})}
    known = {content_hash(each): each for each in made.values()}
    bare = with_run(failing("0" * 64), error_workflow=None)

    def codes_of(before, after):
        was, now = (compile_document(each, CATALOGUE, known.get).parts for each in (before, after))
        return [each.code for each in first_things_first(diff(before, after, CATALOGUE), was, now)]

    assert codes_of(bare, failing(made["quiet"])) == ["host"]
    assert codes_of(failing(made["quiet"]), bare) == ["host"]
    assert codes_of(bare, failing(made["asks"])) == ["other"]
    assert codes_of(bare, failing("0" * 64)) == ["other"]
