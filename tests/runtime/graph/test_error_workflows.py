"""A workflow may say what runs when a run of it fails: it has to be here, to run, and to need only what it is told; and
whatever it does counts for the workflow that names it."""

from itertools import pairwise

import pytest

from nodes.catalogue import load
from nodes.sdk import DataClass, Effect
from runtime.graph.compiling import compile_document
from runtime.graph.crossing import problems_of
from runtime.graph.diffing import diff
from runtime.graph.document import Document
from runtime.graph.explaining import explain
from runtime.graph.flowing import FlowFacts, Place, flow_of
from runtime.graph.hashing import canonical, content_hash
from runtime.graph.problems import FAILING
from tests.runtime.graph.test_calling import document

CATALOGUE = load()
FACTS = FlowFacts(
    models={"fast": Place(DataClass.INTERNAL, "the model “fast”")},
    hosts={"chat.example.com": Place(DataClass.INTERNAL, "Chat", outside=True)},
    bases={"pay": Place(DataClass.CONFIDENTIAL, "Pay")},
)


def telling(
    *inputs: dict, body: str = "{{ start.message }}", name: str = "tell-it", run: dict | None = None
) -> Document:
    """An error workflow that posts what it is told."""
    steps = {
        "start": {"type": "flow.start", "settings": {"inputs": [*inputs] or [{"name": "message"}]}},
        "post": {"type": "connect.call_http", "settings": {
            "url": "https://chat.example.com/it", "method": "POST", "body": "text", "text": body}},
        "end": {"type": "flow.finish", "settings": {"outputs": []}},
    }  # fmt: skip
    return with_run(document(steps, ("start", "post"), ("post", "end"), name=name), **run or {})


def with_run(made: Document, **settings: object) -> Document:
    data = made.model_dump(mode="json", by_alias=True)
    data["meaning"]["run"] |= settings
    return Document.model_validate(data)


def failing(after: Document | str, *, base: str = "", said: str = "{{ start.word }}", **settings: object) -> Document:
    """A workflow with an error workflow; with a `base` it searches there."""
    look = {"look": {"type": "knowledge.search", "settings": {"bases": [base], "query": "{{ start.word }}"}}}
    steps = {
        "start": {"type": "flow.start", "settings": {"inputs": [{"name": "word", "data_class": "public"}]}},
        **(look if base else {}),
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "out", "value": said}]}},
    }
    order = list(steps)
    chosen = {"name": "tell-it", "content": after if isinstance(after, str) else content_hash(after)}
    return with_run(document(steps, *pairwise(order)), error_workflow=chosen, **settings)


def calling(called: Document) -> Document:
    """A workflow that calls one of those."""
    steps = {
        "start": {"type": "flow.start", "settings": {}},
        "call": {"type": "flow.call", "settings": {
            "workflow": {"name": "d", "content": content_hash(called)}, "inputs": [{"name": "word", "value": "x"}]}},
        "end": {"type": "flow.finish", "settings": {"outputs": []}},
    }  # fmt: skip
    return document(steps, ("start", "call"), ("call", "end"))


def compiled(made: Document, *known: Document):
    return compile_document(made, CATALOGUE, {content_hash(each): each for each in known}.get)


def test_a_plan_knows_what_runs_when_it_fails():
    after = telling()
    found = compiled(failing(after), after)
    assert found.problems == ()
    assert found.plan
    assert found.plan.on_error
    assert (found.plan.on_error.name, found.plan.on_error.plan.hash) == ("tell-it", content_hash(after))
    assert found.plan.on_error.meaning == canonical(after.meaning)


def test_a_document_without_one_says_what_it_said_before():
    bare = document({"start": {"type": "flow.start", "settings": {}}})
    assert b"error_workflow" not in canonical(bare.meaning)
    assert content_hash(with_run(bare, error_workflow=None)) == content_hash(bare)


@pytest.mark.parametrize(
    ("after", "code", "told"),
    [
        ("0" * 64, "unknown_workflow", "in a version that is not here"),
        (document({"start": {"type": "flow.start", "settings": {}}, "x": {"type": "no.such"}}, ("start", "x")),
         "broken_workflow", "cannot run: “x” is of the type"),
        (telling({"name": "message"}, {"name": "ticket"}), "missing_input", "needs the input “ticket”"),
        (telling({"name": "message", "kind": "number"}), "unfit_input", "takes “message” as Number"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_of_the_workflow_as_a_whole(after, code, told):
    known = [after] if isinstance(after, Document) else []
    found = compiled(failing(after), *known)
    assert found.plan is None
    (problem,) = found.problems
    assert (problem.code, problem.step, problem.field) == (code, None, FAILING)
    assert told in problem.sentence
    assert problem.hint


def test_inputs_it_can_do_without_may_be_its_own():
    after = telling({"name": "message"}, {"name": "ticket", "required": False}, {"name": "how", "default": "loud"})
    assert compiled(failing(after), after).problems == ()


def test_it_runs_without_an_error_workflow_of_its_own():
    last = telling()
    after = telling(run={"error_workflow": {"name": "tell-it", "content": content_hash(last)}}, name="other")
    for known in ((after, last), (after,)):  # also where its own is not here any more
        found = compiled(failing(after), *known)
        assert found.plan, found.problems
        assert found.plan.on_error
        assert found.plan.on_error.plan.on_error is None
        assert found.plan.on_error.plan.hash == content_hash(last), "the same without its error workflow"


def test_of_a_workflow_that_is_called_the_error_workflow_is_left_out():
    after = telling()
    called = failing(after)
    found = compiled(calling(called), called, after)
    assert found.plan
    assert found.touched.hosts == ()


def test_what_it_names_and_does_counts():
    after = telling()
    found = compiled(failing(after), after)
    assert found.touched.hosts == ("chat.example.com",)
    assert "connect.call_http" in {each.type_id for each in found.touched.types}
    assert found.on_error
    assert Effect.WRITE in found.on_error.does()
    assert set(found.parts) == {"start", "end", ""}


def crossings(made: Document, *known: Document, facts: FlowFacts = FACTS):
    found = compiled(made, *known)
    return flow_of(made, found.steps, found.ways, facts, found.on_error)


def test_a_failure_may_say_anything_that_was_read_whatever_comes_out():
    after = telling()
    flow = crossings(failing(after, base="pay", said="nothing of it"), after)
    sent = [each for each in flow.crossings if each.sink_kind == "host"]
    assert {(each.data_class, each.allowed, each.step) for each in sent} == {
        (DataClass.PUBLIC, True, ""), (DataClass.CONFIDENTIAL, False, ""),
    }  # fmt: skip
    (problem,) = flow.problems
    assert flow.problems == tuple(problems_of(flow.crossings, FACTS.hosts))
    assert (problem.code, problem.step, problem.field) == ("data_class", None, FAILING)
    assert problem.sentence.startswith("When a run fails: Confidential text from Pay would reach Chat")


def test_what_is_only_called_as_it_is_carries_nothing():
    after = telling({"name": "run"}, {"name": "step"}, body="{{ start.step }} of {{ start.run }}")
    assert crossings(failing(after, base="pay", said="x"), after).problems == ()


def test_what_a_called_workflow_reads_may_be_in_the_failure():
    after = telling()
    called = failing("0" * 64, base="pay", said="nothing of it")
    called = with_run(called, error_workflow=None)
    chosen = {"name": "tell-it", "content": content_hash(after)}
    made = with_run(calling(called), error_workflow=chosen)
    assert [each.code for each in crossings(made, called, after).problems] == ["data_class"]


def test_what_comes_out_of_it_reaches_whoever_gets_the_result():
    steps = {
        "start": {"type": "flow.start", "settings": {"inputs": [{"name": "message"}]}},
        "look": {"type": "knowledge.search", "settings": {"bases": ["pay"], "query": "x"}},
        "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ look.text }}"}]}},
    }
    after = with_run(document(steps, ("start", "look"), ("look", "end")), audience_class="restricted")
    assert [each.sink_kind for each in crossings(failing(after), after).crossings if not each.allowed] == ["audience"]
    assert crossings(failing(after, audience_class="confidential"), after).problems == ()


def test_the_walk_through_tells_what_it_does():
    after = telling()
    made = failing(after)
    told = explain(made, CATALOGUE, library={content_hash(after): after}.get)
    part = told[told.index("When a run fails") :]
    assert f"It runs the workflow “tell-it” (version {content_hash(after)[:8]})." in part
    assert "2. post" in part
    assert "chat.example.com" in part
    gone = explain(made, CATALOGUE)
    assert "It cannot run yet" in gone
    assert "in a version that is not here" in gone


def test_another_one_is_a_change_that_is_told():
    one, other = telling(), telling(body="fixed")
    (change,) = diff(failing(one), failing(other), CATALOGUE)
    assert (change.kind, change.part, change.field, change.material) == ("changed", "run", "error_workflow", True)
    assert content_hash(other)[:8] in change.sentence
    (change,) = diff(failing(one), with_run(failing(one), error_workflow=None), CATALOGUE)
    assert (change.kind, change.after) == ("removed", None)
    assert change.sentence.endswith("and is now nothing.")
