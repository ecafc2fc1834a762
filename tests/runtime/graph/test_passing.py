"""What is confidential stays so through every step that hands it on."""

import pytest

from nodes.catalogue import load
from nodes.sdk import DataClass
from runtime.graph.compiling import examine
from runtime.graph.document import Document
from runtime.graph.flowing import FlowFacts, Place, flow_of

CATALOGUE = load()
SECRET = "{{ start.secret }}"
INPUT = [{"name": "x", "value": SECRET}]
CLASSES = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]


@pytest.mark.parametrize(
    ("type_id", "settings", "output"),
    [
        ("data.code", {"inputs": INPUT, "code": "def main(x): …", "outputs": [{"name": "y"}]}, "y"),
        ("data.code", {"inputs": INPUT, "code": "def main(x): …", "outputs": [{"name": "y"}]}, "printed"),
        ("data.template", {"inputs": INPUT, "template": "{{ x }}"}, "output"),
        ("data.calculate", {"inputs": INPUT, "formula": "x"}, "output"),
        ("data.json", {"value": SECRET}, "output"),
        ("data.dates", {"date": SECRET}, "output"),
        ("data.lists", {"entries": SECRET}, "result"),
        ("data.lists", {"entries": [1], "keep": [{"operator": "is", "value": SECRET}]}, "count"),
        ("flow.wait", {"mode": "until", "moment": SECRET}, "until"),
        ("ai.classify", {"text": SECRET, "classes": CLASSES}, "class_id"),
        ("ai.classify", {"text": SECRET, "classes": CLASSES, "by": "likeness"}, "class_id"),
        ("ai.extract", {"text": SECRET, "parameters": [{"name": "y"}]}, "y"),
        ("ai.extract", {"text": SECRET, "parameters": [{"name": "y"}]}, "__reason"),
    ],
)
def test_what_comes_in_comes_out_with_its_class(type_id, settings, output):
    start = {"inputs": [{"name": "secret", "data_class": "confidential", "tags": ["personal"]}]}
    steps = {"start": {"type": "flow.start", "settings": start}, "new": {"type": type_id, "settings": settings}}
    document = Document.model_validate({"greenlane": 1, "name": "flow", "meaning": {"steps": steps}})
    checked, ways, _ = examine(document, CATALOGUE)
    facts = FlowFacts(models={"fast": Place(DataClass.INTERNAL, "fast")})
    label = flow_of(document, checked, ways, facts).labels["new"][output]
    assert [(mark.data_class, sorted(mark.tags)) for mark in label.values()] == [("confidential", ["personal"])]


def test_only_a_model_is_somewhere_else():
    classify = {"text": SECRET, "classes": CLASSES}
    start = {"inputs": [{"name": "secret", "data_class": "confidential"}]}
    for more, sinks in (({}, ["fast"]), ({"by": "likeness"}, [])):
        steps = {
            "start": {"type": "flow.start", "settings": start},
            "new": {"type": "ai.classify", "settings": classify | more},
        }
        edges = [{"from": "start", "to": "new"}]
        document = Document.model_validate(
            {"greenlane": 1, "name": "flow", "meaning": {"steps": steps, "edges": edges}}
        )
        checked, ways, _ = examine(document, CATALOGUE)
        found = flow_of(document, checked, ways, FlowFacts())
        assert [each.sink for each in found.crossings] == sinks
