from runtime.governance.checks.documented import check
from tests.runtime.governance.gathered import facts
from tests.runtime.operations.flows import summary


def test_what_is_not_described_is_named():
    bare = summary().model_copy(update={"words": summary().words.model_copy(update={"description": "", "steps": {}})})
    found = check(facts(bare))
    assert found.ok == "warning"
    assert {each.step for each in found.evidence} == {None, "start", "ask", "finish"}


def test_what_is_described_passes():
    assert check(facts(summary())).ok == "passed"
