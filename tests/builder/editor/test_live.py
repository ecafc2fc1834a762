from typing import Any

from builder.editor.live import Live, called_of, inspected_of, refused, shown_of
from runtime.operations.called import CalledView
from runtime.operations.happened import ModelCall, StepView
from runtime.operations.traces import RunCard, RunView


def step(name: str, status: str, started: float | None = None, ended: float | None = None, **more: Any) -> StepView:
    given: dict[str, Any] = {"output": None, "error": None, "usage": None, "calls": []} | more
    return StepView(name, "", name.title(), "flow.start", status, "", started, ended, **given)


def live(**steps: str) -> Live:
    return Live({"id": "r1", "status": "running", "steps": {name: {"status": each} for name, each in steps.items()}})


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "run": "r1", "step": "ask"} | more


def test_a_step_begins_and_ends():
    run = live(ask="waiting")
    run.take(event("step.started", started=10.0))
    assert run.shown["steps"]["ask"] == {"status": "running", "started": 10.0, "path": ""}
    run.take(event("step.done", exit="done", usage={"tokens_in": 3}, started=10.0, ended=11.5))
    ask = run.shown["steps"]["ask"]
    assert (ask["status"], ask["exit"], ask["seconds"], ask["usage"]) == ("done", "done", 1.5, {"tokens_in": 3})


def test_a_late_provisional_event_does_not_wake_a_finished_step():
    run = live(ask="waiting")
    run.take(event("step.failed", error={"message": "no"}, started=1.0, ended=2.0))
    run.take(event("step.started", started=1.0))
    run.take(event("step.intent", started=1.0))
    assert run.shown["steps"]["ask"]["status"] == "failed"


def test_text_waits_to_be_sent_and_changes_no_status():
    run = live(ask="running")
    run.changed = False
    run.take(event("text", path="", attempt=1, offset=0, text="Hi") | {"try": 1})
    assert run.deltas == [{"step": "ask", "path": "", "attempt": 1, "try": 1, "offset": 0, "text": "Hi"}]
    assert not run.changed


def test_the_end_of_the_run_brings_what_came_out():
    run = live(ask="done")
    run.take({"kind": "run.ended", "run": "r1", "status": "succeeded", "outputs": {"answer": "Hi"}, "error": None})
    assert (run.shown["status"], run.shown["outputs"]) == ("succeeded", {"answer": "Hi"})


def test_a_step_that_asks_says_whom_and_the_run_goes_on_with_the_answer():
    run = live(ask="running")
    run.take(event("step.waiting", started=10.0, title="Buy it?", waits_for="Procurement", deadline=90.0))
    run.take({"kind": "run.waiting", "run": "r1", "status": "waiting", "outputs": None, "error": None, "ended": None})
    run.take(event("step.started", started=50.0))
    ask = run.shown["steps"]["ask"]
    assert (run.shown["status"], ask["status"], ask["asked"]["waits_for"]) == ("waiting", "asking", "Procurement")
    run.take(event("step.answered", choice="approved", by="Ada"))
    assert (run.shown["status"], run.shown["steps"]["ask"]["status"]) == ("running", "running")


def test_what_was_asked_when_the_run_was_stopped_was_stopped_with_it():
    run = live(ask="asking")
    run.take({"kind": "run.ended", "run": "r1", "status": "cancelled", "ended": 12.0})
    assert run.shown["steps"]["ask"]["status"] == "cancelled"


def test_an_event_nobody_shows_changes_nothing():
    run = live(ask="done")
    run.changed = False
    run.take(event("variable.set", variable="n", value=1))
    assert not run.changed


def test_earlier_states_stay_as_they_were():
    run = live(ask="waiting")
    before = run.shown
    run.take(event("step.started", started=1.0))
    assert before["steps"]["ask"] == {"status": "waiting"}


def test_a_recorded_run_has_the_form_of_a_live_one():
    card = RunCard("r1", "n", "N", "Ada", "person", "failed", 1.0, 1.0, 3.0, 1, 2, None, "no")
    steps = [step("ask", "failed", 1.0, 2.5), step("join", "skipped")]
    view = RunView(
        card=card, inputs={}, outputs=None, error={"message": "no"}, steps=steps, chat=False, hash="h", attempt=1,
        last_hash="",
    )  # fmt: skip
    shown = shown_of(view)
    assert (shown["id"], shown["status"], shown["error"]) == ("r1", "failed", {"message": "no"})
    assert (shown["steps"]["ask"]["seconds"], shown["steps"]["join"]["seconds"]) == (1.5, None)


def test_a_run_that_was_refused_says_why_where_a_failed_one_does():
    shown = refused(3, "Some inputs do not fit.", "Correct them.")
    assert (shown["id"], shown["status"]) == ("refused-3", "failed")
    assert shown["error"] == {"message": "Some inputs do not fit.", "hint": "Correct them."}


def test_an_open_step_carries_its_model_calls():
    call = ModelCall("ask", "fast", "openai/x", [{"role": "user", "text": "Hi"}], 1.0, {"tokens_in": 1})
    shown = inspected_of("r1", step("ask", "done", 1.0, 2.0, output={"text": "Ho"}, calls=[call]), {"alias": "fast"})
    assert (shown["run"], shown["step"], shown["input"], shown["output"]) == (
        "r1",
        "ask",
        {"alias": "fast"},
        {"text": "Ho"},
    )
    assert shown["model_calls"][0]["messages"] == [{"role": "user", "text": "Hi"}]


def test_what_was_under_way_when_the_run_was_stopped_was_stopped_with_it():
    run = live(ask="running", tell="done")
    run.take(event("step.started", started=10.0))
    run.take({"kind": "run.ended", "run": "r1", "status": "cancelled", "ended": 12.0})
    ask, tell = run.shown["steps"]["ask"], run.shown["steps"]["tell"]
    assert (ask["status"], ask["seconds"], tell["status"]) == ("cancelled", 2.0, "done")


def test_nothing_is_stopped_while_the_run_goes_on():
    run = live(ask="running")
    run.take({"kind": "run.waiting", "run": "r1", "status": "waiting", "ended": None})
    assert run.shown["steps"]["ask"]["status"] == "running"


def test_a_step_inside_a_container_runs_again_in_the_next_item_and_the_container_counts():
    run = live(ask="waiting", all="running")
    run.shown["steps"]["all"]["items"] = {"kind": "item", "done": 0, "failed": 0, "of": None}
    run.take(event("step.started", started=1.0, path="all[0]"))
    run.take(event("step.done", exit="done", started=1.0, ended=2.0, path="all[0]"))
    run.take(event("step.item", step="all", exit="done", path="all[0]"))
    run.take(event("step.started", started=1.0, path="all[0]"))
    assert run.shown["steps"]["ask"]["status"] == "done", "a late event of an item that is over"
    run.take(event("step.started", started=3.0, path="all[1]"))
    assert run.shown["steps"]["ask"]["status"] == "running"
    run.take(event("step.item", step="all", exit="failed", path="all[1]"))
    run.take(event("step.item", step="all", exit="cancelled", path="all[2]"))
    assert run.shown["steps"]["all"]["items"] == {"kind": "item", "done": 1, "failed": 1, "of": None}


def test_a_failure_the_run_went_on_after_is_no_failure_of_the_step():
    run = live(ask="running")
    run.take(event("step.retry", error={"message": "busy"}) | {"try": 1})
    assert (run.shown["steps"]["ask"]["status"], run.shown["steps"]["ask"]["tries"]) == ("running", 2)
    run.take(event("step.failed", error={"message": "no"}, handled=True, exit="error", started=1.0, ended=2.0))
    ask = run.shown["steps"]["ask"]
    assert (ask["status"], ask["handled"], ask["exit"], ask["error"]) == ("done", True, "error", {"message": "no"})


def test_what_happens_in_a_called_workflow_leaves_the_steps_of_the_canvas_alone():
    run = live(ask="waiting")
    run.changed = False
    run.take(event("step.started", started=1.0, path="call"))
    run.take(event("text", path="all[0]/call", attempt=1, offset=0, text="Hi") | {"try": 1})
    run.take(event("step.done", exit="done", path="all[0]/call", started=1.0, ended=2.0))
    assert run.shown["steps"]["ask"] == {"status": "waiting"}
    assert (run.changed, run.deltas, run.inner) == (False, [], True)


def test_text_of_a_called_workflow_makes_nobody_read_the_log():
    run = live(ask="waiting")
    run.take(event("text", path="call", attempt=1, offset=0, text="Hi") | {"try": 1})
    assert not run.inner


def test_the_first_item_that_ends_tells_how_many_there_are_unless_there_are_several_places():
    run = live(all="running")
    run.shown["steps"]["all"]["items"] = {"kind": "item", "done": 0, "failed": 0, "of": None}
    run.take(event("step.item", step="all", exit="done", path="loop[0]/all[0]", of=3))
    assert run.shown["steps"]["all"]["items"] == {"kind": "item", "done": 1, "failed": 0, "of": None}
    run.take(event("step.item", step="all", exit="done", path="all[1]", of=3))
    assert run.shown["steps"]["all"]["items"] == {"kind": "item", "done": 2, "failed": 0, "of": 3}


def test_called_workflows_are_told_with_their_steps_and_hidden_ones_by_their_name():
    shown = called_of([
        CalledView("call", "reply", "Reply", 2, True, True, [step("ask", "done", 1.0, 2.0, output={"secret": 1})]),
        CalledView("other", "secret", "", 0, False, False, []),
    ])  # fmt: skip
    assert [(each["place"], each["seen"], [one["step"] for one in each["steps"]]) for each in shown] == [
        ("call", True, ["ask"]), ("other", False, [])]  # fmt: skip
    assert "secret" not in str(shown[0])


def test_a_queued_run_runs_from_its_first_step_on():
    run = Live({"id": "r1", "status": "queued", "steps": {"ask": {"status": "waiting"}}})
    run.take(event("step.started", started=1.0))
    assert run.shown["status"] == "running"
