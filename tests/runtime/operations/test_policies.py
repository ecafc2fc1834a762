"""Policies: only the owner changes one, with a reason; what holds follows at once."""

from dataclasses import replace

import pytest

from runtime.errors import BadInput, Conflict, NotAllowed, NotFound, ProveYourself
from runtime.governance.policies import DRIFT, POLICIES, Ruling
from runtime.operations import policies
from runtime.store.audit import list_audit
from runtime.store.policies import read_policy
from tests.support.reviewing import somebody

REASON = "The new vendor changes models every week."


@pytest.fixture
async def olga(runtime):
    return await somebody(runtime, "Olga", "owner")


def says(runtime):
    return runtime.reader.now(lambda tx: read_policy(tx, DRIFT["model", 1]))


async def test_what_nobody_changed_says_its_default(runtime, olga):
    rules = await policies.list_policies(runtime, olga)
    assert [each.name for each in rules.policies] == list(POLICIES)
    assert all(each.value == each.default and each.changed is None for each in rules.policies)
    assert rules.fixed


async def test_the_owner_changes_one_with_a_reason(runtime, olga):
    await policies.set_policy(runtime, olga, policy="drift.model.1", value={"do": "grace", "days": 3}, reason=REASON)
    assert says(runtime) == Ruling(do="grace", days=3)
    card = next(each for each in (await policies.list_policies(runtime, olga)).policies if each.name == "drift.model.1")
    assert (card.by, card.changed is None, card.default) == ("Olga", False, Ruling(do="carry_on"))
    row = next(each for each in runtime.reader.now(list_audit) if each.action == "policy.set")
    assert REASON in row.reason
    assert "The app goes on; the change is recorded." in row.reason, "what it said before is in the log"


async def test_a_reviewer_sees_them_and_changes_none(runtime):
    ida = await somebody(runtime, "Ida", "reviewer")
    assert (await policies.list_policies(runtime, ida)).policies
    with pytest.raises(NotAllowed):
        await policies.set_policy(runtime, ida, policy="drift.model.1", value={"do": "stop"}, reason=REASON)
    assert says(runtime) == Ruling(do="carry_on")


async def test_an_analyst_does_not_see_them(runtime):
    with pytest.raises(NotAllowed):
        await policies.list_policies(runtime, await somebody(runtime, "Ana", "analyst"))


async def test_a_change_needs_a_fresh_proof(runtime, olga):
    with pytest.raises(ProveYourself):
        await policies.set_policy(
            runtime, replace(olga, proved=0.0), policy="drift.model.1", value={"do": "stop"}, reason=REASON
        )


@pytest.mark.parametrize(
    ("policy", "value", "reason", "error"),
    [
        ("drift.model.1", {"do": "hope"}, REASON, BadInput), ("drift.model.1", {"do": "stop"}, "just so", BadInput),
        ("drift.model.1", {"do": "carry_on"}, REASON, Conflict), ("drift.model.9", {"do": "stop"}, REASON, NotFound),
        ("review.1", {"needs": "all"}, REASON, BadInput), ("review.1", {"needs": ["luck"]}, REASON, BadInput),
        ("own.approval", {"allowed": True}, REASON, NotFound),
    ],
)  # fmt: skip
async def test_what_a_policy_cannot_say_is_refused(runtime, olga, policy, value, reason, error):
    with pytest.raises(error):
        await policies.set_policy(runtime, olga, policy=policy, value=value, reason=reason)
    assert says(runtime) == Ruling(do="carry_on")
