"""What a reviewer is shown."""

from builder.screens.review_shown import change_of, cost_of, leak_of
from runtime.operations.reviews import ChangeLine


def test_what_may_not_go_where_is_a_problem_of_the_connection_it_goes_along():
    line = {"sentence": "Confidential text would leave.", "step": "ask", "edge": "Find → Ask",
            "along": {"from": "find", "to": "ask"}}  # fmt: skip
    problem = leak_of(line)
    assert (problem["edge"], problem["step"], problem["severity"]) == ({"from": "find", "to": "ask"}, "ask", "error")
    assert problem["sentence"] == "Confidential text would leave."


def test_a_forecast_of_nothing_is_free_and_of_no_price_unknown():
    assert cost_of({"mean": 0.0, "runs": 2, "seconds": 0.15}).startswith("free")
    assert cost_of({"mean": None, "runs": 2, "seconds": 0.15}).startswith("price unknown")


def line(before: str, after: str) -> ChangeLine:
    return ChangeLine(
        "changed", "setting", "ask", "Ask", "messages.0.text", before, after,
        "“Ask”: “Message” was this and is now that.", "What a model is told", material=True, place="“Ask”: “Message”",
    )  # fmt: skip


def test_long_texts_stand_side_by_side_and_are_not_told_once_more():
    assert change_of(line("a" * 80, "b"))["sentence"] == "“Ask”: “Message”"
    assert change_of(line("a", "b"))["sentence"] == "“Ask”: “Message” was this and is now that."
