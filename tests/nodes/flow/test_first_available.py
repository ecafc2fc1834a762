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
