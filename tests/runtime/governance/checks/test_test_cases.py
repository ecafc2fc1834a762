from runtime.governance.checks.test_cases import check
from runtime.governance.facts import Tried
from tests.runtime.governance.gathered import facts
from tests.runtime.operations.flows import summary


def test_a_test_case_that_did_not_pass_fails_its_check_with_the_reason():
    found = check(facts(summary(), tests=(Tried("Greets", False, "It is rude."), Tried("Ends", True, ""))))
    assert (found.ok, found.sentence) == ("failed", "1 of 2 test cases did not pass.")
    assert found.evidence[0].sentence == "“Greets”: It is rude."


def test_no_test_case_is_a_warning_and_passed_ones_are_counted():
    assert check(facts(summary())).ok == "warning"
    assert check(facts(summary(), tests=(Tried("Greets", True, ""),))).sentence == "1 test case passed."
