import json

from runtime.operations import runs, test_cases, versions, workflows
from runtime.operations.sheets import APPROVING, failed, sheet_of
from tests.runtime.operations.flows import summary


def of(runtime, document, workflow: str = "w", **told: bool):
    return runtime.reader.now(lambda tx: sheet_of(tx, runtime, workflow, document, **told))


async def test_a_sheet_names_exactly_what_a_version_of_it_names(runtime, owner):
    draft = await workflows.create_workflow(runtime, owner, title="Summary", document=summary())
    version = await versions.save_version(runtime, owner, name=draft.name)
    sheet = of(runtime, draft.document)
    assert (sheet.hash, sheet.manifest) == (version.hash, version.manifest)
    assert ("model", "fast") in {(each["kind"], each["name"]) for each in sheet.inventory}


def test_what_goes_where_is_said_with_the_words_of_the_workflow(runtime):
    [crossing] = [each for each in of(runtime, summary()).flow if each["sink_kind"] == "model"]
    assert (crossing["source"], crossing["data_class"], crossing["edge"]) == (
        "Text",
        "internal",
        "The text → Summarise",
    )
    assert crossing["allowed"]


def test_what_may_not_flow_hinders_an_approval_and_not_the_submission(runtime):
    sheet = of(runtime, summary(data_class="restricted"))
    assert failed(sheet.checks, APPROVING)
    assert sheet.blocked == []


def test_what_does_not_compile_cannot_be_submitted(runtime):
    document = summary()
    cut = document.model_copy(update={"meaning": document.meaning.model_copy(update={"edges": ()})})
    [sentence] = of(runtime, cut).blocked
    assert sentence.endswith(".")


def test_what_the_author_says_of_customers_raises_the_tier(runtime):
    assert of(runtime, summary(), customers=True).tier > of(runtime, summary()).tier


async def test_the_forecast_is_what_runs_of_this_very_meaning_cost(runtime, owner, model):
    model.say("A summary.")
    draft = await workflows.create_workflow(runtime, owner, title="Summary", document=summary())
    workflow = runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT id FROM workflow").scalar_one())
    assert of(runtime, draft.document, workflow).cost.runs == 0
    await runs.run_to_end(runtime, owner, workflow=draft.name, inputs={"text": "x"})
    cost = of(runtime, draft.document, workflow).cost
    assert (cost.runs, cost.mean) == (1, cost.highest)
    assert cost.tokens
    assert of(runtime, summary(data_class="public"), workflow).cost.runs == 0


async def test_the_test_cases_of_the_workflow_are_judged_by_how_they_went_with_this_very_meaning(runtime, owner, model):
    draft = await workflows.create_workflow(runtime, owner, title="Summary", document=summary())
    workflow = runtime.reader.now(lambda tx: workflows.workflow_id(tx, draft.name))

    def judged():
        checks = of(runtime, draft.document, workflow).checks
        return next((each["ok"], each["sentence"]) for each in checks if each["code"] == "test_cases")

    assert judged() == ("warning", "There is no test case.")
    expected = [{"output": "answer", "operator": "contains", "value": "hello"}]
    await test_cases.save_case(
        runtime, owner, name=draft.name, title="Says hello", inputs={"text": "hello"}, expected=expected
    )
    assert judged() == ("failed", "1 of 1 test case did not pass.")
    model.say("hello you")
    await test_cases.run_cases(runtime, owner, name=draft.name)
    assert judged() == ("passed", "1 test case passed.")


def test_it_is_kept_as_json(runtime):
    sheet = of(runtime, summary())
    assert json.loads(sheet.as_json())["tier"] == sheet.tier
