"""One attempt gives way to others, however much it has to do."""

import asyncio

from runtime.engine.execution import TURN_S
from tests.support.documents import each, finish, inside, plan_of, positive, start


async def test_a_run_with_thousands_of_items_lets_a_short_one_pass(room):
    many = plan_of(
        {"s": start("items"), "e": each("{{ s.items }}"), "b": inside("e", positive(1)), "end": finish()},
        ["s > e", "e > end"],
    )
    short = plan_of({"s": start(), "end": finish()}, ["s > end"])
    _, long_one = room.begin(many, {"items": list(range(3000))})
    await asyncio.sleep(TURN_S)
    end = await room.end(short)
    assert end.status == "succeeded"
    assert not long_one.done()
    assert (await asyncio.wait_for(asyncio.wrap_future(long_one), 60)).status == "succeeded"
