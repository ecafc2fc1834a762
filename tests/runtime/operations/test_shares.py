"""How much one may run: so many at once, further ones wait for their turn; so many a minute, more are refused."""

import asyncio

import pytest

from runtime.clock import MovedClock
from runtime.errors import TooManyStarts
from runtime.operations import apps
from runtime.operations.limits import set_limits
from tests.support.model_server import Turn
from tests.support.processes import share, until
from tests.support.product import product
from tests.support.publishing import person, published


@pytest.fixture
def runtime(tmp_path, model):
    with product(tmp_path, model, clock=MovedClock()) as running:
        yield running


@pytest.fixture
async def app(runtime, it, member) -> str:
    return await published(runtime, it, member)


def standing(runtime) -> list[str]:
    """How the runs stand, the oldest first."""
    return [row[0] for row in runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT status FROM run ORDER BY id"))]


@pytest.mark.slow
async def test_what_is_started_beyond_the_limit_waits_for_its_turn_and_whoever_waits_gets_the_answer(
    runtime, member, app, model
):
    await share(runtime, at_once=2)
    model.say(*[Turn("slow", delay_s=0.5)] * 2)
    going = [
        asyncio.create_task(apps.run_app_to_end(runtime, member, app=app, inputs={"who": f"w{number}"}))
        for number in range(5)
    ]
    await until(lambda: len(standing(runtime)) == 5)
    assert standing(runtime).count("running") <= 2
    assert {each.status for each in await asyncio.gather(*going)} == {"succeeded"}


async def test_a_start_beyond_the_pace_is_refused_for_a_minute_and_not_one_whose_key_has_started_it(
    runtime, member, app
):
    await share(runtime, per_minute=2)

    async def start(key: str | None = None) -> str:
        return (await apps.start_app_run(runtime, member, app=app, inputs={"who": "Ada"}, key=key)).run

    first = await start("one")
    await start()
    with pytest.raises(TooManyStarts, match="2 times within a minute"):
        await start()
    assert await start("one") == first
    assert len(standing(runtime)) == 2
    runtime.clock.move(61)
    await start()


async def test_an_app_has_its_own_pace_whoever_starts_it(runtime, it, owner, app):
    await set_limits(runtime, it, app=app, at_once=None, per_minute=1)
    await apps.start_app_run(runtime, owner, app=app, inputs={"who": "Ada"})
    with pytest.raises(TooManyStarts, match="app was started 1 times"):
        await apps.start_app_run(runtime, owner, app=app, inputs={"who": "Bob"})


async def test_the_pace_of_one_person_is_nobody_elses(runtime, owner, member, app):
    await share(runtime, per_minute=1)
    for who in (owner, member):
        await apps.start_app_run(runtime, who, app=app, inputs={"who": "Ada"})
    assert len(standing(runtime)) == 2
    assert await person(runtime, "p_more", "member")
