from typing import Any

import pytest

from builder.components.files import Handle
from builder.components.tree import Line
from builder.screens.run import Given, steps_of, values_of
from builder.screens.run_step import Message, inspected_of
from runtime.operations.happened import ModelCall, StepView


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


def test_text_stays_text_a_file_a_file_and_all_else_is_a_tree():
    file = Handle(id="file_1", name="a.pdf", type="application/pdf", size=3, sha256="0")
    assert values_of({"answer": "Dear Jo,\n…", "urgent": True, "doc": file, "docs": [file, file]}) == [
        Given(name="Answer", text="Dear Jo,\n…", tree=[], files=[]),
        Given(name="Urgent", text="", tree=[Line(depth=0, name="", value="yes")], files=[]),
        Given(name="Doc", text="", tree=[], files=[file]),
        Given(name="Docs", text="", tree=[], files=[file, file]),
    ]


def test_an_open_step_shows_its_error_with_what_to_do_and_its_model_calls():
    call = ModelCall(
        "ask", "fast", "openai/x", [{"role": "user", "content": "Hi"}], 1.0, {"tokens_in": 1200, "tokens_out": 3}
    )
    failed = step("ask", "failed", 1, 2, error={"message": "No answer.", "hint": "Try again."}, calls=[call])
    shown = inspected_of(failed, {"alias": "fast"}, fields={"alias": "Model"})
    assert (shown["error"], shown["hint"]) == ("No answer.", "Try again.")
    assert shown["calls"][0]["tokens"] == "1,200 in · 3 out"
    assert shown["calls"][0]["messages"] == [Message(role="Message", text="Hi")]
    assert shown["input"] == [Line(depth=0, name="Model", value="fast")]


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


def test_passages_are_listed_and_only_what_may_be_opened_has_a_link():
    def found(passage: str) -> dict[str, Any]:
        return {"title": "Handbook", "content": "30 days.",
                "metadata": {"base": "hr", "passage": passage, "page": 3, "score": 0.5}}  # fmt: skip

    searched = step("find", "done", 1, 2, output={"text": "[1] …", "result": [found("p1"), found("p2")]})
    shown = inspected_of(searched, None, readable={"p2"})
    assert [each["link"] for each in shown["passages"]] == ["", "/knowledge/hr/passages/p2"]
    assert (shown["passages"][0]["page"], shown["passages"][0]["score"]) == ("page 3", "score 0.50")
    assert shown["output"] == [Line(depth=0, name="Text", value="[1] …")]
