"""Code, templates, lists and text out of files."""

import pytest

from tests.support.dify import codes, drawn, flow, node, one, step

GIVEN = [{"variable": "arg1", "value_selector": ["start", "text"]}]


def test_code_keeps_its_text_its_inputs_and_the_kinds_of_its_outputs():
    outputs = {"a": {"type": "string"}, "b": {"type": "array[object]"}, "c": {"type": "boolean"}}
    made = one("code", code="def main(arg1):\n    return {}", code_language="python3", variables=GIVEN, outputs=outputs)
    assert made["language"] == "python"
    assert made["inputs"] == [{"name": "arg1", "value": "{{ start.text }}"}]
    assert made["outputs"] == [
        {"name": "a", "kind": "text"}, {"name": "b", "kind": "objects"}, {"name": "c", "kind": "yes_no"},
    ]  # fmt: skip
    assert one("code", code="function main() {}", code_language="javascript")["language"] == "javascript"


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("import json\nfrom datetime import date", ""), ("import requests", "requests"),
        ("import json, numpy as np", "numpy"), ("    from bs4.x import y", "bs4"), ("x = 'import pandas'", ""),
    ],
)  # fmt: skip
def test_libraries_the_cage_does_not_have_are_told(code, missing):
    found = flow(node("it", "code", code=code + "\ndef main(): return {}", outputs={"a": {"type": "string"}}),
                 node("end", "end"))  # fmt: skip
    assert ("code_may_fail" in codes(found)) == bool(missing)
    assert missing in found.report.steps["it"].note


def test_a_template_stays_as_it_is():
    made = one("template-transform", template="{% for x in arg1 %}{{ x }}{% endfor %}", variables=GIVEN)
    assert made["template"] == "{% for x in arg1 %}{{ x }}{% endfor %}"
    assert made["missing"] == "empty"


@pytest.mark.parametrize(
    ("data", "made"),
    [
        ({}, {}),
        ({"limit": {"enabled": True, "size": 2}}, {"take": "first", "size": 2}),
        ({"limit": {"enabled": False, "size": 2}}, {}),
        ({"order_by": {"enabled": True, "key": "", "value": "desc"}}, {"sort": [{"direction": "down"}]}),
        ({"order_by": {"enabled": True, "key": "filename", "value": "asc"}}, {"sort": [{"by": "name"}]}),
        ({"filter_by": {"enabled": True, "conditions": [{"comparison_operator": ">", "value": "{{#start.text#}}"}]}},
         {"keep": [{"operator": "greater", "value": "{{ start.text }}"}]}),
        ({"extract_by": {"enabled": True, "serial": "{{#start.text#}}"}, "limit": {"enabled": True, "size": 2}},
         {"take": "part", "start": "{{ start.text }}", "size": 1}),
    ],
)  # fmt: skip
def test_a_list_is_arranged_as_it_was(data, made):
    settings = one("list-operator", variable=["start", "items"], **data)
    assert settings == {"entries": "{{ start.items }}", "rules": "exact", **made}


def test_a_file_is_read_and_of_several_each():
    assert one("document-extractor", variable_selector=["start", "file"]) == {"file": "{{ start.file }}"}
    found = flow(node("it", "document-extractor", variable_selector=["start", "files"], is_array_file=True),
                 node("end", "end", outputs=[{"variable": "a", "value_selector": ["it", "text"]}]))  # fmt: skip
    made = step(found, "it")
    assert (made.type, made.settings) == ("flow.each", {"items": "{{ start.files }}", "result": "{{ it_one.text }}"})
    inner = drawn(found).meaning.steps["it_one"]
    assert (inner.inside, inner.settings) == ("it", {"file": "{{ it.item }}"})
    assert step(found, "end").settings["outputs"][0]["value"] == "{{ it.output }}"
