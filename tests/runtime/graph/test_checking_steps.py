import pytest

from nodes.sdk import StepFailed
from runtime.graph.naming import called, keys_of
from tests.runtime.graph.drawn import FINISH, REAL, START, Known, Repeat, compiled, drawn, join, planned, told

LINE = ["start > a", "a > done"]


def alone(*step):
    """The problems of one step between start and finish."""
    return [each for each in compiled({"start": START, "a": step, "done": FINISH}, LINE).problems if each.step == "a"]


def test_a_sound_step_has_no_problems():
    assert alone("test.repeat", {"text": "Hi"}, 3) == []


@pytest.mark.parametrize(
    ("step", "code", "field", "sentence", "hint"),
    [
        (("test.repaet", {}), "unknown_type", None, "“a” is of the type “test.repaet”", "Did you mean “test.repeat”?"),
        (("x.y", {}), "unknown_type", None, "nobody knows here", "Choose a step from the palette"),
        (("test.repeat", {}, 3), "missing_setting", "text", "“Text” of “a” is missing.", "Fill it in."),
        (("test.repeat", {"text": "a", "txet": 1}, 3), "unknown_setting", "txet", "no setting “txet”", "“text”?"),
        (("test.repeat", {"text": "a" * 21}, 3), "invalid_setting", "text", "at most 20 characters", ""),
        (
            ("test.repeat", {"text": "a", "times": 10}, 3),
            "invalid_setting",
            "times",
            "must be at most 9, but it is “10”",
            "",
        ),
        (("test.repeat", {"text": "a", "times": "x"}, 3), "invalid_setting", "times", "must be a whole number", ""),
        (("test.repeat", {"text": ["a"]}, 3), "invalid_setting", "text", "“Text” of “a” must be text.", ""),
        (
            ("test.repeat", {"text": "a"}, 4),
            "newer_version",
            None,
            "made with version 4 of “Repeat”; here is version 3",
            "newer Greenlane",
        ),
        (("test.repeat", {"text": "a"}, 1), "old_version", None, "made with version 1 of “Repeat”, too old", "anew"),
        (("test.repeat", {"no_word": "a"}, 2), "old_version", None, "too old", "anew"),
        (("test.moody", {}), "missing_setting", "need", "“Need” of “a” is missing.", ""),
        (
            ("flow.branch", {"cases": [{"id": "x", "conditions": [{"left": 1, "operator": "is_noot", "right": 1}]}]}),
            "invalid_setting",
            "cases.0.conditions.0.operator",
            "“Comparison” (case 1, condition 1) of “a” must be",
            "Did you mean “is_not”?",
        ),
        (
            (
                "flow.branch",
                {
                    "cases": [
                        {"id": "x", "conditions": [{"left": 1, "right": 1}]},
                        {"id": "x", "conditions": [{"left": 1, "right": 1}]},
                    ]
                },
            ),
            "name_taken",
            "cases.1.id",
            "“a”: “x” already names another case.",
            "",
        ),
        (
            ("data.join_text", {"texts": ["a {{ ! }}"]}),
            "malformed_reference",
            "texts.0",
            "“Texts” (text 1) of “a”: “{{ ! }}” is no reference.",
            "Write {{ step.field }}",
        ),
        (
            ("data.join_text", {"texts": ["a"], "other": "{{ start.text }}"}),
            "no_references_here",
            "other",
            "“Other text” of “a”: it takes only what is typed",
            "Type a value",
        ),
        (
            ("flow.finish", {"outputs": [{"value": 1}]}),
            "missing_setting",
            "outputs.0.name",
            "“Name” (result 1) of “a” is missing.",
            "",
        ),
    ],
)
def test_a_problem_names_its_step_and_field_in_words(step, code, field, sentence, hint):
    found = [each for each in alone(*step) if each.code == code]
    assert [each.field for each in found] == [field]
    assert sentence in found[0].sentence
    assert hint in found[0].hint


def test_settings_of_an_older_version_are_translated():
    plan = planned({"start": START, "a": ("test.repeat", {"word": "old"}, 2), "done": FINISH}, LINE)
    assert plan.steps[1].ready == Repeat(text="old")
    assert plan.steps[1].version == 3


def test_a_step_called_like_a_root_of_references_is_refused():
    assert ("reserved_id", "run", None) in told(
        {"start": START, "run": join("a"), "done": FINISH}, ["start > run", "run > done"]
    )


def test_a_value_that_comes_later_may_stand_where_a_number_is_needed():
    step = ("test.repeat", {"text": "{{ start.text }} is longer than it may be", "times": "{{ start.number }}"}, 3)
    assert alone(*step) == []


def test_what_is_known_of_a_half_filled_step_is_told_all_the_same():
    steps = {
        "start": START,
        "a": ("test.repeat", {"times": 99}, 3),
        "b": ("flow.branch", {"cases": [{"id": "x"}], "y": 1}),
    }
    found = compiled(steps)
    assert list(found.outputs["a"]) == ["text", "many"]
    assert [each.id for each in found.exits["b"]] == ["x", "else"]
    assert [each.id for each in found.exits["a"]] == ["done"]


def test_a_node_that_fails_to_answer_does_no_harm():
    found = compiled({"start": START, "a": ("test.moody", {"need": "x"}), "done": FINISH}, LINE)
    assert found.problems == ()
    assert [each.id for each in found.exits["a"]] == ["done"]


def test_a_value_that_does_not_fit_at_run_time_fails_the_step_in_words():
    step = ("test.repeat", {"text": "{{ start.text }}", "times": "{{ start.number }}"}, 3)
    words = {"steps": {"a": {"title": "Echo"}}}
    bind = planned({"start": START, "a": step, "done": FINISH}, LINE, words=words).steps[1].bind
    assert bind
    values = {("start", ("text",)): "Hi", ("start", ("number",)): 2}
    assert bind(lambda *where: values[where]) == Repeat(text="Hi", times=2)
    values["start", ("number",)] = 10
    with pytest.raises(StepFailed) as failed:
        bind(lambda *where: values[where])
    assert failed.value.message == "“Times” of “Echo” must be at most 9, but it is “10”."
    assert failed.value.code == "value_does_not_fit"


def test_a_place_is_called_as_on_the_screen():
    branch = REAL.types["flow.branch"]
    assert called(branch, ("cases", 0, "conditions", 1, "left")) == "“Value” (case 1, condition 2)"
    assert called(branch, ("nothing",)) == "“nothing”"
    assert "match" in keys_of(branch, ("cases", 0))
    assert Known().get("flow.branch") is branch
    assert drawn({}).name == "drawn"
