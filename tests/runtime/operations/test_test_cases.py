import pytest

from runtime.errors import BadInput, NotFound
from runtime.graph.edits import Configure
from runtime.operations import drafts, runs, test_cases, workflows
from tests.runtime.operations.flows import summary

CONTAINS = [{"output": "answer", "operator": "contains", "value": "hello"}]


@pytest.fixture
async def flow(runtime, owner):
    return (await workflows.create_workflow(runtime, owner, title="Summary", document=summary())).name


async def save(runtime, owner, flow, **changes):
    given = {"title": "Says hello", "inputs": {"text": "hello world"}, "expected": CONTAINS}
    return await test_cases.save_case(runtime, owner, name=flow, **given | changes)


async def test_a_case_that_holds_passes_and_names_its_run(runtime, owner, flow, model):
    model.say("hello you")
    await save(runtime, owner, flow)
    [card] = await test_cases.run_cases(runtime, owner, name=flow)
    assert (card.status, card.sentence) == ("passed", "Everything is as expected.")
    assert card.run.startswith("run_")


async def test_a_case_that_does_not_hold_says_what_came_out(runtime, owner, flow, model):
    model.say("good bye")
    await save(runtime, owner, flow)
    [card] = await test_cases.run_cases(runtime, owner, name=flow)
    assert (card.status, card.sentence) == ("failed", "Expected: “answer” contains “hello”. It is “good bye”.")


async def test_a_result_counts_only_for_the_meaning_it_was_run_with(runtime, owner, flow, model):
    model.say("hello you")
    await save(runtime, owner, flow)
    await test_cases.run_cases(runtime, owner, name=flow)
    edit = Configure(id="ask", field="temperature", value=1)
    await drafts.edit_draft(runtime, owner, name=flow, saw=1, batch="c-1", client="c", edits=[edit])
    [card] = await test_cases.list_cases(runtime, owner, name=flow)
    assert card.status == "not_run"
    tried = runtime.reader.now(lambda tx: test_cases.tried_of(tx, workflows.workflow_id(tx, flow), "other"))
    assert not tried[0].passed


async def test_a_result_does_not_count_for_what_is_expected_since(runtime, owner, flow, model):
    model.say("hello you")
    case = await save(runtime, owner, flow)
    await test_cases.run_cases(runtime, owner, name=flow)
    await save(runtime, owner, flow, case=case, inputs={"text": "something else"})
    [card] = await test_cases.list_cases(runtime, owner, name=flow)
    assert card.status == "not_run"


async def test_nobody_fakes_the_run_of_a_case(runtime, owner, flow):
    case = await save(runtime, owner, flow)
    with pytest.raises(BadInput, match="test cases"):
        await runs.start_run(runtime, owner, workflow=flow, inputs={"text": "hello"}, key=f"test:{case}:1")


async def test_a_case_whose_inputs_do_not_fit_fails_with_the_reason(runtime, owner, flow):
    await save(runtime, owner, flow, inputs={"txet": "hello"})
    [card] = await test_cases.run_cases(runtime, owner, name=flow)
    assert card.status == "failed"
    assert "txet" in card.sentence


@pytest.mark.parametrize(
    "wrong",
    [{"title": " "}, {"expected": []}, {"expected": [{"output": "answer", "operator": "guesses"}]},
     {"inputs": {"text": "x" * 200_000}}],
)  # fmt: skip
async def test_what_cannot_be_a_case_is_refused(runtime, owner, flow, wrong):
    with pytest.raises(BadInput):
        await save(runtime, owner, flow, **wrong)


async def test_a_case_is_removed_once_and_belongs_to_one_workflow(runtime, owner, flow):
    case = await save(runtime, owner, flow)
    other = (await workflows.create_workflow(runtime, owner, title="Other", document=summary())).name
    with pytest.raises(NotFound):
        await test_cases.remove_case(runtime, owner, name=other, case=case)
    with pytest.raises(NotFound):
        await save(runtime, owner, other, case=case)
    await test_cases.remove_case(runtime, owner, name=flow, case=case)
    assert await test_cases.list_cases(runtime, owner, name=flow) == []
    with pytest.raises(NotFound):
        await test_cases.remove_case(runtime, owner, name=flow, case=case)
