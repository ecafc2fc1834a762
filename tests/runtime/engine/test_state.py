"""The fold: whatever was lost, what is left of a log leads to the same end."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.engine.state import fold, fresh
from runtime.store.conversations import Talk
from tests.support.engine_room import Count, Drawn, Fork, Give, Room, chain, draw, ran, reading, step


async def test_a_log_with_a_gap_is_refused(room):
    plan = chain(4)
    end = await room.end(plan)
    records = room.log(end.run)
    with pytest.raises(ValueError, match="gap"):
        fold(fresh(plan, end.run, ""), [records[0], *records[2:]])


async def test_a_removed_payload_stops_a_resume_with_words(room):
    plan = chain(2)
    end = await room.end(plan)
    with pytest.raises(ValueError, match="removed"):
        fold(fresh(plan, end.run, ""), [each._replace(value=None) for each in room.log(end.run)])


@pytest.mark.parametrize(
    ("keys", "value"),
    [(("a",), {"b": [1, {"c": 2}]}), (("a", "b", "1", "c"), 2), (("a", "b", "9"), None), (("a", "b", "x"), None),
     (("a", "b", "0", "z"), None), (("nothing",), None)],
)  # fmt: skip
def test_a_reference_reads_deep_and_gives_null_where_there_is_nothing(keys, value):
    state = fresh(chain(1), "run", "")
    state.top.roots["s"] = {"a": {"b": [1, {"c": 2}]}}
    assert state.top.read("s", keys) == value
    assert state.top.read("other", keys) is None


@st.composite
def graphs(pick) -> tuple[Drawn, ...]:
    """Small graphs: every step comes after one to three earlier ones, some by an exit that is not taken."""
    count = pick(st.integers(2, 10))
    drawn = [step("s0", Give(value=1))]
    forks = set()
    for at in range(1, count):
        sources = pick(st.lists(st.integers(0, at - 1), min_size=1, max_size=3, unique=True))
        after = [f"s{each}.{pick(st.sampled_from(['left', 'right']))}" if each in forks else f"s{each}"
                 for each in sources]  # fmt: skip
        kind = pick(st.sampled_from(["give", "fork", "count"]))
        if kind == "fork":
            forks.add(at)
            drawn.append(step(f"s{at}", Fork(way=pick(st.sampled_from(["left", "right"]))), *after))
        elif kind == "count":
            drawn.append(step(f"s{at}", Count(by=at), *after))
        else:
            drawn.append(reading(f"s{at}", Give, [f"s{each}" for each in sources], *after))
    return tuple(drawn)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(graphs(), st.data())
def test_cut_off_after_any_record_a_run_ends_the_same_and_finished_steps_do_not_run_again(drawn, data):
    plan = draw(*drawn, variables={"total": 0})
    with TemporaryDirectory() as folder:
        asyncio.run(_cut_and_resume(Path(folder), plan, data))


async def _cut_and_resume(folder: Path, plan, data) -> None:
    room = Room(folder)
    try:
        end = await room.end(plan)
        whole = room.checked_log(end.run)
        final = fold(fresh(plan, end.run, ""), whole)
        # a process dies between batches, and a batch never parts a step's `set` from its `done`
        cuts = [0, *(each.seq for each in whole if each.kind == "done")]
        cut = data.draw(st.sampled_from(cuts))
        finished = {each.step for each in whole[:cut] if each.kind == "done"}

        def forget(tx) -> None:
            tx.exec_driver_sql("DELETE FROM record WHERE run = ? AND seq > ?", (end.run, cut))
            tx.exec_driver_sql("UPDATE run SET status='running', process='dead', ended=NULL, outputs=NULL")

        before = ran(end.run)
        await room.writer.write(forget)
        row = await room.ended(end.run)
        again = ran(end.run)[len(before) :]
        assert row.status == end.status
        records = room.checked_log(end.run)
        resumed = fold(fresh(plan, end.run, ""), records)
        assert resumed.frames == final.frames
        assert not finished & set(again)
        assert sorted(before) == sorted([*finished, *again])
    finally:
        room.close(0.1)


def test_a_run_knows_who_started_it_by_a_sign_and_where_it_stands_in_its_conversation():
    talk = Talk("conv_1", 3, {})
    known = fresh(chain(1), "run_1", "2026-11-22T10:00:00+00:00", talk, "ada@example.org").top.roots["run"]
    assert (known["conversation"], known["turn"]) == ("conv_1", 3)
    assert known["user"].startswith("user_")
    assert "ada" not in known["user"]
    again = fresh(chain(1), "run_2", "", None, "ada@example.org").top.roots["run"]
    assert (again["user"], again["conversation"], again["turn"]) == (known["user"], "", 1)
    assert fresh(chain(1), "run_3", "", None, "bob").top.roots["run"]["user"] != known["user"]
