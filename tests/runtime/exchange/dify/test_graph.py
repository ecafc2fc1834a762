"""All of a file together: failures, variables, features, plug-ins, names and places."""

import pytest

from runtime.exchange.dify.graph import name_of
from runtime.exchange.dify.source import Source
from runtime.graph.document import OnFailure
from tests.support.dify import START, codes, drawn, edge, flow, imported, node, step, ways

CODE = {"code": "def main(): return {}", "outputs": {"a": {"type": "string"}, "n": {"type": "number"}}}


def test_a_value_in_place_of_a_failure_is_of_its_kind():
    values = [{"key": "a", "type": "string", "value": "3"}, {"key": "n", "type": "number", "value": "3"}]
    found = flow(node("it", "code", **CODE, error_strategy="default-value", default_value=values), node("end", "end"))
    assert step(found, "it").on_failure == OnFailure(then="fallback", fallback={"a": "3", "n": 3})


def test_a_way_out_for_failures_is_the_exit_error():
    found = flow(
        node("it", "code", **CODE, error_strategy="fail-branch"), node("a", "end"), node("b", "end"),
        edges=[edge("start", "it"), edge("it", "a"), edge("it", "b", "fail-branch")],
    )  # fmt: skip
    assert step(found, "it").on_failure.then == "exit"
    assert ways(found) == {"start → it", "it → a", "it.error → b"}


@pytest.mark.parametrize(
    ("config", "made"),
    [
        ({"retry_enabled": True, "max_retries": 4, "retry_interval": 500}, OnFailure(retries=4, wait_s=0.5)),
        ({"enabled": True, "max_retries": 2, "retry_interval": 1000,
          "exponential_backoff": {"enabled": True, "multiplier": 2}}, OnFailure(retries=2, wait_s=1, factor=2)),
        ({"retry_enabled": True, "max_retries": 99}, OnFailure(retries=10)),
        ({"retry_enabled": False, "max_retries": 4}, OnFailure()),
        ({"enabled": False, "max_retries": 4}, OnFailure()),
    ],
)  # fmt: skip
def test_a_step_is_tried_again_as_often(config, made):
    assert step(flow(node("it", "code", **CODE, retry_config=config), node("end", "end")), "it").on_failure == made


def test_a_secret_is_kept_nowhere():
    given = [{"name": "KEY", "value_type": "secret", "value": "sk-secret-1"}]
    found = flow(node("it", "answer", answer="{{#env.KEY#}}"), environment_variables=given)
    assert drawn(found).meaning.variables["key"].start is None
    assert b"sk-secret-1" not in found.content
    assert "secret_to_enter" in codes(found)


@pytest.mark.parametrize(
    ("kind", "value", "made"),
    [
        ("string", 5, ("text", "5")), ("number", "5", ("number", 5)), ("number", "x", ("number", None)),
        ("object", '{"a": 1}', ("object", {"a": 1})), ("array[string]", [], ("list", [])),
        ("array[object]", "x", ("list", None)), ("boolean", True, ("yes_no", True)), ("soup", [1], ("any", [1])),
    ],
)  # fmt: skip
def test_a_variable_begins_with_a_value_of_its_kind(kind, value, made):
    found = flow(node("end", "end"), conversation_variables=[{"name": "v", "value_type": kind, "value": value}])
    variable = drawn(found).meaning.conversation["v"]
    assert (variable.kind, variable.start) == made


def test_what_stands_beside_the_steps_is_told():
    features = {"opening_statement": "Welcome!", "text_to_speech": {"enabled": False}, "suggested_questions": ["a?"]}
    found = imported({
        "kind": "app", "version": "1.2.0", "app": {"name": "x", "mode": "workflow"},
        "dependencies": [{"type": "marketplace", "value": {"marketplace_plugin_unique_identifier": "org/tool:1@ab"}},
                         {"type": "github", "value": {"repo": "org/other"}}],
        "workflow": {"graph": {"nodes": [START], "edges": []}, "features": features},
    })  # fmt: skip
    told = " ".join(each.sentence for each in found.report.problems)
    assert codes(found).count("feature_left_out") == 2
    assert codes(found).count("plugin_missing") == 2
    assert all(each in told for each in ("Welcome!", "org/tool:1", "org/other", "1.2.0"))


def test_steps_are_named_by_their_titles_and_every_id_once():
    nodes = [node("17123", "llm", title="Ask twice"), node("17124", "llm", title="Ask twice"),
             node("17125", "code", title="代码执行"), node("my-step", "code", title="x"),
             node("run", "code")]  # fmt: skip
    found = flow(*nodes)
    names = {each: found.report.steps[each].step for each in ("17123", "17124", "17125", "my-step", "run")}
    assert names == {"17123": "ask_twice", "17124": "ask_twice_2", "17125": "code", "my-step": "my_step",
                     "run": "run_2"}  # fmt: skip
    assert drawn(found).words.steps["code"].title == "代码执行"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("A Flow", "a-flow"),
        ("翻译", "imported"),
        ("3 things", "imported-3-things"),
        ("x" * 90, "x" * 64),
        ("", "imported"),
    ],
)
def test_a_workflow_is_called_as_the_app_was(name, made):
    assert name_of(Source(name)) == made


def test_a_graph_without_a_beginning_gets_a_start():
    found = imported({"nodes": [node("a", "answer", answer="a"), node("b", "answer", answer="b")], "edges":
                      [edge("a", "b")]})  # fmt: skip
    assert ways(found) == {"start → a", "a → b"}


def test_a_pipeline_begins_with_a_start_before_its_sources():
    nodes = [node("s", "datasource", provider_name="file"), node("i", "knowledge-index", chunk_structure="text_model")]
    found = imported({"kind": "rag_pipeline", "rag_pipeline": {"name": "P"}, "workflow": {
        "graph": {"nodes": nodes, "edges": [edge("s", "i")]},
        "rag_pipeline_variables": [{"variable": "lang", "type": "text-input", "belong_to_node_id": "shared"}],
    }})  # fmt: skip
    assert ways(found) == {"start → s", "s → i"}
    assert drawn(found).meaning.steps["start"].settings["inputs"][0]["name"] == "lang"
    assert {each.result for each in found.report.steps.values()} == {"placeholder"}


def test_places_and_sizes_are_kept():
    nodes = [{**node("each", "iteration"), "position": {"x": 10.4, "y": 20}, "width": 300, "height": 200},
             {**node("in", "code", "each", **CODE), "position": {"x": 5, "y": 160}}]  # fmt: skip
    layout = drawn(flow(*nodes, edges=[edge("start", "each")])).layout
    assert (layout.steps["each"], layout.sizes["each"], layout.steps["in"]) == ((10, 20), (300, 200), (5, 160))
