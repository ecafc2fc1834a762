"""The start step checks what a form, a program or the command line gives it."""

import pytest

from nodes.flow.start import Start
from tests.support.context import StepContext, run_step


def start(*inputs, kind="form"):
    return Start.model_validate({"kind": kind, "inputs": list(inputs)})


def check(value, **declared):
    """The value of one input after checking, or the sentence that refuses it."""
    values, problems = start({"name": "x", **declared}).check_inputs({} if value is ... else {"x": value})
    return problems[0].sentence if problems else values["x"]


def claim(file):
    """A file that is named, before the start has asked which it is."""
    return {"id": file, "name": "", "type": "", "size": 0, "sha256": ""}


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("text", "Ada", "Ada"),
        ("text", 12, "12"),
        ("paragraph", "a\nb", "a\nb"),
        ("number", "3", 3),
        ("number", " 3.5 ", 3.5),
        ("number", 0, 0),
        ("yes_no", "yes", True),
        ("yes_no", "Off", False),
        ("yes_no", False, False),
        ("date", "2026-11-03", "2026-11-03"),
        ("file", "file_1", claim("file_1")),
        ("file", {"id": "file_1", "name": "lies.pdf", "size": 3}, claim("file_1")),
        ("files", [{"id": "file_1"}, "file_2"], [claim("file_1"), claim("file_2")]),
        ("files", '["file_1"]', [claim("file_1")]),
        ("list", ["a", 1], ["a", 1]),
        ("list", "a\n\n b ", ["a", "b"]),
        ("list", '["a", 2]', ["a", 2]),
        ("json", '{"a": 1}', {"a": 1}),
        ("json", {"a": 1}, {"a": 1}),
        ("json", 3, 3),
    ],
)
def test_what_is_given_becomes_the_kind_that_is_asked_for(kind, given, value):
    found = check(given, kind=kind)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("text", ["a"], "“x” must be text."),
        ("number", "3,5", "“x” must be a number like 3 or 3.5; “3,5” is none."),
        ("number", True, "“x” must be a number like 3 or 3.5; “yes” is none."),
        ("yes_no", "maybe", "“x” must be yes or no; “maybe” is neither."),
        ("date", "3.11.2026", "“x” must be a date like 2026-11-03; “3.11.2026” is none."),
        ("file", "/etc/passwd", "“x” must be an uploaded file."),
        ("file", {"id": 3}, "“x” must be an uploaded file."),
        ("files", ["file_1", "x"], "“x” must be an uploaded file."),
        ("files", ["file_1"] * 101, "“x” has 101 files; at most 100 are taken."),
        ("list", 3, "“x” must be a list."),
        ("list", "[1,", "“x” must be JSON; “[1,” cannot be read."),
        ("json", '{"a": NaN}', '“x” must be JSON; “{"a": NaN}” cannot be read.'),
        ("text", "", "“x” is missing."),
        ("text", "  ", "“x” is missing."),
        ("number", None, "“x” is missing."),
        ("number", ..., "“x” is missing."),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(kind, given, sentence):
    assert check(given, kind=kind) == sentence


def test_a_choice_is_taken_without_regard_to_capitals_and_handed_on_as_written():
    declared = {"kind": "choice", "options": ["English", "German"]}
    assert check("german ", **declared) == "German"
    assert check("French", **declared) == "“x” must be one of “English” or “German”; “French” is none of them."


def test_limits():
    assert "at most 5" in check("abcdef", kind="text", max_length=5)
    assert "must be at least 1; it is 0" in check(0, kind="number", min=1)
    assert "must be at most 2 entries; it is 3" in check([1, 2, 3], kind="list", max=2)
    assert check("abcde", kind="text", max_length=5) == "abcde"
    assert check(2, kind="number", min=2, max=2) == 2


def test_an_input_left_out_becomes_its_default_or_nothing():
    assert check(..., kind="number", required=False) is None
    assert check("", kind="number", default="7") == 7


def test_all_problems_come_at_once_each_with_its_input():
    _, problems = start({"name": "a", "kind": "number"}, {"name": "b", "kind": "date"}).check_inputs({"a": "x", "c": 1})
    assert {each.field: each.code for each in problems} == {"a": "bad_input", "b": "bad_input", "c": "unknown_input"}
    assert (
        next(each for each in problems if each.field == "c").sentence
        == "There is no input “c”. The inputs are a and b."
    )


def test_a_chat_brings_its_message():
    chat = start({"name": "language"}, kind="chat")
    assert list(chat.outputs()) == ["message", "language"]
    values, problems = chat.check_inputs({"message": "Hello", "language": "de"})
    assert (values, problems) == ({"message": "Hello", "language": "de"}, [])


def test_blank_text_counts_where_it_is_to_count():
    step = start({"name": "query", "blank": True}, {"name": "note", "required": False}, kind="form")
    assert step.check_inputs({"query": "", "note": " "}) == ({"query": "", "note": None}, [])
    assert [each.field for each in step.check_inputs({"note": "x"})[1]] == ["query"]
    assert start(kind="chat").check_inputs({"message": "\n\t"}) == ({"message": "\n\t"}, [])


def test_outputs_have_the_kind_of_their_input():
    kinds = {"text": "text", "number": "number", "yes_no": "yes/no", "list": "list", "json": "any", "file": "file"}
    found = start(*({"name": kind, "kind": kind} for kind in kinds)).outputs()
    assert {name: shape.kind.value for name, shape in found.items()} == kinds


@pytest.mark.parametrize(
    ("inputs", "kind", "place", "code"),
    [
        ([{"name": "Due Date"}], "form", "inputs.0.name", "bad_name"),
        ([{"name": ""}], "form", "inputs.0.name", "missing"),
        ([{"name": "a"}, {"name": "a"}], "form", "inputs.1.name", "name_taken"),
        ([{"name": "message"}], "chat", "inputs.0.name", "name_taken"),
        ([{"name": "a", "kind": "choice"}], "form", "inputs.0.options", "no_options"),
        ([{"name": "a", "kind": "number", "min": 3, "max": 2}], "form", "inputs.0.min", "empty_range"),
        ([{"name": "a", "kind": "number", "default": "many"}], "form", "inputs.0.default", "bad_default"),
        ([{"name": "a"}], "schedule", "inputs.0.default", "nobody_asked"),
    ],
)
def test_settings_that_contradict_are_told(inputs, kind, place, code):
    assert [(each.field, each.code) for each in start(*inputs, kind=kind).troubles()] == [(place, code)]


async def test_the_step_hands_on_exactly_the_declared_inputs():
    left = await run_step(Start, {"inputs": [{"name": "a"}, {"name": "b"}]}, StepContext({"a": "1", "z": "2"}))
    assert left.output == {"a": "1", "b": None}


def test_it_explains_itself():
    step = start({"name": "ticket"}, {"name": "tone", "required": False})
    assert step.explain() == "A run begins with a form and gets “ticket” and “tone” (optional)."
