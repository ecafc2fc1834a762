"""The placeholder keeps the place of a step there is no counterpart for."""

from typing import Any

import pytest

from nodes.flow.placeholder import Placeholder
from nodes.sdk import StepFailed
from tests.runtime.graph.drawn import FINISH, START, compiled
from tests.support.context import run_step

TOOL = {
    "what": "tool search",
    "note": "Call it by “Call HTTP”.",
    "original": {"query": "{{ start.text }} {{#sys.query#}}", "rows": ["{{ start.text }}", {"deep": "{% if x %}"}]},
    "outputs": ["text", "fullName"],
}


def drawn(settings, edges=("start > tool", "tool > done")):
    finish = ("flow.finish", {"outputs": [{"name": "answer", "value": "{{ tool.text }}"}]})
    return compiled({"start": START, "tool": ("flow.placeholder", settings), "done": finish}, edges)


def test_a_workflow_with_a_placeholder_compiles_with_a_warning():
    found = drawn(TOOL)
    assert [(each.code, each.severity, each.step, each.field) for each in found.problems] == [
        ("placeholder", "warning", "tool", None)
    ]
    assert found.plan
    assert "tool search" in found.problems[0].sentence
    assert "Call it by “Call HTTP”." in found.problems[0].sentence


def test_what_later_steps_refer_to_has_to_be_named():
    found = drawn({"what": "tool search"})
    assert [each.code for each in found.problems if each.severity == "error"] == ["unknown_output"]


def test_braces_in_its_settings_are_no_references():
    found = drawn(TOOL)
    assert found.plan is not None
    ready: Any = found.plan.steps[1].ready
    assert ready.original == TOOL["original"]


async def test_running_it_fails_with_what_to_do():
    with pytest.raises(StepFailed, match="“tool search”") as raised:
        await run_step(Placeholder, TOOL)
    assert raised.value.hint == TOOL["note"]


def test_it_has_the_ways_out_of_the_step_it_stands_for():
    settings = {"what": "human-input", "exits": ["yes", "no"]}
    assert [each.id for each in Placeholder.model_validate(settings).exits()] == ["yes", "no"]
    steps = {"start": START, "ask": ("flow.placeholder", settings), "done": FINISH}
    assert compiled(steps, ["start > ask", "ask.yes > done", "ask.no > done"]).plan
    assert not compiled(steps, ["start > ask", "ask > done"]).plan


@pytest.mark.parametrize("ways", [["Not so"], ["a", "a"], [""]])
def test_ways_out_no_edge_could_name_are_told(ways):
    troubles = Placeholder.model_validate({"exits": ways}).troubles()
    assert [each.code for each in troubles if not each.warning] == ["bad_name"]


def test_it_explains_itself():
    assert Placeholder.model_validate(TOOL).explain() == "Keeps the place of a step “tool search” and fails."
