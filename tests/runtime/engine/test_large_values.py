"""A text or a list that grows without end ends its run, and not the server."""

import asyncio

import pytest

from tests.support.documents import change, each, finish, inside, loop, plan_of, start


def join(*texts: str):
    return {"type": "data.join_text", "settings": {"texts": list(texts), "between": "nothing"}}


async def why(room, steps, *edges, **inputs) -> str:
    _, told = room.begin(plan_of(steps, edges), inputs)
    end = await asyncio.wait_for(asyncio.wrap_future(told), 60)
    assert end.status == "failed"
    return end.error["code"]


@pytest.mark.slow
async def test_a_text_that_is_doubled_in_every_round_ends_the_run_and_not_the_server(room):
    for double in (join("{{ r.x }}", "{{ r.x }}"), join("{{ r.x }}{{ r.x }}"), join("and {{ r.x }}", "{{ r.x }}")):
        steps = {"s": start(), "r": loop(start={"x": "a"}, most=60), "j": inside("r", double),
                 "b": inside("r", change("r.x", "set", "{{ j.text }}")), "end": finish()}  # fmt: skip
        assert await why(room, steps, "s > r", "r > end", "j > b") == "too_large"


@pytest.mark.parametrize(("first", "value"), [("a", "{{ r.x }}"), ("a", "{{ r.x }}{{ r.x }}")])
async def test_a_text_that_is_appended_to_itself_ends_the_run(room, first, value):
    steps = {"s": start(), "r": loop(start={"x": first}, most=60), "b": inside("r", change("r.x", "append", value)),
             "end": finish()}  # fmt: skip
    assert await why(room, steps, "s > r", "r > end") == "too_large"


@pytest.mark.slow
@pytest.mark.parametrize("operation", ["extend", "append"])
async def test_a_list_that_is_added_to_itself_ends_the_run(room, operation):
    steps = {"s": start(), "r": loop(start={"x": [1]}, most=60),
             "b": inside("r", change("r.x", operation, "{{ r.x }}")), "end": finish()}  # fmt: skip
    assert await why(room, steps, "s > r", "r > end") == "too_large"


async def test_steps_in_a_row_that_each_take_the_one_before_many_times_end_the_run(room):
    steps, row = {"s": start()}, ["s"]
    for number in range(6):
        before = f"{{{{ j{number - 1}.text }}}}" if number else "a" * 1000
        steps[f"j{number}"] = join(*[before] * 50)
        row.append(f"j{number}")
    steps["end"] = finish()
    edges = [f"{here} > {there}" for here, there in zip(row, [*row[1:], "end"], strict=True)]
    assert await why(room, steps, *edges) == "too_large"


async def test_what_one_step_is_given_counts_together(room):
    texts = [f"{number} {{{{ s.x }}}}" for number in range(100)]
    assert await why(room, {"s": start("x"), "j": join(*texts), "end": finish()}, "s > j", "j > end",
                     x="a" * 500_000) == "too_large"  # fmt: skip


@pytest.mark.slow
async def test_results_of_items_count_together(room):
    steps = {"s": start("rows", "x"), "all": each("{{ s.rows }}", "{{ s.x }}"), "j": inside("all", join("a")),
             "end": finish()}  # fmt: skip
    assert await why(room, steps, "s > all", "all > end", rows=list(range(200)), x="a" * 1_000_000) == "too_large"


async def test_what_is_large_but_not_too_large_passes(room):
    text = "a" * 5_000_000
    steps = {"s": start("x"), "j": join("Dear {{ s.x }}", "{{ s.x }}"), "end": finish(n="{{ j.text | length }}")}
    end = await room.end(plan_of(steps, ["s > j", "j > end"]), {"x": text})
    assert end.status == "succeeded", end.error
