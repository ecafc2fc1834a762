from builder.components.tree import LONGEST, MOST, Line, lines_of


def test_what_is_nested_is_one_level_deeper():
    assert lines_of({"ticket": {"urgent": True, "lines": ["a", "b"]}}) == [
        Line(depth=0, name="ticket", value=""),
        Line(depth=1, name="urgent", value="yes"),
        Line(depth=1, name="lines", value="2 items"),
        Line(depth=2, name="1", value="a"),
        Line(depth=2, name="2", value="b"),
    ]


def test_a_list_at_the_top_has_no_line_of_its_own():
    assert [line["name"] for line in lines_of(["a", "b"])] == ["1", "2"]


def test_nothing_is_said_in_words():
    assert [line["value"] for line in lines_of({"a": None, "b": {}, "c": [], "d": False, "e": 0})] == [
        "nothing", "empty", "empty", "no", "0",
    ]  # fmt: skip


def test_a_value_that_nobody_reads_to_its_end_is_cut():
    assert lines_of({"text": "x" * (LONGEST + 1)})[0]["value"] == "x" * LONGEST + "…"


def test_a_tree_that_nobody_reads_to_its_end_is_cut():
    lines = lines_of(list(range(MOST + 50)))
    assert len(lines) == MOST + 1
    assert lines[-1]["value"] == "and more"
