from runtime.governance.checks import check_all
from tests.runtime.governance.gathered import facts
from tests.runtime.operations.flows import summary


def test_a_draft_that_cannot_run_fails_the_first_check_and_the_others_still_say_what_they_can():
    broken = summary()
    steps = {step: each for step, each in broken.meaning.steps.items() if step != "start"}
    broken = broken.model_copy(update={"meaning": broken.meaning.model_copy(update={"steps": steps})})
    checks = check_all(facts(broken))
    assert checks[0].code == "compiles"
    assert checks[0].ok == "failed"
    assert [each.code for each in checks] == [
        "compiles", "data_flow", "secrets", "places", "test_cases", "documented"
    ]  # fmt: skip
