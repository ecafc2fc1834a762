"""What steps touch, asked of them one by one."""

import pytest

from nodes.catalogue import load
from runtime.graph.checking_steps import check_steps
from runtime.graph.document import Document
from runtime.graph.touching import asks_people

CATALOGUE = load()


@pytest.mark.parametrize(
    ("type_id", "settings", "person"),
    [
        ("people.approve", {"title": "Go?", "approvers": ["Legal"]}, True), ("people.approve", {}, True),
        ("flow.wait", {"amount": 5}, False), ("data.join_text", {"texts": ["a"]}, False),
    ],
)  # fmt: skip
def test_only_a_step_that_asks_people_counts_as_a_person(type_id, settings, person):
    document = Document.model_validate(
        {"greenlane": 1, "name": "flow", "meaning": {"steps": {"one": {"type": type_id, "settings": settings}}}}
    )
    assert asks_people(check_steps(document, CATALOGUE)["one"]) is person
