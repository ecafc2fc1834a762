"""Every example on every node is true: what the help shows is what happens."""

import pytest

from nodes.catalogue import load
from nodes.sdk import StepFailed
from tests.support.context import run_example

SHOWN = [(node, example) for node in load().types.values() for example in node.examples]


def named(shown: list) -> list:
    return [pytest.param(node, example, id=f"{node.type_id}: {example.title}") for node, example in shown]


EXAMPLES = named(SHOWN)
WORKING = named([each for each in SHOWN if not each[1].fails])
FAILING = named([each for each in SHOWN if each[1].fails])


@pytest.mark.parametrize(("node", "example"), WORKING)
async def test_an_example_gives_what_it_shows(node, example):
    left = await run_example(node, example)
    assert (left.exit, left.output) == (example.exit, example.output)


@pytest.mark.parametrize(("node", "example"), FAILING)
async def test_an_example_of_a_failure_fails_as_it_shows(node, example):
    with pytest.raises(StepFailed) as raised:
        await run_example(node, example)
    assert raised.value.code == example.fails
    assert raised.value.hint


@pytest.mark.parametrize(("node", "example"), EXAMPLES)
def test_an_example_has_settings_without_troubles(node, example):
    assert not [each for each in node.model_validate(example.settings).troubles() if not each.warning]


@pytest.mark.parametrize(("node", "example"), WORKING)
def test_a_step_promises_what_it_hands_on(node, example):
    step = node.model_validate(example.settings)
    assert set(step.outputs()) == set(example.output)
    assert example.exit in {"done"} | {each.id for each in step.exits()}


@pytest.mark.parametrize(("node", "example"), EXAMPLES)
def test_a_step_explains_itself_in_one_sentence(node, example):
    sentence = node.model_validate(example.settings).explain()
    assert sentence.endswith(".")
    assert "\n" not in sentence
