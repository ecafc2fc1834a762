"""A workflow may be a step of another: found by its content hash, checked against what it takes, followed through."""

from collections import Counter
from itertools import pairwise

import pytest

from nodes.catalogue import load
from nodes.sdk import Effect
from runtime.graph import flowing
from runtime.graph.compiling import compile_document
from runtime.graph.document import Document
from runtime.graph.flowing import FlowFacts, flow_of
from runtime.graph.hashing import content_hash
from runtime.graph.touching import asks_people, touch_through

CATALOGUE = load()


def document(steps: dict, *edges: tuple[str, str], name: str = "d") -> Document:
    made = {"name": name, "meaning": {"steps": steps, "edges": [{"from": here, "to": there} for here, there in edges]}}
    return Document.model_validate(made)


INNER = document(
    {
        "start": {"type": "flow.start", "settings": {
            "inputs": [{"name": "text"}, {"name": "more", "required": False}]}},
        "say": {"type": "data.join_text", "settings": {"texts": ["<", "{{ start.text }}", ">"], "between": "nothing"}},
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ say.text }}"}]}},
    },
    ("start", "say"), ("say", "end"), name="inner",
)  # fmt: skip
HASH = content_hash(INNER)


def outer(*inputs: dict, content: str = HASH, result: str = "{{ call.said }}") -> Document:
    return document(
        {
            "start": {"type": "flow.start", "settings": {"inputs": [{"name": "word"}]}},
            "call": {"type": "flow.call", "settings": {
                "workflow": {"name": "inner", "content": content}, "inputs": list(inputs)}},
            "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "out", "value": result}]}},
        },
        ("start", "call"), ("call", "end"),
    )  # fmt: skip


TEXT = {"name": "text", "value": "{{ start.word }}"}


def found(made: Document):
    return compile_document(made, CATALOGUE, {HASH: INNER}.get)


def test_a_called_workflow_hands_on_what_its_finish_hands_back():
    compiled = found(outer(TEXT))
    assert compiled.problems == ()
    assert set(compiled.outputs["call"]) == {"said"}
    assert compiled.plan
    body = compiled.plan.steps[compiled.plan.index["call"]].body
    assert body
    assert [each.id for each in body.scope.steps] == ["start", "say", "end"]


@pytest.mark.parametrize(
    ("made", "code", "place"),
    [
        (outer(TEXT, content="0" * 64), "unknown_workflow", "workflow"),
        (outer(), "missing_input", "inputs"),
        (outer(TEXT | {"value": None}), "missing_input", "inputs.0.value"),
        (outer(TEXT, {"name": "txet", "value": "x"}), "unknown_input", "inputs.1.name"),
        (outer(TEXT, result="{{ call.other }}"), "unknown_output", "outputs.0.value"),
        (outer(TEXT, content=""), "missing", "workflow"),
    ],
)
def test_what_does_not_fit_the_called_workflow_is_told_at_the_step(made, code, place):
    compiled = found(made)
    assert (code, place) in {(each.code, each.field) for each in compiled.problems}
    assert compiled.plan is None


def test_a_called_workflow_that_cannot_run_is_told():
    broken = document({"start": {"type": "flow.start", "settings": {}}, "x": {"type": "no.such"}}, ("start", "x"))
    compiled = compile_document(outer(TEXT, content=content_hash(broken)), CATALOGUE, lambda _: broken)
    assert "broken_workflow" in {each.code for each in compiled.problems}


def test_more_than_ten_workflows_in_one_another_are_refused():
    library: dict[str, Document] = {HASH: INNER}
    last = INNER
    for _ in range(11):
        last = outer({"name": "word" if last is not INNER else "text", "value": "{{ start.word }}"},
                     content=content_hash(last), result="x")  # fmt: skip
        library[content_hash(last)] = last
    compiled = compile_document(last, CATALOGUE, library.get)
    assert compiled.plan is None
    assert "10 workflows" in " ".join(each.sentence for each in compiled.problems)


def test_what_a_called_workflow_names_outside_itself_counts_for_the_caller():
    asks = document(
        {
            "start": {"type": "flow.start", "settings": {"inputs": [{"name": "text"}]}},
            "ask": {"type": "ai.ask_model", "settings": {
                "alias": "careful", "messages": [{"role": "user", "text": "{{ start.text }}"}]}},
            "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ ask.text }}"}]}},
        },
        ("start", "ask"), ("ask", "end"),
    )  # fmt: skip
    compiled = compile_document(outer(TEXT, content=content_hash(asks)), CATALOGUE, lambda _: asks)
    assert compiled.problems == ()
    assert compiled.touched.models == ("careful",)


def test_what_a_called_workflow_does_its_caller_does():
    inner = document(
        {
            "start": {"type": "flow.start", "settings": {"inputs": [{"name": "text", "data_class": "restricted"}]}},
            "send": {"type": "connect.call_http", "settings": {"url": "https://a.example.com/", "method": "POST"}},
            "ask": {"type": "people.approve", "settings": {"approvers": ["Ada"], "title": "May it?"}},
            "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "x"}]}},
        },
        ("start", "send"), ("send", "ask"), ("ask.approved", "end"),
    )  # fmt: skip
    compiled = compile_document(outer(TEXT, content=content_hash(inner)), CATALOGUE, lambda _: inner)
    call = compiled.steps["call"]
    assert call.called is not None, [each.sentence for each in compiled.problems]
    assert {Effect.NETWORK, Effect.WAIT} <= call.does()
    assert asks_people(call)
    touch = touch_through(call)
    assert {(each.kind, each.name) for each in touch.reaches} == {("host", "a.example.com"), ("people", "Ada")}
    assert [each for each in touch.draws if each.kind == "input"] == []


def tower(width: int, height: int) -> tuple[Document, dict[str, Document]]:
    """Workflows that each call the one below many times, handing on what a variable holds."""
    made, shelf = INNER, {HASH: INNER}
    for _ in range(height):
        below, row = content_hash(made), ["start"]
        steps: dict = {"start": {"type": "flow.start", "settings": {"inputs": [{"name": "text"}]}}}
        for number in range(width):
            change = {"variable": f"x{number}", "operation": "set", "value": "{{ start.text }}"}
            steps[f"v{number}"] = {"type": "flow.set_value", "version": 2, "settings": {"changes": [change]}}
            given = {"name": "text", "value": f"{{{{ variables.x{(number + 1) % width} }}}}"}
            steps[f"c{number}"] = {"type": "flow.call", "settings": {
                "workflow": {"name": "below", "content": below}, "inputs": [given]}}  # fmt: skip
            row += [f"v{number}", f"c{number}"]
        last = {"name": "said", "value": f"{{{{ {row[-1]}.said }}}}"}
        steps["end"] = {"type": "flow.finish", "settings": {"outputs": [last]}}
        edges = [{"from": here, "to": there} for here, there in pairwise([*row, "end"])]
        variables = {f"x{number}": {"kind": "text", "start": ""} for number in range(width)}
        made = Document.model_validate({"name": "d", "meaning": {"steps": steps, "edges": edges,
                                                                 "variables": variables}})  # fmt: skip
        shelf[content_hash(made)] = made
    return made, shelf


def test_workflows_that_call_others_very_often_are_refused_and_nobody_waits_for_that():
    """Ten small files in which each calls the one before ten times would be ten billion steps."""
    made, shelf = tower(10, 10)
    asked = Counter()

    def library(content: str) -> Document | None:
        asked[content] += 1
        return shelf.get(content)

    compiled = compile_document(made, CATALOGUE, library)
    assert compiled.plan is None
    assert "broken_workflow" in {each.code for each in compiled.problems}
    assert asked.total() < 1_000
    made, shelf = tower(10, 4)
    assert {each.code for each in compile_document(made, CATALOGUE, shelf.get).problems} == {"too_many_steps"}


def test_what_is_called_in_many_places_is_followed_in_no_time():
    made, shelf = tower(2, 8)
    compiled = compile_document(made, CATALOGUE, shelf.get)
    assert compiled.problems == ()
    assert compiled.size > 2_000
    looks = Counter()
    with pytest.MonkeyPatch.context() as here:
        real = flowing.joined
        here.setattr(flowing, "joined", lambda labels: (looks.update(["joined"]), real(labels))[1])
        flow_of(made, compiled.steps, compiled.ways, FlowFacts())
    assert looks.total() < 40 * compiled.size, "and not twice as often with each floor"
