from runtime.governance.checks.data_flow import check
from tests.runtime.governance.gathered import facts
from tests.runtime.operations.flows import summary


def test_each_forbidden_flow_is_evidence_on_its_step():
    found = check(facts(summary(data_class="confidential")))
    assert (found.ok, found.sentence) == ("failed", "1 flow goes where it may not.")
    assert [each.step for each in found.evidence] == ["finish"]


def test_allowed_flows_are_counted():
    assert check(facts(summary())).sentence == "2 flows, each to a place cleared for it."
