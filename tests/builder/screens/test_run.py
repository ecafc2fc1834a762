from typing import Any

import pytest

from builder.components.tree import Line
from builder.screens.run import Given, inspected_of, steps_of, values_of
from runtime.operations.traces import ModelCall, StepView


def step(name: str, status: str, started: float | None = None, ended: float | None = None, **more: Any) -> StepView:
    given = {"output": None, "error": None, "usage": None, "calls": []} | more
    return StepView(name, "", name.title(), "flow.start", status, "", started, ended, **given)


def test_each_bar_is_the_share_of_the_time_the_step_took():
    first, second = steps_of([step("ask", "done", 100, 103), step("join", "done", 103, 104)], now=999, label=str.upper)
    assert (first["begin"], first["end"], first["took"]) == (0, 0.75, "3.0 s")
    assert first["kind"] == "FLOW.START"
    assert (second["begin"], second["end"], second["took"]) == (0.75, 1, "1.0 s")


def test_a_step_that_runs_reaches_until_now():
    done, running = steps_of([step("ask", "done", 100, 101), step("join", "running", 101)], now=105, label=str.upper)
    assert (done["end"], running["begin"], running["end"]) == (0.2, 0.2, 1)
    assert running["took"] == "running"


def test_a_step_that_has_not_begun_has_no_bar_and_does_not_look_like_one_that_waits_for_somebody():
    _, ahead, skipped = steps_of(
        [step("ask", "done", 1, 2), step("join", "waiting"), step("tech", "skipped")], now=2, label=str.upper
    )
    assert (ahead["status"], ahead["begin"], ahead["end"], ahead["took"]) == ("queued", 0, 0, "")
    assert (skipped["status"], skipped["took"]) == ("skipped", "skipped")


def test_a_run_of_which_nothing_began_can_be_drawn():
    assert [one["end"] for one in steps_of([step("ask", "waiting")], now=5, label=str.upper)] == [0]


def test_text_stays_text_and_all_else_is_a_tree():
    assert values_of({"answer": "Dear Jo,\n…", "urgent": True}) == [
        Given(name="answer", text="Dear Jo,\n…", tree=[]),
        Given(name="urgent", text="", tree=[Line(depth=0, name="", value="yes")]),
    ]


def test_an_open_step_shows_its_error_with_what_to_do_and_its_model_calls():
    call = ModelCall(
        "ask", "fast", "openai/x", [{"role": "user", "content": "Hi"}], 1.0, {"tokens_in": 1200, "tokens_out": 3}
    )
    failed = step("ask", "failed", 1, 2, error={"message": "No answer.", "hint": "Try again."}, calls=[call])
    shown = inspected_of(failed, {"alias": "fast"})
    assert (shown["error"], shown["hint"]) == ("No answer.", "Try again.")
    assert shown["calls"][0]["tokens"] == "1,200 in · 3 out"
    assert shown["input"] == [Line(depth=0, name="alias", value="fast")]


def test_the_use_of_the_only_call_is_the_use_of_its_step():
    call = ModelCall("ask", "fast", "openai/x", [], 1.0, None)
    used = {"tokens_in": 10, "tokens_out": 2, "cost": 0.5}
    one = inspected_of(step("ask", "done", 1, 2, usage=used, calls=[call]), None)["calls"]
    two = inspected_of(step("ask", "done", 1, 2, usage=used, calls=[call, call]), None)["calls"]
    assert [(each["tokens"], each["cost"]) for each in one] == [("10 in · 2 out", "$0.50")]
    assert [each["tokens"] for each in two] == ["", ""]


@pytest.mark.parametrize("output", [0, False, "", {}])
def test_an_output_that_is_empty_is_not_an_output_that_is_missing(output: Any):
    assert inspected_of(step("ask", "done", 1, 2, output=output), None)["output"]
    assert not inspected_of(step("ask", "done", 1, 2), None)["output"]
