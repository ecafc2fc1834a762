"""Apps without a graph become a few steps."""

from runtime.exchange.dify.configured import drawn
from runtime.exchange.dify.source import Source
from tests.support.dify import codes, imported, step, ways

FORM = [{"text-input": {"label": "Language", "variable": "language", "required": True}},
        {"select": {"label": "Tone", "variable": "tone", "options": ["a", "b"]}}]  # fmt: skip
MODEL = {"provider": "openai", "name": "gpt", "mode": "chat", "completion_params": {}}


def app(mode, **config):
    return imported({"kind": "app", "version": "0.1.0", "app": {"name": "X", "mode": mode},
                     "model_config": {"model": MODEL, "pre_prompt": "Speak {{language}}.", "user_input_form": FORM,
                                      **config}})  # fmt: skip


def test_a_chat_asks_a_model_that_remembers_and_answers():
    found = app("chat", opening_statement="Hello!")
    assert ways(found) == {"start → model", "model → answer"}
    start, model = step(found, "start").settings, step(found, "model").settings
    assert (start["kind"], [each["name"] for each in start["inputs"]]) == ("chat", ["language", "tone"])
    assert model["messages"] == [
        {"role": "system", "text": "Speak {{ start.language }}."}, {"role": "user", "text": "{{ start.message }}"},
    ]  # fmt: skip
    assert model["memory"] == "tokens"
    assert start["opening"] == "Hello!"
    assert "feature_left_out" not in codes(found)


def test_a_chat_with_datasets_searches_them_first():
    sets = {
        "datasets": {
            "datasets": [{"dataset": {"id": "d1", "enabled": True}}, {"dataset": {"id": "d2", "enabled": False}}]
        }
    }
    found = app("chat", dataset_configs={**sets, "top_k": 2})
    assert ways(found) == {"start → knowledge", "knowledge → model", "model → answer"}
    assert step(found, "knowledge").settings["bases"] == ["d1"]
    assert "{{ knowledge.text }}" in step(found, "model").settings["messages"][0]["text"]


def test_a_completion_hands_its_text_back():
    found = app("completion")
    assert step(found, "start").settings["inputs"][-1]["name"] == "query"
    assert step(found, "answer").settings == {"outputs": [{"name": "text", "value": "{{ model.text }}"}]}
    assert "kind" not in step(found, "start").settings


def test_an_agent_is_declared_with_those_of_its_tools_that_are_on():
    tools = [{"tool_name": "a", "enabled": True}, {"tool_name": "b", "enabled": False}]
    found = app("agent-chat", agent_mode={"enabled": True, "strategy": "react", "tools": tools})
    assert step(found, "model").type == "ai.agent"
    assert [each["tool_name"] for each in step(found, "model").settings["tools"]] == ["a"]


def test_a_configuration_of_nothing_is_still_drawn():
    source = Source("x", chat=True)
    drawn(source)
    assert list(source.nodes) == ["start", "model", "answer"]
