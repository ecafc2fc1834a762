"""The finish step hands back named values."""

import pytest

from nodes.flow.finish import Finish
from tests.support.context import run_step


def finish(*names):
    return Finish.model_validate({"outputs": [{"name": name, "value": "{{ ask.text }}"} for name in names]})


async def test_values_keep_their_type():
    left = await run_step(Finish, {"outputs": [{"name": "items", "value": [1, {"a": None}]}]})
    assert left.output == {"items": [1, {"a": None}]}


def test_nothing_follows_a_finish():
    assert finish("answer").exits() == ()


@pytest.mark.parametrize(
    ("names", "codes"),
    [(["a", "b"], []), (["a", "a"], ["name_taken"]), (["The answer"], ["bad_name"]), (["1", "结果"], [])],
)
def test_names_are_checked(names, codes):
    assert [each.code for each in finish(*names).troubles()] == codes


def test_it_explains_itself():
    assert finish("answer").explain() == "The run ends and hands back {{ ask.text }} as “answer”."
