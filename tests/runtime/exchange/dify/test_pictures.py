"""What a model looked at in Dify it looks at here."""

import json

import pytest

from nodes.catalogue import load
from runtime.exchange.importing import import_file


def asked(vision, *, upload=False, mode="advanced-chat"):
    variables = [{"variable": "photo", "type": "file", "required": False}]
    llm = {
        "type": "llm", "model": {"provider": "openai", "name": "gpt", "mode": "chat"}, "vision": vision,
        "prompt_template": [{"role": "user", "text": "What is it?"}],
    }  # fmt: skip
    nodes = [
        {"id": "1", "data": {"type": "start", "variables": variables}},
        {"id": "2", "data": llm},
        {"id": "3", "data": {"type": "answer", "answer": "{{#2.text#}}"}},
    ]
    edges = [{"id": "a", "source": "1", "target": "2"}, {"id": "b", "source": "2", "target": "3"}]
    workflow = {"graph": {"nodes": nodes, "edges": edges}, "features": {"file_upload": {"enabled": upload}}}
    file = {"version": "0.6.0", "kind": "app", "app": {"name": "a", "mode": mode}, "workflow": workflow}
    found = import_file(json.dumps(file).encode(), load())
    assert not [each for each in found.report.problems if each.severity == "error"], found.report.problems
    assert found.document
    [step] = [each for each in found.document.meaning.steps.values() if each.type == "ai.ask_model"]
    return step.settings.get("pictures")


@pytest.mark.parametrize(
    ("vision", "upload", "pictures"),
    [
        ({"enabled": True, "configs": {"variable_selector": ["1", "photo"]}}, False, "{{ start.photo }}"),
        ({"enabled": True, "configs": {"variable_selector": ["sys", "files"]}}, True, "{{ start.files }}"),
        ({"enabled": True, "configs": {"detail": "high"}}, True, "{{ start.files }}"),
        ({"enabled": True}, False, None),
        ({"enabled": False, "configs": {"variable_selector": ["1", "photo"]}}, True, None),
    ],
)
def test_the_files_it_looked_at_are_its_pictures(vision, upload, pictures):
    assert asked(vision, upload=upload) == pictures
