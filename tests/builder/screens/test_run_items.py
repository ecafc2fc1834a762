from dataclasses import replace

import pytest

from builder.screens.run import steps_of
from builder.screens.run_called import Called
from builder.screens.run_items import counted, name_of, opened_of, status_of
from runtime.operations.called import CalledView
from runtime.operations.happened import Items, StepView
from runtime.operations.items import ItemView

STEP = StepView("ask", "all[3]", "Ask", "ai.ask_model", "done", "done", 1.0, 3.0, None, None, None, [], inside="all")


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (None, ""),
        (Items("item", 1, 0), "1 item"),
        (Items("item", 9_999, 1), "10,000 items, 1 failed"),
        (Items("item", 38, 2, 40), "38 of 40 items done, 2 failed"),
        (Items("item", 1, 0, 1), "1 of 1 item done"),
        (Items("round", 3, 0, 10), "3 rounds"),
        (Items("round", 3, 0), "3 rounds"),
    ],
)
def test_how_far_a_container_came_in_words(items: Items | None, words: str):
    assert counted(items) == words


def test_an_item_is_called_as_people_count():
    assert name_of("loop[0]/all[9999]", "Item") == "Item 10,000"
    assert name_of("loop[0]", "Round") == "Round 1"


def test_an_open_item_shows_only_steps_that_ran_and_why_it_failed():
    skipped = replace(STEP, step="tell", status="skipped", started=None, ended=None)
    shown = opened_of(ItemView("all[3]", "failed", None, {"message": "No.", "hint": "Try."}, [STEP, skipped]), "Item 4")
    assert [(one["id"], one["took"]) for one in shown["steps"]] == [("ask", "2.0 s")]
    assert (shown["error"], shown["hint"], shown["result"]) == ("No.", "Try.", [])


def test_a_failure_the_run_went_on_after_is_marked_and_told():
    went = replace(STEP, handled=True, exit="error", tries=3)
    assert (status_of(STEP), status_of(went)) == ("done", "partly_succeeded")
    assert status_of(replace(STEP, items=Items("item", 9, 1, 10))) == "partly_succeeded"
    (row,) = steps_of([went], now=9.0, label=str)
    assert (row["status"], row["says"]) == ("partly_succeeded", "3 tries · failed, went on by its exit “Failed”")


def test_steps_of_called_workflows_stand_behind_the_step_that_calls_them():
    call = replace(STEP, step="call", type="flow.call", path="all[3]")
    inner = replace(STEP, step="ask", path="all[3]/call", inside="", title="Inner ask")
    held = replace(STEP, step="each", path="", inside="", started=None, ended=None, status="waiting")
    view = CalledView("all[3]/call", "reply", "Reply", 2, True, True, [held, inner])
    hidden = CalledView("other", "secret", "", 0, False, False, [])
    around = [replace(STEP, step="all", path="", inside=""), call, replace(STEP, step="other", path="", inside="")]
    rows = steps_of(around, now=9.0, label=str, called=[view, hidden])
    assert [(row["id"], row["path"], row["depth"]) for row in rows] == [
        ("all", "", 0), ("call", "all[3]", 1), ("all[3]/call/each", "all[3]/call", 2),
        ("all[3]/call/ask", "all[3]/call", 2), ("other", "", 0),
    ]  # fmt: skip
    assert [row["called"] for row in rows if row["called"]["name"]] == [
        Called(name="Reply, version 2", link="/editor/reply", shut=False),
        Called(name="secret", link="", shut=True),
    ]
    shown = opened_of(ItemView("all[3]", "done", 1, None, [call], [view]), "Item 4")
    assert [(one["id"], one["path"], one["depth"]) for one in shown["steps"]] == [
        ("call", "all[3]", 0), ("all[3]/call/ask", "all[3]/call", 1)]  # fmt: skip


def test_a_step_nobody_named_goes_by_its_type_and_one_that_was_given_counts_no_items():
    (row,) = steps_of([replace(STEP, title="ask", origin="given", items=Items("item", 0, 0))], now=9.0, label=str.upper)
    assert (row["title"], row["kind"], row["items"]) == ("AI.ASK_MODEL", "given", "")
    waits, stopped = (replace(STEP, status="skipped", items=Items("item", done, 0)) for done in (0, 3))
    assert [one["items"] for one in steps_of([waits, stopped], now=9.0, label=str)] == ["", "3 items"]


def test_steps_know_how_deep_they_lie():
    around = [
        replace(STEP, step=step, inside=inside) for step, inside in (("all", ""), ("loop", "all"), ("ask", "loop"))
    ]
    assert [one["depth"] for one in steps_of(around, now=9.0, label=str)] == [0, 1, 2]
