"""A form for people is declared; a later version serves it."""

import pytest

from nodes.people.ask import Ask
from nodes.sdk import StepFailed
from tests.runtime.graph.drawn import START, compiled
from tests.support.context import StepContext, run_step

FINISH = ("flow.finish", {"outputs": [{"name": "said", "value": "{{ form.comment }}"}]})
FORM = {"text": "Is {{ start.text }} right?", "outputs": ["comment"], "exits": ["send"], "deadline_hours": 2}


def test_a_workflow_with_a_form_compiles_with_a_warning():
    steps = {"start": START, "form": ("people.ask", FORM), "done": FINISH}
    found = compiled(steps, ["start > form", "form.send > done", "form.timeout > done"])
    assert [(each.code, each.severity) for each in found.problems] == [("served_later", "warning")]
    assert found.plan


async def test_running_it_fails_and_nobody_is_asked():
    with pytest.raises(StepFailed, match="later version"):
        await run_step(Ask, FORM, StepContext())


@pytest.mark.parametrize(
    ("settings", "exits"),
    [({}, ["done"]), ({"exits": ["a", "b"]}, ["a", "b"]), ({"deadline_hours": 1}, ["timeout"])],
)
def test_each_button_is_a_way_out(settings, exits):
    assert [each.id for each in Ask.model_validate(settings).exits()] == exits


def test_buttons_no_edge_could_name_are_told():
    step = Ask.model_validate({"exits": ["a", "a", "not this", "timeout"]})
    assert [each.field for each in step.troubles() if not each.warning] == ["exits.1", "exits.2", "exits.3"]


def test_it_explains_itself():
    said = Ask.model_validate(FORM).explain()
    assert said == "Asks a person “Is {{ start.text }} right?” and goes on by send, once a later version can."
