"""The agent is declared; a later version serves it."""

import pytest

from nodes.ai.agent import Agent
from nodes.sdk import StepFailed
from tests.runtime.graph.drawn import START, compiled
from tests.support.context import StepContext, run_step

FINISH = ("flow.finish", {"outputs": [{"name": "answer", "value": "{{ agent.text }}"}]})


def test_a_workflow_with_an_agent_compiles_with_a_warning():
    tools = [{"name": "search", "query": "{{ start.text }}"}]
    steps = {"start": START, "agent": ("ai.agent", {"query": "{{ start.text }}", "tools": tools}), "done": FINISH}
    found = compiled(steps, ["start > agent", "agent > done"])
    assert [(each.code, each.severity) for each in found.problems] == [("served_later", "warning")]
    assert found.plan


async def test_running_it_fails_without_asking_a_model():
    context = StepContext()
    with pytest.raises(StepFailed, match="later version"):
        await run_step(Agent, {"query": "Go on."}, context)
    assert context.asked == []


def test_a_task_that_is_missing_is_told():
    troubles = Agent(alias="").troubles()
    assert [each.field for each in troubles if not each.warning] == ["alias", "query"]


def test_governance_sees_the_model_it_will_ask():
    assert [(each.kind, each.name) for each in Agent(alias="careful").reaches()] == [("model", "careful")]


def test_it_explains_itself():
    step = Agent(query="{{ start.text }}", tools=[{}])
    assert step.explain() == "Lets the model “fast” work on {{ start.text }} with 1 tool, once a later version can."
