"""Before an app is published one is told for whom it would fail, because they may not search what it draws on."""

from __future__ import annotations

import pytest

from runtime.errors import NotAllowed, NotFound
from runtime.operations import rights
from runtime.operations.reaching import shut_out
from runtime.store.groups import add_member, insert_group
from tests.support.library import SEARCHING, base
from tests.support.publishing import approved, person


@pytest.fixture
async def decision(runtime, owner) -> str:
    await base(runtime, owner, "Handbook")
    return await approved(runtime, source=SEARCHING.format(bases="[handbook]").encode())


async def test_whoever_may_not_search_a_base_of_the_app_is_named_until_it_is_shared(runtime, owner, it, decision):
    for name in ("Tom", "Uma"):
        await person(runtime, name, "member")
    await rights.give(runtime, owner, kind="base", name="handbook", holder="Uma", level="see")
    [one] = await shut_out(runtime, it, decision=decision, holders=["Tom", "Uma"])
    assert (one.title, one.who) == ("Handbook", ["Tom"])
    assert one.sentence.startswith("Tom may not search “Handbook” yet")
    assert one.owner in one.sentence
    await rights.give(runtime, owner, kind="base", name="handbook", holder="role:member", level="see")
    assert await shut_out(runtime, it, decision=decision, holders=["Tom", "Uma"]) == []


async def test_a_group_is_named_when_one_of_its_members_may_not(runtime, owner, it, decision):
    await runtime.writer.write(lambda tx: insert_group(tx, "group_hr", "People desk", "", 1.0))
    for name in ("Tom", "Uma"):
        await person(runtime, name, "member")
        await runtime.writer.write(lambda tx, name=name: add_member(tx, "group_hr", name))
    await rights.give(runtime, owner, kind="base", name="handbook", holder="Uma", level="see")
    assert [each.who for each in await shut_out(runtime, it, decision=decision, holders=["group_hr"])] == [
        ["People desk"]
    ]
    await rights.give(runtime, owner, kind="base", name="handbook", holder="group_hr", level="see")
    assert await shut_out(runtime, it, decision=decision, holders=["group_hr"]) == []


async def test_only_who_publishes_is_told(runtime, decision, it):
    member = await person(runtime, "p_member", "member")
    with pytest.raises(NotAllowed):
        await shut_out(runtime, member, decision=decision, holders=["p_member"])
    with pytest.raises(NotFound):
        await shut_out(runtime, it, decision="decision_none", holders=["p_member"])
