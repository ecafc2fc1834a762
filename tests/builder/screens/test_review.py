"""What a reviewer is shown."""

from builder.screens.review_forms import tiers_of
from builder.screens.review_shown import change_of, cost_of, item_of, leak_of
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


def line(before: object, after: object) -> ChangeLine:
    return ChangeLine(
        "changed", "setting", "ask", "Ask", "messages.0.text", before, after,
        "“Ask”: “Message” was this and is now that.", "What a model is told", material=True, place="“Ask”: “Message”",
    )  # fmt: skip


def test_long_texts_stand_side_by_side_and_are_not_told_once_more():
    assert change_of(line("a" * 80, "b"))["sentence"] == "“Ask”: “Message”"
    assert change_of(line("a", "b"))["sentence"] == "“Ask”: “Message” was this and is now that."


def test_a_text_of_several_lines_keeps_them_also_inside_of_another_value():
    shown = change_of(line(None, [{"role": "user", "text": "Be kind.\nBe short."}, {"text": "Now."}]))
    assert (shown["before"], shown["beside"], shown["sentence"]) == ("", True, "“Ask”: “Message” is new")
    assert change_of(line("a" * 80, None))["sentence"] == "“Ask”: “Message” is gone"
    assert shown["after"] == "- role: user\n  text:\n    Be kind.\n    Be short.\n- text: Now."
    assert change_of(line("a\nb", "a\nc"))["sentence"] == "“Ask”: “Message”"
    assert not change_of(line("a", "b"))["beside"]


def test_what_is_known_of_a_thing_is_told_in_words():
    facts = {"encrypted": True, "effects": ["network", "spend"], "fallback": "", "max_tokens": 100}
    told = item_of({"kind": "node_type", "name": "x", "title": "Ask a model", "facts": facts})
    assert (told["kind"], told["name"]) == ("Step type", "Ask a model")
    assert item_of({"kind": "base", "name": "handbook", "facts": {}})["name"] == "handbook", "kept before it had titles"
    base = {"kind": "base", "name": "x", "title": "Rules", "facts": {"id": "b", "title": "Rules", "tokens": 180}}
    assert item_of(base)["facts"] == "tokens: 180", "what it is called stands beside it"
    assert told["facts"] == "encrypted: yes · effects: network, spend · max tokens: 100"


def test_a_reviewer_is_offered_higher_tiers_only():
    assert [each["id"] for each in tiers_of(1)] == ["", "2", "3"]
    assert [each["title"] for each in tiers_of(2)] == ["Tier 2, as worked out", "Tier 3 · High risk"]
    assert tiers_of(3) == []
