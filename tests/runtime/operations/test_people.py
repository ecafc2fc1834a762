import pytest

from runtime.clock import MovedClock
from runtime.errors import NotSignedIn
from runtime.operations import people
from runtime.store.audit import list_audit
from tests.support.model_server import ModelServer
from tests.support.product import product


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def running(tmp_path, model: ModelServer, clock: MovedClock):
    with product(tmp_path, model, clock=clock) as runtime:
        yield runtime


async def test_a_link_signs_in_once(running):
    code = await people.sign_in_code(running)
    session = await people.sign_in(running, code)
    found = await people.session_of(running, session.token)
    assert found is not None
    assert "owner" in found.actor.roles
    with pytest.raises(NotSignedIn, match="used already"):
        await people.sign_in(running, code)


async def test_a_refused_link_is_recorded(running):
    with pytest.raises(NotSignedIn):
        await people.sign_in(running, "made up")
    assert running.reader.now(list_audit)[0].outcome == "refused"


async def test_signing_out_ends_the_session_at_once(running):
    session = await people.sign_in(running, await people.sign_in_code(running))
    found = await people.session_of(running, session.token)
    assert found is not None
    await people.sign_out(running, found)
    assert await people.session_of(running, session.token) is None


async def test_an_idle_session_ends_and_one_in_use_goes_on_until_its_last_day(running, clock: MovedClock):
    idle = await people.sign_in(running, await people.sign_in_code(running))
    used = await people.sign_in(running, await people.sign_in_code(running))
    for _ in range(13):
        clock.move(3600)
        assert await people.session_of(running, used.token) is not None
    assert await people.session_of(running, idle.token) is None
    while clock.now() < used.expires:
        await people.session_of(running, used.token)
        clock.move(3600)
    clock.move(1)
    assert await people.session_of(running, used.token) is None


async def test_nobody_is_behind_an_empty_or_unknown_token(running):
    assert await people.session_of(running, None) is None
    assert await people.session_of(running, "unknown") is None


async def test_there_is_one_owner_however_often_a_link_is_made(running):
    await people.sign_in_code(running)
    await people.sign_in_code(running)
    assert running.reader.now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM person").scalar_one()) == 1
