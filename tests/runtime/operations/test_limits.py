"""How much of an app may run: set by IT, on record, and held."""

from dataclasses import replace

import pytest

from runtime.errors import BadInput, GreenlaneError, NotAllowed, NotFound
from runtime.operations.limits import read_limits, set_limits
from runtime.store.audit import list_audit
from tests.support.publishing import published


@pytest.fixture
async def app(runtime, it, member) -> str:
    return await published(runtime, it, member)


async def test_it_sets_what_holds_for_an_app_and_it_is_on_record(runtime, it, app):
    assert (await read_limits(runtime, it, app=app)).at_once is None
    await set_limits(runtime, it, app=app, at_once=3, per_minute=0)
    found = await read_limits(runtime, it, app=app)
    assert (found.at_once, found.per_minute) == (3, 0)
    assert "at once" in found.policy
    said = [row.reason for row in runtime.reader.now(list_audit) if row.action == "app.limit"]
    assert "before: as the policy says at once, as the policy says a minute. now: 3 at once, 0 a minute." in said[0]


@pytest.mark.parametrize(("at_once", "per_minute"), [(0, None), (-1, None), (None, -1), (10**7, None)])
async def test_what_is_no_limit_is_refused(runtime, it, app, at_once, per_minute):
    with pytest.raises(BadInput):
        await set_limits(runtime, it, app=app, at_once=at_once, per_minute=per_minute)
    assert (await read_limits(runtime, it, app=app)).at_once is None


async def test_nobody_but_it_sets_limits_and_of_no_app_that_is_not_there(runtime, owner, it, member, app):
    for who in (member, None, replace(owner, via="key")):
        with pytest.raises(GreenlaneError):
            await set_limits(runtime, who, app=app, at_once=3, per_minute=None)
    with pytest.raises(NotAllowed):
        await read_limits(runtime, member, app=app)
    with pytest.raises(NotFound):
        await set_limits(runtime, it, app="no-such-app", at_once=3, per_minute=None)
    assert (await read_limits(runtime, it, app=app)).at_once is None
