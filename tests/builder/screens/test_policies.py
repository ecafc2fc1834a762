import pytest

from builder.screens.policies import value_of
from runtime.governance.policies import DRIFT, GUARD_LOWERS, ISOLATION, NEEDS, REVIEW


def test_the_days_count_only_where_it_goes_on_for_some():
    assert value_of("ruling", {"do": "grace", "days": " 14 "}) == {"do": "grace", "days": 14}
    assert value_of("ruling", {"do": "stop", "days": "14"}) == {"do": "stop", "days": 0}


def test_what_the_form_says_is_what_the_policy_keeps():
    form = {"internal": "public", "confidential": "internal", "restricted": "restricted", "personal_only": "on"}
    assert GUARD_LOWERS.default.model_validate(value_of("lowering", form)).lowered("confidential") == "internal"
    review = REVIEW[1].default.model_validate(value_of("review", {"documented": "on"}))
    assert review.needs == ("documented",)
    assert DRIFT["model", 1].default.model_validate(value_of("ruling", {"do": "carry_on"})) == DRIFT["model", 1].default


@pytest.mark.parametrize("shape", ["ruling", "lowering"])
def test_an_empty_form_says_nothing_a_policy_takes(shape):
    known = {"ruling": DRIFT["model", 1], "lowering": GUARD_LOWERS}[shape]
    with pytest.raises(ValueError, match="validation error"):
        known.default.model_validate(value_of(shape, {}))


def test_everything_a_review_may_ask_for_can_be_chosen():
    assert value_of("review", dict.fromkeys(NEEDS, "on"))["needs"] == list(NEEDS)


def test_reduced_isolation_is_switched_on_and_off_by_one_box():
    said = [ISOLATION.default.model_validate(value_of("isolation", form)) for form in ({"reduced": "on"}, {})]
    assert [each.reduced for each in said] == [True, False]
