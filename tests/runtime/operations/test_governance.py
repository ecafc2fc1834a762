from dataclasses import replace

import pytest

from runtime.errors import BadInput
from runtime.governance.checks import check_all
from runtime.graph.document import Edge, Step
from runtime.operations import governance, policies, runs, workflows
from runtime.store import models
from tests.runtime.operations.flows import summary


def judged(runtime, document):
    facts = runtime.reader.now(lambda tx: governance.facts_of(tx, runtime, document))
    return {each.code: each for each in check_all(facts)}


def test_what_may_flow_passes_and_says_so(runtime):
    checks = judged(runtime, summary())
    assert checks["data_flow"].ok == "passed"
    assert checks["compiles"].ok == checks["secrets"].ok == checks["places"].ok == checks["documented"].ok == "passed"
    assert checks["test_cases"].ok == "warning"


def test_what_may_not_flow_is_named_with_source_place_and_clearance(runtime):
    found = judged(runtime, summary(data_class="restricted", audience="restricted"))["data_flow"]
    assert found.ok == "failed"
    assert [each.sentence for each in found.evidence] == [
        "Restricted data from Text would reach the model “fast” (cleared for confidential)."
    ]


async def test_the_editor_gets_it_as_a_problem_on_the_connection(runtime, owner):
    draft = await workflows.create_workflow(runtime, owner, title="Secret", document=summary(data_class="restricted"))
    assert not draft.check.runnable
    problems = [each for each in draft.check.problems if each.code == "data_class"]
    assert [str(each.edge) for each in problems] == ["start → ask", "ask → finish"]
    assert all(each.hint for each in problems)


async def test_a_run_that_would_carry_data_too_far_is_refused_before_anything_happens(runtime, owner, model):
    draft = await workflows.create_workflow(runtime, owner, title="Secret", document=summary(data_class="restricted"))
    with pytest.raises(BadInput, match="would reach the model"):
        await runs.start_run(runtime, owner, workflow=draft.name, inputs={"text": "x"})
    assert not model.calls


async def test_a_lower_clearance_stops_the_next_start_of_a_draft_that_did_not_change(runtime, owner, model):
    model.say("fine")
    draft = await workflows.create_workflow(runtime, owner, title="Fine", document=summary())
    assert (await runs.run_to_end(runtime, owner, workflow=draft.name, inputs={"text": "x"})).status == "succeeded"

    def lower(tx):
        alias = next(each for each in models.list_aliases(tx) if each.name == "fast")
        models.bind_alias(tx, replace(alias, clearance="public"))

    await runtime.writer.write(lower)
    with pytest.raises(BadInput, match="cleared for public"):
        await runs.start_run(runtime, owner, workflow=draft.name, inputs={"text": "x"})


async def test_a_fallback_may_see_no_less_than_the_alias_itself(runtime):
    def work(tx):
        alias = next(each for each in models.list_aliases(tx) if each.name == "fast")
        models.bind_alias(tx, replace(alias, name="cheap", clearance="public"))
        models.bind_alias(tx, replace(alias, fallback="cheap"))

    await runtime.writer.write(work)
    assert judged(runtime, summary())["data_flow"].ok == "failed"


async def test_what_a_person_approved_goes_on_as_policy_says(runtime, owner):
    [fast] = [each for each in runtime.reader.now(models.list_aliases) if each.name == "fast"]
    await runtime.writer.write(lambda tx: models.bind_alias(tx, replace(fast, clearance="internal")))
    document = summary(data_class="confidential", audience="confidential")
    steps = document.meaning.steps | {
        "look": Step(
            type="people.approve", settings={"title": "Fine?", "text": "{{ start.text }}", "approvers": ["Finance"]}
        ),
        "ask": Step(type="ai.ask_model", settings={"messages": [{"role": "user", "text": "{{ look.text }}"}]}),
    }
    edges = (Edge.between("start", "look"), Edge.between("look.approved", "ask"), Edge.between("ask", "finish"))
    meaning = document.meaning.model_copy(update={"steps": steps, "edges": edges})
    document = document.model_copy(update={"meaning": meaning})
    assert judged(runtime, document)["data_flow"].ok == "failed"
    await policies.set_policy(
        runtime, owner, policy="approve.lowers", value={"confidential": "internal"}, reason="Finance reads every line."
    )
    assert judged(runtime, document)["data_flow"].ok == "passed"
