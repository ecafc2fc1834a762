"""Looking after an app: who sees its releases and keys, and whose keys end at once."""

from dataclasses import replace

import pytest

from runtime.errors import NotAllowed, NotFound
from runtime.operations import keys
from runtime.operations.overseeing import WaysIn, list_all_apps, oversee_app, revoke_app_key, ways_in
from runtime.operations.stops import stop_app
from runtime.store.audit import list_audit
from tests.support.publishing import person, published


@pytest.fixture
async def app(runtime, it, member) -> str:
    return await published(runtime, it, member)


async def test_it_sees_every_app_without_a_right_on_any(runtime, it, member, app):
    assert [each.name for each in await list_all_apps(runtime, it)] == [app]
    seen = await oversee_app(runtime, it, app=app)
    assert (seen.level, seen.steers, seen.keys, seen.submission) == ("", True, [], 1)
    with pytest.raises(NotAllowed):
        await list_all_apps(runtime, member)


async def test_whoever_may_only_run_an_app_sees_as_much_of_its_oversight_as_a_stranger(runtime, member, app):
    told = []
    for who, name in ((member, app), (member, "no-such-app"), (await person(runtime, "p_eve", "member"), app)):
        with pytest.raises(NotFound) as refusal:
            await oversee_app(runtime, who, app=name)
        told.append(refusal.value.sentence.replace(name, "X"))
    assert len(set(told)) == 1


async def test_a_release_says_whether_its_approval_still_stands(runtime, owner, app):
    [release] = (await oversee_app(runtime, owner, app=app)).releases
    assert (release.number, release.version, release.now, release.stands) == (1, 1, True, True)
    await runtime.writer.write(lambda tx: tx.exec_driver_sql("UPDATE decision SET withdrawn = 1.0"))
    [release] = (await oversee_app(runtime, owner, app=app)).releases
    assert not release.stands
    assert "withdrawn" in release.sentence


async def test_an_app_somebody_stopped_is_told_from_one_that_time_or_a_change_stops(runtime, it, app):
    assert not (await oversee_app(runtime, it, app=app)).switched_off
    await stop_app(runtime, it, app=app, reason="It told a customer nonsense.")
    assert (await oversee_app(runtime, it, app=app)).switched_off


async def test_only_the_owner_sees_the_keys_and_an_ended_one_is_nobodys(runtime, owner, it, app):
    fresh = replace(owner, proved=runtime.clock.now())
    new = await keys.create_key(runtime, fresh, label="billing", app=app)
    [card] = (await oversee_app(runtime, owner, app=app)).keys
    assert (card.label, card.revoked) == ("billing", None)
    assert (await oversee_app(runtime, it, app=app)).keys == []
    await revoke_app_key(runtime, fresh, app=app, key=card.id)
    assert await keys.actor_of_key(runtime, new.text) is None
    with pytest.raises(NotFound, match="no such key"):
        await revoke_app_key(runtime, fresh, app=app, key=card.id)


async def test_everybody_comes_in_by_their_own_way_and_none_of_them_is_refused_anything(runtime, it, member, app):
    eve, before = await person(runtime, "p_eve", "member"), len(runtime.reader.now(list_audit))
    asked = [await ways_in(runtime, who, app=app) for who in (it, member, eve)]
    assert asked == [WaysIn(False, True), WaysIn(True, False), WaysIn(False, False)]
    assert await ways_in(runtime, it, app="no-such-app") == WaysIn(False, False)
    assert len(runtime.reader.now(list_audit)) == before
