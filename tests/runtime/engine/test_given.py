"""The beginning of a log that is given: linked like any other, and it says where each record comes from."""

import orjson

from runtime.engine.given import Pen, snapshot
from runtime.engine.journal import verify
from runtime.engine.state import fold, fresh
from tests.support.documents import change, each, finish, inside, loop, plan_of, start

ORIGIN = {"run": "run_old"}
STEPS = {
    "start": start("items"),
    "rounds": loop(start={"sum": 5}),
    "all": inside("rounds", each("{{ start.items }}")),
    "add": inside("all", change("rounds.sum", "add", 1)),
    "finish": finish(),
}
PLAN = plan_of(STEPS, ["start > rounds", "rounds > finish"], total=1)


def old_log():
    pen = Pen(PLAN, "run_old", 1.0)
    pen.done("start", "", "done", {"items": ["a", "b", "c"]}, ORIGIN)
    pen.set("start", "", "variables", "total", 7, ORIGIN)
    pen.set("rounds", "", "rounds", "sum", 6, ORIGIN)
    return pen.written().records


def test_what_is_given_is_a_log_that_holds_and_says_where_it_comes_from():
    records = old_log()
    assert verify(records) == ""
    assert [each.seq for each in records] == [1, 2, 3]
    assert {each.attempt for each in records} == {0}
    assert all(orjson.loads(each.detail or b"{}")["given"] == ORIGIN for each in records)


def test_a_snapshot_at_an_item_knows_what_the_item_knew():
    state = fold(fresh(PLAN, "run_old", ""), old_log())
    pen = Pen(PLAN, "run_new", 2.0)
    snapshot(pen, state, "rounds[2]/all[1]", ORIGIN, lambda _step: False)
    again = fold(fresh(PLAN, "run_new", ""), pen.written().records)
    frame = again.at("rounds[2]/all[1]")
    assert frame.read("all", ("item",)) == "b"
    assert frame.read("rounds", ("sum",)) == 6
    assert frame.read("rounds", ("round",)) == 2
    assert frame.read("variables", ("total",)) == 7


def test_what_is_left_out_is_not_given():
    state = fold(fresh(PLAN, "run_old", ""), old_log())
    pen = Pen(PLAN, "run_new", 2.0)
    snapshot(pen, state, "", ORIGIN, lambda step: step == "start")
    assert {each.kind for each in pen.written().records} == {"set"}


def test_usage_of_the_earlier_run_is_not_counted_again():
    pen = Pen(PLAN, "run_new", 2.0)
    used = old_log()[0]._replace(detail=orjson.dumps({"usage": {"tokens_in": 5}}), run="run_old", seq=4)
    pen.copy(used)
    assert orjson.loads(pen.written().records[0].detail or b"") == {"given": {"run": "run_old", "seq": 4}}
