"""What a run finds in its conversation stands at the beginning of its log; what it leaves is kept with its end."""

import asyncio
from dataclasses import replace

import orjson

from runtime.engine.engine import Start
from runtime.engine.state import fold, fresh
from runtime.graph.document import Variable
from runtime.store.conversations import add_turn, conversation_row, insert_conversation, remember, talk_of
from runtime.store.ids import new_id
from runtime.store.runs import NewRun, insert_run
from tests.support.engine_room import Count, Fork, Room, draw, step

PLAN = replace(draw(step("add", Count(variable="conversation.n"))), conversation={"n": Variable(start=0)})
FAILING = replace(
    draw(step("add", Count(variable="conversation.n")), step("fork", Fork(way="nowhere"), "add")),
    conversation={"n": Variable(start=0)},
)


async def say(room: Room, plan) -> str:
    """One message, answered."""
    room.plans[plan.hash] = plan

    def work(tx) -> NewRun:
        if conversation_row(tx, "conv_1") is None:
            insert_conversation(tx, "conv_1", workflow="w", app=None, person="p", title="", now=1.0)
            remember(tx, "conv_1", {"n": 5, "gone": 1})
        turn, _ = add_turn(tx, "conv_1", 1.0)
        new = NewRun(
            id=new_id("run"), workflow="w", name="w", title="W", person="p", via="key", key=None, hash=plan.hash,
            words="", catalogue="c", inputs=b"{}", created=1.0, process=room.process.id, conversation="conv_1",
            turn=turn,
        )  # fmt: skip
        insert_run(tx, new)
        return new

    new = await room.writer.write(work)
    talk = room.reader.now(lambda tx: talk_of(tx, new.id))
    told = room.engine.execute(Start(new.id, plan, {}, "p", 1.0, talk=talk))
    await asyncio.wait_for(asyncio.wrap_future(told), 10)
    return new.id


def kept(room: Room) -> dict:
    row = room.reader.now(lambda tx: conversation_row(tx, "conv_1"))
    assert row is not None
    return orjson.loads(row.variables)


async def test_what_is_found_stands_in_the_log_and_what_is_changed_is_kept(room: Room):
    run = await say(room, PLAN)
    log = room.checked_log(run)
    found = [orjson.loads(each.detail or b"{}") for each in log if each.kind == "set"]
    assert found[0] == {"variable": "n", "of": "conversation", "found": True}, "and nothing of what the plan lacks"
    assert len(found) == 2
    assert fold(fresh(PLAN, run, ""), log).conversation == {"n": 6}, "the log alone rebuilds it"
    assert kept(room) == {"n": 6, "gone": 1}
    await say(room, PLAN)
    assert kept(room)["n"] == 7


async def test_a_run_that_fails_leaves_everything_as_it_was(room: Room):
    await say(room, FAILING)
    assert kept(room) == {"n": 5, "gone": 1}


async def test_taken_over_in_the_middle_it_goes_on_with_what_it_had_changed(room: Room):
    """What it found stands in its log; found once more, it would undo what the run has done since."""
    run = await say(room, PLAN)
    last = room.checked_log(run)[-1].seq

    def forget(tx) -> None:
        tx.exec_driver_sql(
            "UPDATE run SET status='running', process='dead', ended=NULL, outputs=NULL WHERE id=?", (run,)
        )
        remember(tx, "conv_1", {"n": 5})

    await room.writer.write(forget)
    assert (await room.ended(run)).status == "succeeded"
    assert room.checked_log(run)[-1].seq == last, "nothing was noted twice"
    assert kept(room)["n"] == 6
