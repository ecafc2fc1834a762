"""Inputs of an imported workflow keep what they were limited to."""

import json

import pytest

from nodes.catalogue import load
from runtime.exchange.importing import import_file


def imported(**given):
    nodes = [
        {"id": "1", "data": {"type": "start", "variables": [{"variable": "x", "required": True, **given}]}},
        {"id": "2", "data": {"type": "end", "outputs": [{"variable": "x", "value_selector": ["1", "x"]}]}},
    ]
    graph = {"nodes": nodes, "edges": [{"id": "e", "source": "1", "target": "2"}]}
    file = {"version": "0.6.0", "kind": "app", "app": {"name": "a", "mode": "workflow"}, "workflow": {"graph": graph}}
    found = import_file(json.dumps(file).encode(), load())
    assert not [each for each in found.report.problems if each.severity == "error"], found.report.problems
    assert found.document
    [step] = [each for each in found.document.meaning.steps.values() if each.type == "flow.start"]
    return step.settings["inputs"][0], [each.sentence for each in found.report.problems]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({"type": "text-input", "hide": True}, {"hidden": True}),
        ({"type": "file", "allowed_file_types": ["image", "document"]}, {"file_kinds": ["image", "document"]}),
        ({"type": "file", "allowed_file_types": ["custom"], "allowed_file_extensions": [".csv"]},
         {"extensions": [".csv"]}),
        ({"type": "file", "allowed_file_types": ["image"], "allowed_file_extensions": [".csv"]},
         {"file_kinds": ["image"]}),
        ({"type": "file-list", "max_length": 3}, {"max": 3}),
        ({"type": "json_object", "json_schema": {"type": "object", "$schema": "http://json-schema.org/draft-07/schema"}},
         {"json_schema": {"type": "object"}}),
        ({"type": "json_object", "json_schema": '{"type": "object"}'}, {"json_schema": {"type": "object"}}),
    ],
)  # fmt: skip
def test_what_it_was_limited_to_is_kept(given, made):
    found, _ = imported(**given)
    assert found == {"name": "x", "kind": found["kind"], "required": True, **made} | (
        {"blank": True} if found["kind"] == "text" else {}
    )


def test_a_schema_that_may_not_be_used_is_left_out_and_told():
    found, told = imported(type="json_object", json_schema={"$ref": "http://elsewhere"})
    assert "json_schema" not in found
    assert any("takes any data" in each for each in told)
