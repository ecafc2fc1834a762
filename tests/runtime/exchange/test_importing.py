"""A file of ours comes back byte for byte; one of Dify becomes one of ours; of anything else it is told what it is."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.exchange.dify.kinds import MAPPED
from runtime.exchange.importing import import_file
from runtime.graph.reading import read
from tests.support.dify import START, codes, edge, file_of, flow, imported, node
from tests.support.product import catalogue

EXAMPLES = sorted(Path("examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_file_of_ours_comes_back_byte_for_byte(path):
    found = import_file(path.read_bytes(), catalogue())
    assert found.content == path.read_bytes()
    assert {each.result for each in found.report.steps.values()} == {"mapped"}
    assert found.report.workflow == path.stem


def test_what_was_imported_is_a_file_of_ours():
    found = flow(node("say", "answer", answer="{{#start.text#}}"))
    document, problems = read(found.content)
    assert problems == ()
    assert document == found.document
    again = import_file(found.content, catalogue())
    assert again.content == found.content


def test_the_same_file_always_becomes_the_same():
    data = file_of([node(str(number), "llm", title="Say it") for number in range(5)])
    assert imported(data).content == imported(data).content


def test_the_report_is_as_programs_expect_it():
    told = flow(node("7", "tool", title="Weather", tool_name="weather"), node("end", "end")).report.as_dict()
    assert set(told) == {"workflow", "steps", "problems"}
    assert told["steps"]["7"]["step"] == "weather"
    assert told["steps"]["7"]["result"] == "placeholder"
    assert "Call HTTP" in told["steps"]["7"]["note"]
    assert all(set(each) == {"code", "message", "step", "field"} for each in told["problems"])
    json.dumps(told)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("just words", "no workflow"),
        ('{"nodes": [], "connections": {}}', "n8n"),
        ('{"data": {"nodes": []}}', "Langflow"),
        ('{"kind": "app", "app": {"mode": "workflow"}, "workflow": {}}', "no steps"),
        ("", "no workflow"),
        ("greenlane: 1\nname: x\nmeaning: 3", "“meaning”"),
    ],
)
def test_anything_else_is_told_in_a_sentence(text, said):
    found = import_file(text.encode(), catalogue())
    assert found.document is None
    assert found.content == b""
    assert any(said in each.sentence for each in found.report.problems)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=6) | st.sampled_from(["start", "{{#start.x#}}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["variables", "outputs", "cases", "conditions", "model", "prompt_template", "memory", "context", "items", "classes",
     "iterator_selector", "output_selector", "loop_variables", "break_conditions", "parameters", "query", "url", "body",
     "headers", "params", "authorization", "default_value", "retry_config", "error_strategy", "advanced_settings",
     "filter_by", "limit", "order_by", "extract_by", "user_actions", "inputs", "agent_parameters", "title",
     "multiple_retrieval_config", "dataset_ids", "code", "answer", "variable_selector"]
)  # fmt: skip
KINDS = st.sampled_from([*MAPPED, "iteration-start", "loop-start", "loop-end", "start", "trigger-webhook", "what"])


@st.composite
def broken(draw):
    """A file whose settings are of any type, whose containers and connections lead anywhere."""
    names = [f"n{number}" for number in range(draw(st.integers(1, 5)))]
    nodes = [
        {"id": draw(st.sampled_from([name, name, "n0"])), "parentId": draw(st.sampled_from(["", "", *names])),
         "data": {"type": draw(KINDS), **draw(st.dictionaries(FIELDS, ODD, max_size=4))},
         "position": draw(ODD), "width": draw(ODD)}
        for name in names
    ]  # fmt: skip
    everywhere = st.sampled_from(["start", *names, "nowhere"])
    edges = [edge(draw(everywhere), draw(everywhere), draw(st.sampled_from(["source", "true", "false", "x"])))
             for _ in range(draw(st.integers(0, 6)))]  # fmt: skip
    graph = {"nodes": draw(st.sampled_from([[START, *nodes], nodes])), "edges": edges}
    beside = draw(st.dictionaries(st.sampled_from(["environment_variables", "conversation_variables", "features",
                                                   "rag_pipeline_variables"]), ODD, max_size=2))  # fmt: skip
    return {"kind": draw(ODD), "version": draw(ODD), "app": draw(ODD), "dependencies": draw(ODD),
            "workflow": {"graph": graph, **beside}}  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(broken())
def test_a_file_broken_in_any_way_gives_a_document_or_a_sentence(data):
    found = imported(data)
    assert found.document is not None or codes(found)
    if found.document is not None:
        assert read(found.content).document == found.document
        assert {each.step for each in found.report.steps.values()} <= found.document.meaning.steps.keys()
