"""A step type as data."""

from nodes.catalogue.description import described, described_broken, described_outputs
from nodes.flow.branch import Branch
from nodes.flow.finish import Finish
from nodes.sdk import shape_of_schema


def test_the_insides_of_an_object_are_told():
    schema = {"type": "object", "properties": {"topic": {"type": "string", "description": "What it is about"}}}
    (data,) = described_outputs({"data": shape_of_schema(schema)})
    assert data == {
        "name": "data", "kind": "object", "description": "",
        "fields": [{"name": "topic", "kind": "text", "description": "What it is about", "fields": []}],
    }  # fmt: skip


def test_exits_are_those_of_a_step_that_was_just_dropped():
    assert described(Branch)["exits"] == [{"id": "else", "label": "Else"}]
    assert described(Finish)["exits"] == []


def test_a_broken_file_has_the_shape_of_every_other():
    broken = described_broken("data.join_text", "Give it a label.")
    assert broken["label"] == "Join text"
    assert broken["broken"] == "Give it a label."
    assert set(broken) == set(described(Branch))
