"""The list step filters, sorts, shortens and groups."""

import json

import pytest

from nodes.data.lists import MANY, Lists, arrange
from nodes.sdk import StepFailed
from runtime.engine.sandbox import RunSandbox
from tests.support.context import SANDBOX, StepContext, run_step

ROWS = [
    {"name": "Ada", "paid": True, "amount": "12.5", "on": "2026-11-03"},
    {"name": "grace", "paid": False, "amount": 7, "on": "2026-10-01"},
    {"name": "Linus", "paid": True, "on": ""},
]


def names(settings, entries=ROWS):
    return [each["name"] for each in arrange({"entries": entries, **settings})["result"]]


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ({}, ["Ada", "grace", "Linus"]),
        ({"keep": [{"of": "paid", "operator": "is", "value": True}]}, ["Ada", "Linus"]),
        ({"keep": [{"of": "amount", "operator": "greater", "value": "10"}]}, ["Ada"]),
        ({"keep": [{"of": "amount", "operator": "is_empty"}]}, ["Linus"]),
        ({"keep": [{"of": "name", "operator": "is", "value": "GRACE"}]}, ["grace"]),
        ({"keep": [{"of": "name", "operator": "is", "value": "GRACE", "match_case": True}]}, []),
        ({"match": "any", "keep": [{"of": "amount", "operator": "less", "value": 10},
                                   {"of": "amount", "operator": "is_empty"}]}, ["grace", "Linus"]),
        ({"pattern": "^[AL]", "pattern_of": "name"}, ["Ada", "Linus"]),
        ({"unique": True, "unique_by": "paid"}, ["Ada", "grace"]),
        ({"sort": [{"by": "name"}]}, ["Ada", "grace", "Linus"]),
        ({"sort": [{"by": "amount"}]}, ["grace", "Ada", "Linus"]),
        ({"sort": [{"by": "amount", "direction": "down"}]}, ["Ada", "grace", "Linus"]),
        ({"sort": [{"by": "on"}]}, ["grace", "Ada", "Linus"]),
        ({"sort": [{"by": "paid"}, {"by": "name", "direction": "down"}]}, ["grace", "Linus", "Ada"]),
        ({"take": "first", "size": 1}, ["Ada"]),
        ({"take": "last", "size": 2}, ["grace", "Linus"]),
        ({"take": "last", "size": 0}, []),
        ({"take": "part", "start": 2, "size": 1}, ["grace"]),
        ({"take": "part", "start": 9, "size": 5}, []),
    ],
)  # fmt: skip
def test_what_is_left_and_in_which_order(settings, left):
    assert names(settings) == left


def test_the_parts_are_done_in_their_order():
    found = arrange({"entries": [3, 1, 2, 3, 9], "unique": True, "take": "first", "size": 3,
                     "sort": [{"direction": "down"}], "keep": [{"operator": "less", "value": 9}]})  # fmt: skip
    assert found == {"result": [3, 2, 1], "first_record": 3, "last_record": 1, "count": 3}


@pytest.mark.parametrize("entries", [None, "", []])
async def test_a_list_that_is_not_there_is_empty(entries):
    left = await run_step(Lists, {"entries": entries, "keep": [{"operator": "greater", "value": 1}]})
    assert left.output == {"result": [], "first_record": None, "last_record": None, "count": 0}


async def test_what_is_no_list_is_told():
    with pytest.raises(StepFailed, match="A list is needed here, but this is a text: “Ada”"):
        await run_step(Lists, {"entries": "Ada"})


def test_missing_values_count_nothing_and_words_are_told():
    assert arrange({"entries": ROWS, "add_up": "amount"})["sum"] == 19.5
    with pytest.raises(StepFailed, match="“name” of entry 1 is no number: “Ada”"):
        arrange({"entries": ROWS, "add_up": "name"})


def test_a_sum_of_cents_is_a_sum_of_cents():
    assert arrange({"entries": [{"a": 0.1}, {"a": 0.2}], "add_up": "a"})["sum"] == 0.3


def test_groups_come_in_the_order_of_their_first_entry():
    groups = arrange({"entries": [*ROWS, {"name": "ADA", "amount": 1}], "group_by": "name", "add_up": "amount"})[
        "groups"
    ]
    assert [(each["key"], each["count"], each["sum"]) for each in groups] == [
        ("Ada", 2, 13.5), ("grace", 1, 7), ("Linus", 1, 0),
    ]  # fmt: skip


def test_a_field_inside_a_field():
    entries = [{"who": {"tags": ["a", "b"]}}, {"who": {"tags": []}}, {"who": 3}]
    assert arrange({"entries": entries, "keep": [{"of": "who.tags.1", "operator": "is", "value": "b"}]})["count"] == 1


async def test_a_long_list_and_a_pattern_are_worked_on_apart():
    class Apart(RunSandbox):
        async def apart(self, function, given):
            context.say(function)
            return arrange(json.loads(json.dumps(given)))

    class Context(StepContext):
        @property
        def sandbox(self):
            return Apart(SANDBOX, "test")

    context = Context()
    assert (await run_step(Lists, {"entries": [0] * (MANY + 1)}, context)).output["count"] == MANY + 1
    assert (await run_step(Lists, {"entries": ["ab", "b"], "pattern": "^a"}, context)).output["result"] == ["ab"]
    assert (await run_step(Lists, {"entries": [0] * MANY}, context)).output["count"] == MANY
    assert context.said == ["nodes.data.lists:arrange"] * 2


def test_it_explains_itself():
    step = Lists.model_validate(
        {
            "entries": "{{ start.rows }}", "keep": [{"of": "status", "operator": "is", "value": "open"}],
            "unique": True, "unique_by": "email", "sort": [{"by": "amount", "direction": "down"}, {"by": "name"}],
            "take": "first", "size": 3, "group_by": "country",
        }
    )  # fmt: skip
    assert step.explain() == (
        "In the list {{ start.rows }}: keeps only what holds: “status” is “open”, takes out doubles by “email”, sorts"
        " by “amount” downwards and “name”, takes the first 3 and groups by “country”."
    )
    assert Lists(entries="{{ a.b }}").explain() == "In the list {{ a.b }}: changes nothing."


def test_what_is_missing_is_told():
    step = Lists.model_validate({"keep": [{"operator": "is"}], "pattern": "("})
    assert [each.field for each in step.troubles()] == ["entries", "keep.0.value", "pattern"]


def test_sum_and_groups_are_promised_only_where_they_are_asked_for():
    assert set(Lists().outputs()) == {"result", "first_record", "last_record", "count"}
    groups = Lists(add_up="amount", group_by="country").outputs()["groups"]
    assert groups.items
    assert set(groups.items.fields) == {"key", "count", "entries", "sum"}


_OPERATORS = {">": "greater", "=": "equal", "start with": "starts_with", "end with": "ends_with"}


@pytest.mark.parametrize(
    ("entries", "keep", "sort", "size", "result"),
    [
        (["cherry", "apple", "banana"], None, "desc", None, ["cherry", "banana", "apple"]),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], (">", "3"), "desc", 3, [9, 8, 7]),
        (["apple", "application", "banana", "apricot"], ("start with", "app"), None, None, ["apple", "application"]),
        (["apple", "banana", "pineapple", "table"], ("end with", "le"), None, None, ["apple", "pineapple", "table"]),
        ([1, 3, 5, 5, 7, 9], ("=", "5"), None, None, [5, 5]),
        (["apple", "banana", "cherry", "date"], None, None, 2, ["apple", "banana"]),
        ([], None, None, None, []),
    ],
)
def test_what_dify_does_with_lists_comes_out_the_same(entries, keep, sort, size, result):
    settings = {"entries": entries}
    if keep:
        settings["keep"] = [{"operator": _OPERATORS[keep[0]], "value": keep[1]}]
    if sort:
        settings["sort"] = [{"direction": {"asc": "up", "desc": "down"}[sort]}]
    if size:
        settings |= {"take": "first", "size": size}
    found = arrange(settings)
    assert found["result"] == result
    assert (found["first_record"], found["last_record"]) == ((result[0], result[-1]) if result else (None, None))
