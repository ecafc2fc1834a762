"""The first-available step brings branches together."""

import pytest

from nodes.flow.first_available import FirstAvailable
from tests.support.context import run_step


@pytest.mark.parametrize(
    ("settings", "value"),
    [
        ({"values": [None, {"a": 1}, "b"]}, {"a": 1}),
        ({"values": [None, "", "b"]}, ""),
        ({"values": [None, "", "b"], "skip_empty": True}, "b"),
        ({"values": [0, 1], "skip_empty": True}, 0),
        ({"values": [None], "otherwise": "d"}, "d"),
        ({"values": [None]}, None),
    ],
)
async def test_the_first_value_that_is_there(settings, value):
    assert (await run_step(FirstAvailable, settings)).output == {"output": value}


def test_it_explains_itself():
    step = FirstAvailable(values=["{{ a.text }}", "{{ b.text }}"], otherwise="none")
    assert step.explain() == "Takes the first of {{ a.text }} or {{ b.text }} that is there, or else “none”."


def test_a_list_without_values_is_told():
    assert [each.field for each in FirstAvailable().troubles()] == ["values"]


GROUPS = [{"name": "reply", "values": [None, "", "b"]}, {"name": "Tone", "values": [None]}]


@pytest.mark.parametrize(
    ("more", "values"),
    [
        ({}, {"reply": "", "Tone": None}),
        ({"skip_empty": True}, {"reply": "b", "Tone": None}),
        ({"otherwise": "d"}, {"reply": "", "Tone": "d"}),
    ],
)
async def test_each_group_hands_on_its_first_value(more, values):
    assert (await run_step(FirstAvailable, {"groups": GROUPS, **more})).output == values


def test_each_group_is_an_output():
    assert list(FirstAvailable.model_validate({"groups": GROUPS}).outputs()) == ["reply", "Tone"]
    assert list(FirstAvailable().outputs()) == ["output"]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"groups": GROUPS}, []),
        ({"groups": GROUPS, "values": [1]}, [("values", "unread_values")]),
        ({"groups": [{"name": "a", "values": [1]}] * 2}, [("groups.1.name", "name_taken")]),
        ({"groups": [{"name": "a b", "values": [1]}]}, [("groups.0.name", "bad_name")]),
        ({"groups": [{"name": "a"}]}, [("groups.0.values", "missing")]),
    ],
)
def test_groups_that_cannot_work_are_told(settings, found):
    assert [(each.field, each.code) for each in FirstAvailable.model_validate(settings).troubles()] == found


def test_it_explains_its_groups_in_one_sentence():
    assert FirstAvailable.model_validate({"groups": GROUPS[:1]}).explain() == (
        "Takes as “reply” the first of “”, “” or “b” that is there."
    )
