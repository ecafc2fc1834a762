import pytest

from runtime.governance.tiers import tier_of
from tests.runtime.governance.gathered import facts
from tests.runtime.operations.flows import summary


@pytest.mark.parametrize(
    ("document", "outside", "customers", "number", "because"),
    [
        (summary(), True, False, 1, "nothing above internal"),
        (summary(data_class="confidential", audience="confidential"), False, False, 2, "“text” is confidential"),
        (summary(tags=("personal",)), False, False, 2, "tagged personal"),
        (summary(tags=("personal",)), True, False, 3, "leaves to the model"),
        (summary(data_class="restricted", audience="restricted"), False, False, 3, "Restricted data from Text"),
        (summary(data_class="public", audience="public"), False, False, 3, "for the public"),
        (summary(), False, True, 3, "Customers"),
    ],
)
def test_the_tier_is_the_highest_any_fact_asks_for(document, outside, customers, number, because):
    tier = tier_of(facts(document, outside=outside), customers=customers)
    assert tier.number == number
    assert because in tier.reasons[0].sentence


def test_reasons_stand_once_and_the_weightiest_first():
    tier = tier_of(facts(summary(tags=("personal",)), outside=True), customers=True)
    assert [each.tier for each in tier.reasons] == sorted((each.tier for each in tier.reasons), reverse=True)
    assert len(set(tier.reasons)) == len(tier.reasons)
