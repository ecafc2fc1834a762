"""Policies: typed values with defaults, and what they say in words."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from runtime.governance.policies import (
    CLASSES,
    DRIFT,
    GUARD_LOWERS,
    POLICIES,
    REVIEW,
    DataClass,
    Lowering,
    Review,
    Ruling,
)


def test_a_policy_nobody_changed_says_its_default():
    assert DRIFT["model", 3].value(None) == Ruling(do="stop")


def test_what_is_kept_counts_instead_of_the_default():
    assert DRIFT["model", 3].value('{"do": "grace", "days": 5}') == Ruling(do="grace", days=5)


@pytest.mark.parametrize(
    "kept", ['{"do": "hope"}', '{"do": "grace", "days": -1}', '{"days": 3}', '{"do":"stop","x":1}']
)
def test_a_value_that_is_none_is_refused(kept: str):
    with pytest.raises(ValidationError):
        DRIFT["model", 3].value(kept)


def test_a_review_asks_only_for_what_there_is():
    with pytest.raises(ValidationError):
        REVIEW[1].value('{"needs": ["luck"]}')


@pytest.mark.parametrize("data_class", CLASSES)
def test_lowering_never_raises(data_class: DataClass):
    raising = Lowering(internal="restricted", confidential="restricted")
    assert CLASSES.index(raising.lowered(data_class)) <= CLASSES.index(data_class)


def test_a_guard_makes_confidential_text_internal_and_leaves_restricted_text_alone():
    assert [GUARD_LOWERS.default.lowered(each) for each in CLASSES] == ["public", "internal", "internal", "restricted"]


def test_every_policy_and_every_choice_has_words():
    for name, policy in POLICIES.items():
        assert policy.name == name
        assert policy.title
        assert policy.sentence.endswith(".")
        assert policy.default.words().endswith(".")
    assert Ruling(do="grace", days=1).words() == "The app goes on for 1 day, then it stops."
    assert Review(needs=("test_cases",)).words() == "Its test cases pass."
