"""What changed in code is shown line by line, and so is nothing else."""

from builder.screens.review_shown import change_of
from runtime.operations.reviews import ChangeLine

BEFORE = "\n".join(f"line {number}" for number in range(20))


def change(reason: str, before, after, kind: str = "changed"):
    return change_of(
        ChangeLine(
            kind, "setting", "check", "Check", "code", before, after, "It changed.", reason, True, "“Check”: “Code”"
        )
    )


def test_a_change_of_code_stands_line_by_line_with_some_lines_around_it():
    shown = change("Code", BEFORE, BEFORE.replace("line 10", "line ten"))
    assert [(each["kind"], each["text"]) for each in shown["lines"]] == [
        ("same", "line 7"), ("same", "line 8"), ("same", "line 9"), ("removed", "line 10"), ("added", "line ten"),
        ("same", "line 11"), ("same", "line 12"), ("same", "line 13"),
    ]  # fmt: skip
    assert not shown["beside"]


def test_changes_far_from_one_another_have_a_gap_between_them():
    shown = change("Code", BEFORE, BEFORE.replace("line 2", "two", 1).replace("line 18", "eighteen"))
    assert [each["kind"] for each in shown["lines"]].count("gap") == 1


def test_new_code_and_any_other_text_stand_as_they_did():
    assert change("Code", None, BEFORE, "added")["lines"] == []
    assert change("What a model is told", BEFORE, "short")["lines"] == []
    assert change("What a model is told", BEFORE, "short")["beside"]
