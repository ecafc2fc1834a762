import pytest

from nodes.catalogue import load
from nodes.sdk import DataClass
from runtime.governance.checks import check_all
from runtime.governance.facts import Facts, Tried
from runtime.governance.manifest import dependency, manifest
from runtime.governance.tiers import Told, tier_of
from runtime.graph.compiling import compile_document
from runtime.graph.document import Document
from runtime.graph.flowing import FlowFacts, Place, flow_of
from runtime.graph.hashing import content_hash
from runtime.graph.touching import touch_of
from tests.runtime.operations.flows import summary

CATALOGUE = load()


def facts(document: Document, *, outside: bool = False, tests: tuple[Tried, ...] = ()) -> Facts:
    """As `operations.governance` gathers them, with one model behind the alias."""
    compiled = compile_document(document, CATALOGUE)
    known = FlowFacts(models={"fast": Place(DataClass.RESTRICTED, "the model “fast”", outside=outside)})
    return Facts(
        document=document, hash=content_hash(document), problems=compiled.problems, steps=compiled.steps,
        order=tuple(compiled.ways.order), touches={step: touch_of(each) for step, each in compiled.steps.items()},
        touched=compiled.touched, flow=flow_of(document, compiled.steps, compiled.ways, known),
        manifest=manifest([dependency("model", "fast", {"model": "a/b"})]), tests=tests,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("document", "outside", "told", "number", "because"),
    [
        (summary(), True, None, 1, "nothing above internal"),
        (summary(data_class="confidential", audience="confidential"), False, None, 2, "“text” is confidential"),
        (summary(tags=("personal",)), False, None, 2, "tagged personal"),
        (summary(tags=("personal",)), True, None, 3, "leaves to the model"),
        (summary(data_class="restricted", audience="restricted"), False, None, 3, "Restricted data from Text"),
        (summary(data_class="public", audience="public"), False, None, 3, "for the public"),
        (summary(), False, Told(customers=True), 3, "Customers"),
        (summary(), False, Told(decides=True), 3, "decides about people"),
    ],
)
def test_the_tier_is_the_highest_any_fact_asks_for(document, outside, told, number, because):
    tier = tier_of(facts(document, outside=outside), told)
    assert tier.number == number
    assert because in tier.reasons[0].sentence


def test_reasons_stand_once_and_the_weightiest_first():
    tier = tier_of(facts(summary(tags=("personal",)), outside=True), Told(customers=True))
    assert [each.tier for each in tier.reasons] == sorted((each.tier for each in tier.reasons), reverse=True)
    assert len(set(tier.reasons)) == len(tier.reasons)


def test_a_test_case_that_did_not_pass_fails_its_check_with_the_reason():
    checks = {each.code: each for each in check_all(facts(summary(), tests=(Tried("Greets", False, "It is rude."),)))}
    assert checks["test_cases"].ok == "failed"
    assert checks["test_cases"].evidence[0].sentence == "“Greets”: It is rude."


def test_what_is_not_described_is_named():
    bare = summary().model_copy(update={"words": summary().words.model_copy(update={"description": "", "steps": {}})})
    checks = {each.code: each for each in check_all(facts(bare))}
    assert checks["documented"].ok == "warning"
    assert {each.step for each in checks["documented"].evidence} == {None, "start", "ask", "finish"}


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
