import pytest

from runtime.governance.tiers import Told, tier_of
from tests.runtime.governance.gathered import facts
from tests.runtime.operations.flows import summary


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
