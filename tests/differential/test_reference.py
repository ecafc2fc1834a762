"""The rules of the reference, each by the smallest document that shows it."""

from typing import Any

from tests.differential.reference import Outcome, interpret


def read(steps: dict[str, Any], *edges: str, **variables: Any) -> Outcome:
    """What a few steps come to, behind a start `s`; the finish `end` stands behind `last`."""
    arrows = [each.split(" > ") for each in edges]
    meaning = {
        "steps": {"s": {"type": "flow.start"}, **steps},
        "edges": [{"from": one, "to": other} for one, other in arrows],
        "variables": {name: {"start": value} for name, value in variables.items()},
    }
    return interpret(meaning, {})


def work(value: Any, **more: Any) -> dict[str, Any]:
    inside = {"inside": more.pop("inside")} if "inside" in more else {}
    care = {"on_failure": more.pop("on_failure")} if "on_failure" in more else {}
    return {"type": "test.work", "settings": {"value": value, "fails_on": [], **more}, **inside, **care}


def finish(**handed: str) -> dict[str, Any]:
    outputs = [{"name": name, "value": value} for name, value in handed.items()]
    return {"type": "flow.finish", "settings": {"outputs": outputs}}


def each(items: list[Any], result: str = "", **more: Any) -> dict[str, Any]:
    settings = {"items": items, "parallel": 1, "on_error": "stop", "flatten": False, "result": result}
    return {"type": "flow.each", "settings": settings | more}


def loop(most: int, until: Any = (), **variables: Any) -> dict[str, Any]:
    kept = [{"name": name, "start": value} for name, value in variables.items()]
    return {"type": "flow.repeat", "settings": {"variables": kept, "most": most, "match": "all", "until": until}}


def change(inside: str, variable: str, operation: str, value: Any = None) -> dict[str, Any]:
    changes = [{"variable": variable, "operation": operation, "value": value}]
    return {"type": "flow.set_value", "settings": {"changes": changes}, "inside": inside}


def test_only_the_chosen_way_runs_and_what_was_skipped_is_null():
    cases = [{"id": "yes", "match": "all", "conditions": [{"left": 1, "operator": "equal", "right": 2}]}]
    steps = {
        "b": {"type": "flow.branch", "settings": {"cases": cases}}, "one": work(1), "two": work(2),
        "end": finish(one="{{ one.value }}", two="{{ two.value }}", three='{{ one.value | if_skipped("no") }}'),
    }  # fmt: skip
    found = read(steps, "s > b", "b.yes > one", "b.else > two", "one > end", "two > end")
    assert (found.status, found.outputs) == ("succeeded", {"one": None, "two": 2, "three": "no"})


def test_what_a_step_never_handed_on_is_as_if_it_was_skipped():
    found = read({"one": work(1), "end": finish(one='{{ one.zzz | if_skipped("no") }}')}, "s > one", "one > end")
    assert found.outputs == {"one": "no"}


def test_with_one_at_a_time_an_item_begins_with_what_those_before_left():
    body = {"e": each([1, 2, 3]), "c": change("e", "n", "add", "{{ e.item }}"), "end": finish(n="{{ variables.n }}")}
    assert read(body, "s > e", "e > end", n=0).outputs == {"n": 6}


def test_with_several_at_once_the_last_item_wins():
    body = {
        "e": each([1, 2, 3], parallel=2),
        "c": change("e", "n", "add", "{{ e.item }}"),
        "end": finish(n="{{ variables.n }}"),
    }
    assert read(body, "s > e", "e > end", n=10).outputs == {"n": 13}


def test_a_failed_item_is_null_or_left_out_and_what_it_changed_is_forgotten():
    for policy, output in (("null", [1, None, 3]), ("skip", [1, 3])):
        body = {
            "e": each([1, 2, 3], "{{ w.value }}", on_error=policy), "c": change("e", "l", "append", "{{ e.item }}"),
            "w": work("{{ e.item }}", inside="e", fails_on=[2]),
            "end": finish(out="{{ e.output }}", failed="{{ e.failed }}", l="{{ variables.l }}"),
        }  # fmt: skip
        found = read(body, "s > e", "c > w", "e > end", l=[])
        assert (found.status, found.outputs) == ("partly_succeeded", {"out": output, "failed": 1, "l": [1, 3]})


def test_under_stop_the_run_fails_and_with_one_at_a_time_nothing_more_begins():
    body = {"e": each([1, 2, 3]), "w": work("{{ e.item }}", inside="e", fails_on=[2]), "end": finish()}
    found = read(body, "s > e", "e > end")
    assert (found.status, found.culprits) == ("failed", {"e"})
    assert [line.line.path for line in found.happened if line.line.step == "w"] == ["e[0]", "e[1]"]


def test_a_loop_carries_its_variables_and_tells_its_rounds():
    over = [{"left": "{{ r.i }}", "operator": "equal", "right": 3}]
    body = {
        "r": loop(10, over, i=1),
        "c": change("r", "r.i", "add", 1),
        "end": finish(i="{{ r.i }}", n="{{ r.round }}"),
    }
    assert read(body, "s > r", "r > end").outputs == {"i": 3, "n": 2}


def test_a_loop_is_left_from_inside_a_for_each_and_what_was_changed_stays():
    body = {
        "r": loop(10, found=None), "e": each(["a", "b"]) | {"inside": "r"},
        "c": change("e", "r.found", "set", "{{ e.item }}"),
        "l": {"type": "flow.leave_loop", "inside": "e"}, "w": work(1, inside="r"),
        "end": finish(found="{{ r.found }}", n="{{ r.round }}"),
    }  # fmt: skip
    found = read(body, "s > r", "r > end", "c > l", "e > w")
    assert found.outputs == {"found": "a", "n": 1}
    assert {each.line.step for each in found.happened} == {"s", "r", "c", "l", "end"}


def test_a_step_is_tried_again_then_its_fallback_or_its_exit_is_taken():
    told = {"retries": 1, "then": "fallback", "fallback": {"value": 7}}
    end = finish(v="{{ w.value }}", why="{{ w.error_code }}")
    found = read({"w": work(1, fails_first=1, on_failure=told), "end": end}, "s > w", "w > end")
    assert (found.status, found.outputs) == ("succeeded", {"v": 1, "why": None})
    found = read({"w": work(1, fails_first=2, on_failure=told), "end": end}, "s > w", "w > end")
    assert (found.status, found.outputs) == ("partly_succeeded", {"v": 7, "why": "told"})
    left = read({"w": work(1, fails_on=[1], on_failure={"then": "exit"}), "end": end}, "s > w", "w.error > end")
    assert left.outputs == {"v": None, "why": "told"}


def test_what_chance_decides_is_not_sure():
    steps = {"a": work(1), "b": work(2, fails_on=[2]), "c": work(3), "end": finish()}
    found = read(steps, "s > a", "a > b", "s > c", "b > end", "c > end")
    assert {each.line.step: each.sure for each in found.happened} == {"s": True, "a": True, "b": True, "c": False}


def test_the_answer_is_all_that_was_answered():
    steps = {
        "e": each([1, 2]),
        "a": {"type": "flow.answer", "settings": {"text": "{{ e.item }};"}, "inside": "e"},
        "end": finish(),
    }
    assert read(steps, "s > e", "e > end").outputs == {"answer": "1;2;"}
