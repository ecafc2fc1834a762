import asyncio

import pytest

from runtime.clock import MovedClock
from runtime.errors import NotFound, NotSignedIn, ProveYourself, TooManyTries
from runtime.operations import invitations, people, sessions
from runtime.operations.actors import FRESH_S, Actor
from runtime.operations.keys import create_key
from runtime.operations.passwords import MOST_PER_ACCOUNT, MOST_PER_ADDRESS, WINDOW_S, Guess
from runtime.operations.sessions import Visit
from runtime.store.audit import list_audit
from tests.support.model_server import ModelServer
from tests.support.product import product

PASSWORD = "four small grey stones"
HERE = Visit("192.0.2.1", "Firefox on Linux")


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def running(tmp_path, model: ModelServer, clock: MovedClock):
    with product(tmp_path, model, clock=clock) as runtime:
        yield runtime


async def with_password(running, email: str = "ada@example.com") -> str:
    """An analyst who has come in by an invitation; her id."""
    owner = await people.local_owner(running)
    link = await invitations.invite_person(running, owner, name="Ada", email=email, roles=["analyst"], groups=[])
    await invitations.accept(running, link.code, name="Ada", password=PASSWORD)
    return link.person


async def by_password(running, password: str = PASSWORD, email: str = "ada@example.com", visit: Visit = HERE):
    return await sessions.sign_in_by_password(running, email=email, password=password, visit=visit)


async def actor_of(running, token: str) -> Actor:
    found = await sessions.session_of(running, token)
    assert found is not None
    return found.actor


async def test_a_link_signs_in_once(running):
    code = await people.sign_in_code(running)
    session = await sessions.sign_in(running, code)
    assert "owner" in (await actor_of(running, session.token)).roles
    with pytest.raises(NotSignedIn, match="used already"):
        await sessions.sign_in(running, code)


async def test_a_refused_link_is_recorded(running):
    with pytest.raises(NotSignedIn):
        await sessions.sign_in(running, "made up")
    assert running.reader.now(list_audit)[0].outcome == "refused"


async def test_an_invitation_is_no_sign_in_link(running):
    owner = await people.local_owner(running)
    link = await invitations.invite_person(running, owner, name="Ada", email="ada@example.com", roles=[], groups=[])
    with pytest.raises(NotSignedIn):
        await sessions.sign_in(running, link.code)


async def test_signing_out_ends_the_session_at_once(running):
    session = await sessions.sign_in(running, await people.sign_in_code(running))
    found = await sessions.session_of(running, session.token)
    assert found is not None
    await sessions.sign_out(running, found)
    assert await sessions.session_of(running, session.token) is None


async def test_an_idle_session_ends_and_one_in_use_goes_on_until_its_last_day(running, clock: MovedClock):
    idle = await sessions.sign_in(running, await people.sign_in_code(running))
    used = await sessions.sign_in(running, await people.sign_in_code(running))
    for _ in range(13):
        clock.move(3600)
        assert await sessions.session_of(running, used.token) is not None
    assert await sessions.session_of(running, idle.token) is None
    while clock.now() < used.expires:
        await sessions.session_of(running, used.token)
        clock.move(3600)
    clock.move(1)
    assert await sessions.session_of(running, used.token) is None


async def test_nobody_is_behind_an_empty_or_unknown_token(running):
    assert await sessions.session_of(running, None) is None
    assert await sessions.session_of(running, "unknown") is None


async def test_a_password_signs_in_as_often_as_it_is_right(running):
    person = await with_password(running)
    for email in ("ada@example.com", " ADA@Example.com"):
        session = await by_password(running, email=email)
        assert (await actor_of(running, session.token)).id == person


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com", "", "ada@example.com\x00"])
async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(running, email: str):
    await with_password(running)
    with pytest.raises(NotSignedIn, match="do not fit together"):
        await by_password(running, "something else entirely", email)


async def test_somebody_without_a_password_is_not_let_in_by_an_empty_one(running):
    owner = await people.local_owner(running)
    await invitations.invite_person(running, owner, name="Ada", email="ada@example.com", roles=[], groups=[])
    with pytest.raises(NotSignedIn):
        await by_password(running, "")


async def test_a_disabled_person_is_unknown_and_comes_in_again_when_enabled(running):
    person, owner = await with_password(running), await people.local_owner(running)
    await people.disable_person(running, owner, person=person)
    with pytest.raises(NotSignedIn, match="do not fit together"):
        await by_password(running)
    await people.enable_person(running, owner, person=person)
    await by_password(running)


async def test_after_too_many_guesses_even_the_right_password_waits(running, clock: MovedClock):
    await with_password(running)
    for at in range(MOST_PER_ACCOUNT):
        with pytest.raises(NotSignedIn):
            await by_password(running, "wrong wrong wrong", visit=Visit(f"192.0.2.{at}"))
    with pytest.raises(TooManyTries, match="too many"):
        await by_password(running, visit=Visit("198.51.100.7"))
    clock.move(WINDOW_S + 1)
    await by_password(running)


async def test_an_address_that_guesses_at_many_accounts_is_stopped_though_it_owns_one(running):
    await with_password(running)
    for at in range(MOST_PER_ADDRESS - 1):
        await Guess(f"p{at}@example.com", HERE.address).count(running)
    await by_password(running)
    await by_password(running)  # right ones are not counted
    await Guess("q@example.com", HERE.address).count(running)
    with pytest.raises(TooManyTries):
        await by_password(running)
    await by_password(running, visit=Visit("198.51.100.7"))


async def test_guesses_at_once_are_counted_like_guesses_in_a_row(running):
    guesses = [Guess("ada@example.com", f"192.0.2.{at}").count(running) for at in range(MOST_PER_ACCOUNT * 3)]
    ends = await asyncio.gather(*guesses, return_exceptions=True)
    assert ends.count(None) == MOST_PER_ACCOUNT


async def test_what_the_throttle_stops_is_not_recorded(running):
    for _ in range(MOST_PER_ACCOUNT + 3):
        with pytest.raises((NotSignedIn, TooManyTries)):
            await by_password(running, "wrong", "nobody@example.com")
    refusals = [row for row in running.reader.now(list_audit) if row.outcome == "refused"]
    assert len(refusals) == MOST_PER_ACCOUNT


async def test_what_needs_a_fresh_proof_works_again_after_the_password(running, clock: MovedClock):
    await with_password(running)
    token = (await by_password(running)).token
    await create_key(running, await actor_of(running, token), label="now")
    clock.move(FRESH_S + 1)
    with pytest.raises(ProveYourself, match="show again"):
        await create_key(running, await actor_of(running, token), label="later")
    session = await sessions.session_of(running, token)
    assert session is not None
    with pytest.raises(NotSignedIn, match="not your password"):
        await sessions.prove(running, session, password="a guess", visit=HERE)
    await sessions.prove(running, session, password=PASSWORD, visit=HERE)
    await create_key(running, await actor_of(running, token), label="later")


async def test_a_session_that_is_over_proves_nothing(running):
    await with_password(running)
    found = await sessions.session_of(running, (await by_password(running)).token)
    assert found is not None
    await sessions.sign_out(running, found)
    with pytest.raises(NotSignedIn):
        await sessions.prove(running, found, password=PASSWORD, visit=HERE)
    row = running.reader.now(list_audit)[0]
    assert (row.action, row.outcome) == ("session.prove", "refused")


async def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(running):
    await with_password(running)
    await with_password(running, "ben@example.com")
    mine, other = await by_password(running), await by_password(running)
    ben = await actor_of(running, (await by_password(running, email="ben@example.com")).token)
    ada = await actor_of(running, mine.token)
    found = await sessions.session_of(running, other.token)
    assert found is not None
    assert [each.agent for each in await sessions.list_sessions(running, ada)].count("Firefox on Linux") == 2
    with pytest.raises(NotFound):
        await sessions.revoke_session(running, ben, session_id=found.id)
    await sessions.revoke_session(running, ada, session_id=found.id)
    assert await sessions.session_of(running, other.token) is None
    assert await sessions.session_of(running, mine.token) is not None
