"""Steps that ask a model, and searches."""

import pytest

from runtime.exchange.dify.models import ALIAS
from tests.support.dify import codes, drawn, edge, flow, node, one, step, ways

MODEL = {"provider": "openai", "name": "gpt", "mode": "chat", "completion_params": {"temperature": 0.3}}


def ask(**data):
    return node("it", "llm", model=MODEL, **data)


def test_a_model_is_asked_by_an_alias_and_which_one_it_was_is_told():
    told = [("system", "Be brief."), ("user", "{{#start.text#}}"), ("assistant", " ")]
    prompt = [{"role": role, "text": text} for role, text in told]
    found = flow(ask(prompt_template=prompt), node("end", "end"))
    assert step(found, "it").settings == {
        "alias": ALIAS, "temperature": 0.3,
        "messages": [{"role": "system", "text": "Be brief."}, {"role": "user", "text": "{{ start.text }}"}],
    }  # fmt: skip
    assert "openai/gpt" in found.report.steps["it"].note
    assert found.report.steps["it"].result == "mapped"


def test_what_a_model_was_told_beside_is_told():
    strange = {**MODEL, "completion_params": {"top_p": 0.5, "max_tokens": "20"}}
    found = flow(node("it", "llm", model=strange, prompt_template={"text": "hi"}), node("end", "end"))
    assert "top_p = 0.5" in found.report.steps["it"].note
    assert step(found, "it").settings["max_tokens"] == 20


@pytest.mark.parametrize(
    ("memory", "made"),
    [
        ({"window": {"enabled": True, "size": 5}}, {"memory": "window", "memory_turns": 5}),
        ({"window": {"enabled": False}}, {"memory": "tokens", "memory_tokens": 2000}),
        ({"enabled": False, "window": {"enabled": True}}, {}),
    ],
)
def test_in_a_chat_a_model_remembers_and_is_asked_the_message_last(memory, made):
    found = flow(ask(prompt_template=[{"role": "system", "text": "S"}], memory=memory), mode="advanced-chat")
    settings = step(found, "it").settings
    assert {name: settings[name] for name in made} == made
    assert ("memory" in settings) == bool(made)
    assert settings["messages"][1:] == [{"role": "user", "text": "{{ start.message }}"}]


def test_named_answers_and_what_was_found():
    asked = {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}
    found = flow(
        node("find", "knowledge-retrieval", dataset_ids=["x" * 60, "b"], query_variable_selector=["start", "text"],
             multiple_retrieval_config={"top_k": 7, "score_threshold": 0.4, "score_threshold_enabled": True}),
        ask(prompt_template=[{"role": "user", "text": "{{#context#}} {{#histories#}}"}], structured_output=asked,
            structured_output_enabled=True, context={"enabled": True, "variable_selector": [["find", "result"]]}),
        node("say", "answer", answer="{{#it.structured_output.a#}}"),
    )  # fmt: skip
    assert step(found, "it").settings["messages"] == [{"role": "user", "text": "{{ find.text }} "}]
    assert step(found, "it").settings["answer_schema"] == asked["schema"]
    assert step(found, "say").settings["text"] == "{{ it.data.a }}"
    assert step(found, "find").settings == {
        "bases": ["knowledge-base-1", "b"], "query": "{{ start.text }}", "limit": 7, "min_score": 0.4,
    }  # fmt: skip
    assert "base_to_choose" in codes(found)


def test_a_prompt_in_jinja_is_written_by_a_step_before():
    prompt = [{"role": "user", "edition_type": "jinja2", "jinja2_text": "{% if a %}{{ a }}{% endif %}", "text": ""}]
    found = flow(ask(prompt_template=prompt, prompt_config={"jinja2_variables": [
        {"variable": "a", "value_selector": ["start", "text"]}]}), node("end", "end"))  # fmt: skip
    assert step(found, "it").settings["messages"] == [{"role": "user", "text": "{{ it_prompt.output }}"}]
    made = drawn(found).meaning.steps["it_prompt"]
    assert (made.type, made.settings["inputs"]) == ("data.template", [{"name": "a", "value": "{{ start.text }}"}])
    assert ways(found) == {"start → it_prompt", "it_prompt → it", "it → end"}


def test_a_classifier_keeps_the_ids_of_its_classes():
    classes = [{"id": "1", "name": "Billing"}, {"id": "2", "name": "Other"}]
    found = flow(
        node("it", "question-classifier", model=MODEL, query_variable_selector=["start", "text"], classes=classes,
             instruction="Look at {{#start.text#}}"),
        node("a", "answer", answer="{{#it.class_label#}}"), node("b", "answer", answer="b"),
        edges=[edge("start", "it"), edge("it", "a", "1"), edge("it", "b", "2")],
    )  # fmt: skip
    settings = step(found, "it").settings
    assert settings["classes"] == [{"id": "1", "name": "Billing"}, {"id": "2", "name": "Other"}]
    assert settings["instruction"] == "Look at {{ start.text }}"
    assert ways(found) == {"start → it", "it.1 → a", "it.2 → b"}
    assert step(found, "a").settings["text"] == "{{ it.class_name }}"


def test_an_extractor_looks_for_values_of_their_kinds():
    kinds = {"a": "string", "b": "bool", "c": "array[object]", "d": "select"}
    parameters = [{"name": name, "type": kind, "description": "what", "required": True, "options": ["x"]}
                  for name, kind in kinds.items()]  # fmt: skip
    made = one("parameter-extractor", model=MODEL, query=["start", "text"], parameters=parameters)
    assert made["text"] == "{{ start.text }}"
    assert [each["kind"] for each in made["parameters"]] == ["text", "yes_no", "objects", "choice"]
    assert made["parameters"][3]["options"] == ["x"]


def test_an_agent_is_declared_with_its_tools():
    parameters = {
        "model": {"type": "constant", "value": {"provider": "p", "model": "m"}},
        "instruction": {"value": "Look things up."}, "query": {"value": "{{#start.text#}}"},
        "tools": {"value": [{"tool_name": "search"}]}, "maximum_iterations": {"value": 9},
        "storage_key": {"value": "k"},
    }  # fmt: skip
    found = flow(node("it", "agent", agent_parameters=parameters, agent_strategy_name="react"), node("end", "end"))
    assert step(found, "it").type == "ai.agent"
    assert step(found, "it").settings == {
        "alias": ALIAS, "instruction": "Look things up.", "query": "{{ start.text }}", "strategy": "react",
        "tools": [{"tool_name": "search"}], "most_rounds": 9,
    }  # fmt: skip
    assert "later version" in found.report.steps["it"].note
