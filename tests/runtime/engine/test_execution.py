"""One attempt gives way to others, however much it has to do."""

import asyncio

from runtime.engine import execution
from tests.support.documents import each, finish, inside, plan_of, positive, start


async def test_a_run_with_thousands_of_items_lets_a_short_one_pass(room, monkeypatch):
    monkeypatch.setattr(execution, "TURN_S", 0.0)  # it gives way after every step, so no clock decides
    many = plan_of(
        {"s": start("items"), "e": each("{{ s.items }}"), "b": inside("e", positive(1)), "end": finish()},
        ["s > e", "e > end"],
    )
    short = plan_of({"s": start(), "end": finish()}, ["s > end"])
    long_run, long_told = room.begin(many, {"items": list(range(1000))})
    short_run, short_told = room.begin(short)
    for told in (long_told, short_told):
        assert (await asyncio.wait_for(asyncio.wrap_future(told), 60)).status == "succeeded"
    assert room.row(short_run).ended < room.row(long_run).ended
