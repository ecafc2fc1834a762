"""A walk: what is ready, what is skipped, what is left to do."""

from runtime.engine.frames import Frame
from runtime.engine.walk import Walk
from tests.support.documents import finish, plan_of, positive, start

PLAN = plan_of(
    {"s": start("n"), "fork": positive("{{ s.n }}"), "a": positive(1), "b": positive(1), "join": positive(1),
     "end": finish()},
    ["s > fork", "fork.yes > a", "fork.else > b", "a.yes > join", "a.else > join", "b.yes > join", "join.yes > end"],
)  # fmt: skip
AT = PLAN.index


def walk() -> Walk:
    return Walk(Frame(PLAN.top, "", {}, [None] * len(PLAN.steps)), None)


def test_a_step_behind_the_chosen_exit_is_ready_and_all_others_are_skipped():
    here, skipped = walk(), list[int]()
    assert here.left == 1
    assert here.leave(AT["s"], "done", lambda _, at: skipped.append(at)) == [AT["fork"]]
    assert here.leave(AT["fork"], "yes", lambda _, at: skipped.append(at)) == [AT["a"]]
    assert skipped == [AT["b"]]
    assert here.left == 1


def test_a_join_waits_for_all_its_edges_and_runs_when_one_was_taken():
    here = walk()
    here.leave(AT["s"], "done", None)
    here.leave(AT["fork"], "yes", None)
    assert here.leave(AT["a"], "else", None) == [AT["join"]]
    assert here.leave(AT["join"], "yes", None) == [AT["end"]]
    assert here.leave(AT["end"], "done", None) == []
    assert here.left == 0


def test_where_no_way_is_taken_nothing_is_left():
    here, skipped = walk(), list[int]()
    here.leave(AT["s"], "done", None)
    assert here.leave(AT["fork"], "error", lambda _, at: skipped.append(at)) == []
    assert [PLAN.steps[each].id for each in skipped] == ["a", "b", "join", "end"]
    assert here.left == 0
