"""The answer is told as far as it is sure, and what was told is what is kept."""

import asyncio

import pytest

from runtime.engine.ports import Pin
from tests.runtime.engine.test_live import heard
from tests.support.documents import each, inside, plan_of, positive, start


def answer(text: str) -> dict:
    return {"type": "flow.answer", "settings": {"text": text}}


def ask() -> dict:
    return {"type": "ai.ask_model", "settings": {"messages": [{"role": "user", "text": "hi"}]}}


def words(text: str, delay_s: float = 0.0) -> Pin:
    pieces = [each if at == 0 else f" {each}" for at, each in enumerate(text.split(" "))]
    return Pin({"text": text}, chunks=pieces, delay_s=delay_s)


async def told(room, plan, pins, inputs=None):
    """What a reader hears of the answer: the pieces, what they come to, and the run's own answer."""
    run, _ = room.begin(plan, inputs, pins=pins)
    subscriber = None
    while subscriber is None:
        subscriber = await room.engine.watch(run)
    pieces, text, end = list[str](), "", {}
    for event in await heard(subscriber):
        if event["kind"] == "answer":
            text = text[: event["offset"]] + event["text"]
            pieces.append(event["text"])
        end = event
    return pieces, text, (end.get("outputs") or {}).get("answer")


async def test_fixed_text_comes_first_and_a_models_words_as_it_says_them(room):
    plan = plan_of({"s": start(), "m": ask(), "a": answer("It says: {{ m.text }}.")}, ["s > m", "m > a"])
    pieces, text, kept = await told(room, plan, {"m": words("one two three", 0.05)})
    assert pieces == ["It says: ", "one", " two", " three", "."]
    assert text == kept == "It says: one two three."


async def test_parts_come_in_the_order_of_the_text_not_in_that_of_the_models(room):
    plan = plan_of(
        {"s": start(), "slow": ask(), "quick": ask(), "a": answer("{{ slow.text }}|{{ quick.text }}")},
        ["s > slow", "s > quick", "slow > a", "quick > a"],
    )
    pieces, text, kept = await told(room, plan, {"slow": words("a b", 0.15), "quick": words("c d", 0.02)})
    assert text == kept == "a b|c d"
    assert pieces[0] == "a"


async def test_nothing_is_told_before_it_is_sure_that_the_answer_comes(room):
    plan = plan_of(
        {"s": start("n"), "m": ask(), "fork": positive("{{ s.n }}"), "yes": answer("yes {{ m.text }}"),
         "no": answer("no")},
        ["s > m", "m > fork", "fork.yes > yes", "fork.else > no"],
    )  # fmt: skip
    pins = {"m": words("so it is", 0.05)}
    assert await told(room, plan, pins, {"n": 1}) == (["yes so it is"], "yes so it is", "yes so it is")
    assert await told(room, plan, pins, {"n": 0}) == (["no"], "no", "no")


async def test_several_answers_come_in_the_order_in_which_they_became_ready(room):
    plan = plan_of(
        {"s": start(), "slow": ask(), "late": answer("late {{ slow.text }} "), "soon": answer("soon "),
         "last": answer("last")},
        ["s > slow", "slow > late", "s > soon", "soon > last", "late > last"],
    )  # fmt: skip
    _, text, kept = await told(room, plan, {"slow": words("x y", 0.1)})
    assert text == kept == "soon late x y last"


async def test_answers_inside_a_for_each_are_told_item_by_item(room):
    plan = plan_of(
        {"s": start(), "hold": ask(), "e": each(["a", "b"]), "a": inside("e", answer("<{{ e.item }}>")),
         "end": answer("!")},
        ["s > hold", "hold > e", "e > end"],
    )  # fmt: skip
    _, text, kept = await told(room, plan, {"hold": words("x", 0.05)})
    assert text == kept == "<a><b>!"


@pytest.mark.slow
@pytest.mark.parametrize("late_s", [0.0, 0.04, 0.1])
async def test_who_comes_late_hears_the_answer_so_far(room, late_s):
    plan = plan_of(
        {"s": start(), "m": ask(), "n": ask(), "a": answer("{{ m.text }} and {{ n.text }}")},
        ["s > m", "m > n", "n > a"],
    )
    run, _ = room.begin(plan, pins={"m": words("one two"), "n": words("three four", 0.15)})
    await asyncio.sleep(late_s)
    subscriber = await room.engine.watch(run)
    assert subscriber is not None
    text = ""
    for event in await heard(subscriber):
        if event["kind"] == "answer":
            text = text[: event["offset"]] + event["text"]
    assert text == "one two and three four"
