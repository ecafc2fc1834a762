"""The list step filters, sorts, shortens and groups."""

import json
from pathlib import Path

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


TEXTS = ["B", "a", "10", "9", "a "]


@pytest.mark.parametrize(
    ("entries", "settings", "result"),
    [
        (TEXTS, {"keep": [{"operator": "is", "value": "a"}]}, ["a"]),
        (TEXTS, {"keep": [{"operator": "is_one_of", "value": ["a", "B"]}]}, ["B", "a"]),
        (TEXTS, {"keep": [{"operator": "is_one_of", "value": "xay9z"}]}, ["a", "9"]),
        (TEXTS, {"keep": [{"operator": "is_not_one_of", "value": "a B"}]}, ["10", "9"]),
        (TEXTS, {"keep": [{"operator": "contains", "value": ""}]}, TEXTS),
        ([0, 2], {"keep": [{"operator": "at_most", "value": "1.5"}]}, [0]),
        ([True, False], {"keep": [{"operator": "is_not", "value": True}]}, [False]),
        (TEXTS, {"sort": [{}]}, ["10", "9", "B", "a", "a "]),
        ([3, "b", None, 1, "a"], {"sort": [{}]}, [1, 3, "a", "b", None]),
        ([2, 1.5, -1], {"sort": [{"direction": "down"}]}, [2, 1.5, -1]),
        (TEXTS, {"unique": True}, TEXTS),
        (TEXTS, {"take": "part", "start": "2", "size": 1}, ["a"]),
    ],
)
def test_by_the_exact_rules(entries, settings, result):
    assert arrange({"entries": entries, "rules": "exact", **settings})["result"] == result


@pytest.mark.parametrize("start", [0, -1, 1.5, "two", None, "", 6])
def test_by_the_exact_rules_the_entry_to_begin_with_has_to_be_there(start):
    settings = {"entries": TEXTS, "take": "part", "start": start, "size": 1}
    with pytest.raises(StepFailed, match="entry"):
        arrange(settings | {"rules": "exact"})
    assert arrange(settings | {"start": 6})["result"] == []


@pytest.mark.parametrize(
    ("settings", "fields"),
    [
        ({"keep": [{"operator": "is", "value": ""}], "rules": "exact"}, []),
        ({"take": "part", "start": ""}, ["start"]),
        ({"take": "first", "start": ""}, []),
    ],
)
def test_a_blank_side_and_a_missing_beginning(settings, fields):
    assert [each.field for each in Lists.model_validate({"entries": [1], **settings}).troubles()] == fields


CASES = Path(__file__).parents[3] / "../shared/dify/node_cases.json"
_OPERATORS = {">": "greater", "=": "equal", "start with": "starts_with", "end with": "ends_with"}


def by_dify(case):
    """The settings that mean what a list operator of Dify's says."""
    settings = {"entries": case["actual"], "rules": "exact"}
    if case["filter_by"]["enabled"]:
        settings["keep"] = [
            {"of": each.get("key", ""), "operator": _OPERATORS[each["comparison_operator"]], "value": each["value"]}
            for each in case["filter_by"]["conditions"]
        ]
    if case["order_by"]["enabled"]:
        settings["sort"] = [{"direction": {"asc": "up", "desc": "down"}[case["order_by"]["value"]]}]
    if case["limit"]["enabled"]:
        settings |= {"take": "first", "size": case["limit"]["size"]}
    return settings


def test_the_public_cases_of_dify_come_out_the_same():
    if not CASES.exists():
        pytest.skip("the public cases of Dify (../shared/dify/node_cases.json) are not on this machine")
    cases = [each for each in json.loads(CASES.read_text()) if each["node"] == "list-operator"]
    assert cases
    for case in cases:
        found = arrange(by_dify(case))
        names = ("result", "first_record", "last_record")
        assert [found[name] for name in names] == [case[name] for name in names], case


def test_by_the_exact_rules_an_empty_list_stays_empty_whatever_entry_is_taken():
    settings = {"entries": [], "rules": "exact", "take": "part", "start": "3", "size": 1}
    assert arrange(settings)["result"] == []


def test_by_the_exact_rules_a_whole_number_is_compared_with_a_part_of_one():
    settings = {"entries": [2, 3, 2.5], "rules": "exact"}
    assert arrange({**settings, "keep": [{"operator": "equal", "value": "2.5"}]})["result"] == [2.5]
    assert arrange({**settings, "keep": [{"operator": "not_equal", "value": "3.0"}]})["result"] == [2, 2.5]
