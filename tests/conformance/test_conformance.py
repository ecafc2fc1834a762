"""What is imported from Dify runs as it runs there: all public cases, where the material is."""

from collections import Counter

import pytest

from tests.conformance.material import WHY_NOT, corpus, is_there, listed
from tests.conformance.reading import lint_verdict, read_all
from tests.conformance.single import verdict as single_verdict
from tests.conformance.whole import in_process
from tests.conformance.whole import verdict as whole_verdict

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not is_there(), reason=WHY_NOT)]


@pytest.mark.slow
def test_every_whole_workflow_ends_as_it_does_there():
    cases = listed("cases")
    told = {each["id"]: whole_verdict(each, ran) for each, ran in zip(cases, in_process(cases), strict=True)}
    assert {name: reason for name, reason in told.items() if reason} == {}
    assert len(told) == len(cases) > 0


@pytest.mark.parametrize("number", range(len(listed("node_cases"))))
def test_a_single_step_does_what_it_does_there(number):
    assert single_verdict(listed("node_cases")[number]) == ""


@pytest.mark.parametrize("case", listed("lint_cases"), ids=lambda case: case["file"])
def test_what_their_linter_finds_is_found(case):
    assert lint_verdict(case) == ""


@pytest.mark.slow
def test_every_real_file_is_imported_and_nothing_of_it_is_forgotten():
    read = read_all(corpus())
    assert (read.crashed, read.without, read.forgotten) == ([], [], [])
    assert read.compiled == read.files
    kept = sum((Counter(each) for each in read.results.values()), Counter())
    assert kept["mapped"] > 4 * kept["placeholder"]
    assert set(read.results["tool"]) == {"placeholder"}
