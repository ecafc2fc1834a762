"""Two runs side by side as the page shows them."""

from builder import routes
from builder.screens.compare import CLOSED, opened_of, row_of, sentence_of
from runtime.operations.comparing import Compared, Comparison, Side
from runtime.operations.traces import RunCard

CARD = RunCard("run_a", "w", "W", "Ada", "browser", "succeeded", 1.0, 1.0, 2.0, 0, 0, None, "")


def side(**changed) -> Side:
    known = {"status": "done", "input": {"text": "a"}, "output": {"text": "b"}, "error": "", "duration": 1.4,
             "tokens": 1200, "cost": 0.5, "origin": ""}  # fmt: skip
    return Side(**known | changed)


def compared(left: Side | None, right: Side | None, *differs, path: str = "") -> Compared:
    return Compared("ask", path, "Ask", "ai.ask_model", left, right, differs)


def comparison(*steps: Compared, inputs: bool = False, left_off: int = 0) -> Comparison:
    return Comparison(CARD, CARD, inputs, False, list(steps), left_off)


def test_how_much_differs_is_a_sentence():
    same, other = compared(side(), side()), compared(side(), side(), "output")
    assert sentence_of(comparison(same)) == "The one step is the same."
    assert sentence_of(comparison(same, same)) == "All 2 steps are the same."
    assert sentence_of(comparison(same, other)) == "1 step of 2 differs."
    told = sentence_of(comparison(other, other, inputs=True, left_off=3))
    assert told == "2 steps of 2 differ. The two runs were given different inputs. 3 more items are not compared."


def test_a_row_says_what_differs_and_where_it_is():
    row = row_of(compared(side(), side(tokens=900, cost=None), "output", "tokens", path="rounds[0]/all[9]"))
    assert (row["where"], row["inner"], row["differs"]) == ("item 1 › item 10", True, ["Output", "Tokens"])
    assert (row["tokens"], row["left_took"]) == ("1,200 → 900", "1.4 s")


def test_a_given_step_took_no_time_and_says_so():
    row = row_of(compared(side(), side(origin="given")))
    assert (row["right_took"], row["notes"]) == ("", "given right")


def test_a_step_one_run_did_not_have_has_no_status_there():
    row = row_of(compared(side(), None, "status"))
    assert (row["left"], row["right"]) == ("done", "")
    opened = opened_of(compared(None, side(error="Broken.", output=None)))
    assert (opened["right_error"], opened["left_output"], opened["right_output"]) == ("Broken.", [], [])
    assert CLOSED["key"] == ""


def test_two_runs_have_one_address():
    assert routes.compare("run_a", "run_b") == "/runs/compare?a=run_a&b=run_b"
