"""Whatever was lost of a run that asked people, what is left of its log and its rows leads to the same end."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.engine.state import fold, fresh
from tests.support.engine_room import Count, Decide, Drawn, Give, Room, draw, ran, reading, step


@st.composite
def asking(pick: Any) -> tuple[Drawn, ...]:
    """Small graphs in which some steps ask; the others read what those were answered."""
    count = pick(st.integers(2, 8))
    drawn = [step("s0", Give(value=1)), step("s1", Decide(), "s0")]
    for at in range(2, count):
        sources = [f"s{each}" for each in pick(st.lists(st.integers(0, at - 1), min_size=1, max_size=3, unique=True))]
        match pick(st.sampled_from(["ask", "give", "count"])):
            case "ask":
                drawn.append(step(f"s{at}", Decide(), *sources))
            case "count":
                drawn.append(step(f"s{at}", Count(by=at), *sources))
            case _:
                drawn.append(reading(f"s{at}", Give, sources, *sources))
    return tuple(drawn)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asking(), st.data())
def test_cut_off_after_any_commit_it_asks_what_is_open_and_keeps_what_was_answered(drawn, data):
    with TemporaryDirectory() as folder:
        asyncio.run(_cut_and_resume(Path(folder), draw(*drawn, variables={"total": 0}), data))


async def _answer_all(room: Room, run: str) -> Any:
    """Answer by a rule, so that every life of the run hears the same; the row of the ended run."""
    while (row := room.row(run)) is None or row.ended is None:
        for each in room.waits(run):
            if each.status == "open":
                await room.answer(each.id, "yes" if each.step in ("s1", "s3", "s5") else "no")
        await asyncio.sleep(0.005)
    return row


async def _cut_and_resume(folder: Path, plan: Any, data: st.DataObject) -> None:
    room = Room(folder)
    try:
        room.people("Ada")
        run, _ = room.begin(plan)
        status = (await _answer_all(room, run)).status
        whole = room.checked_log(run)
        final = fold(fresh(plan, run, ""), whole)
        # a batch never parts a step's `set` from its `done`
        cut = data.draw(st.sampled_from([0, *(each.seq for each in whole if each.kind != "set")]))
        finished = {each.step for each in whole[:cut] if each.kind == "done"}
        answered = {each.step for each in whole[:cut] if each.kind == "answer"}

        def forget(tx: Any) -> None:
            tx.exec_driver_sql("DELETE FROM record WHERE run = ? AND seq > ?", (run, cut))
            tx.exec_driver_sql("DELETE FROM wait_for WHERE wait IN (SELECT id FROM wait WHERE seq > ?)", (cut,))
            tx.exec_driver_sql("DELETE FROM wait WHERE seq > ?", (cut,))
            for each in tx.exec_driver_sql("SELECT id, step FROM wait").all():
                if each.step not in answered:  # the person's answer is durable, its record was not
                    tx.exec_driver_sql("UPDATE wait SET logged = 0 WHERE id = ?", (each.id,))
            tx.exec_driver_sql("UPDATE run SET status = 'running', process = 'dead', ended = NULL, outputs = NULL")

        before = len(ran(run))
        await room.writer.write(forget)
        assert (await _answer_all(room, run)).status == status
        records = room.checked_log(run)
        resumed = fold(fresh(plan, run, ""), records)
        assert resumed.frames == final.frames
        assert not finished & set(ran(run)[before:])
        asks = [each.step for each in records if each.kind == "wait"]
        assert len(asks) == len(set(asks)) == len(room.waits(run)), "each asks once, in the log and in the rows"
        assert sorted(each.step for each in records if each.kind == "answer") == sorted(asks)
        assert not resumed.waits
    finally:
        room.close(0.1)
