"""What an input takes beyond its kind: files of some kinds, data that fits a schema."""

import pytest

from nodes.flow.start import Start
from nodes.sdk.inputs import Input


def file(name, media="application/octet-stream"):
    return {"id": "file_1", "name": name, "type": media, "size": 3, "sha256": "0"}


@pytest.mark.parametrize(
    ("settings", "given", "fits"),
    [
        ({}, file("a.exe"), True),
        ({"file_kinds": ["image"]}, file("a.png", "image/png"), True),
        ({"file_kinds": ["image", "audio"]}, file("a.pdf", "application/pdf"), False),
        ({"file_kinds": ["document"]}, file("a.PDF", "application/pdf"), True),
        ({"extensions": ["pdf"]}, file("a.PDF"), True),
        ({"extensions": [" .Pdf "]}, file("a.pdf"), True),
        ({"extensions": ["pdf"]}, file("pdf"), False),
        ({"extensions": [""]}, file("a.exe"), True),
        ({"file_kinds": ["image"], "extensions": ["pdf"]}, file("a.pdf"), True),
        ({"file_kinds": ["image"], "extensions": ["pdf"]}, file("a.txt", "text/plain"), False),
    ],
)
def test_files_of_some_kinds_or_endings_fit(settings, given, fits):
    wrong = Input.model_validate({"name": "doc", "kind": "file", **settings}).misfit(given)
    assert (wrong == "") == fits
    assert fits or given["name"] in wrong


def test_the_step_names_every_file_that_does_not_fit():
    step = Start.model_validate(
        {
            "inputs": [
                {"name": "one", "kind": "file", "file_kinds": ["image"]},
                {"name": "some", "kind": "files", "extensions": ["csv"]},
                {"name": "none", "kind": "file", "required": False, "file_kinds": ["image"]},
                {"name": "text"},
            ]
        }
    )
    values = {"one": file("a.txt"), "some": [file("a.csv"), file("b.txt")], "none": None, "text": "b.txt"}
    assert [each.sentence for each in step.check_files(values)] == [
        "“one” takes image; “a.txt” is none of them.",
        "“some” takes .csv; “b.txt” is none of them.",
    ]


SCHEMA = {"type": "object", "properties": {"age": {"type": "integer", "minimum": 0}}, "required": ["age"]}


def checked(value, **settings):
    step = Start.model_validate({"inputs": [{"name": "person", "kind": "json", "json_schema": SCHEMA, **settings}]})
    return step.check_inputs({"person": value})


@pytest.mark.parametrize("value", [{"age": 3}, '{"age": 3, "more": 1}'])
def test_data_that_fits_its_schema_is_taken(value):
    values, problems = checked(value)
    assert problems == []
    assert values["person"]["age"] == 3


@pytest.mark.parametrize(
    ("value", "words"),
    [({"other": 1}, "'age' is a required property"), ({"age": -1}, "“age”: -1 is less"), ([1], "not of type 'object'")],
)
def test_data_that_does_not_fit_its_schema_is_refused(value, words):
    _, problems = checked(value)
    assert problems[0].sentence.startswith("“person” does not fit: ")
    assert words in problems[0].sentence


def test_a_schema_nobody_may_use_is_told_and_its_default_is_left_alone():
    step = Start.model_validate(
        {"inputs": [{"name": "a", "kind": "json", "json_schema": {"$ref": "http://x"}, "default": {"a": 1}}]}
    )
    assert [(each.field, each.code) for each in step.troubles()] == [("inputs.0.json_schema", "bad_schema")]
    assert "The schema of “a”" in step.troubles()[0].sentence


def test_a_default_has_to_fit_the_schema():
    step = Start.model_validate(
        {"inputs": [{"name": "a", "kind": "json", "json_schema": SCHEMA, "default": {"age": "old"}}]}
    )
    assert [(each.field, each.code) for each in step.troubles()] == [("inputs.0.default", "bad_default")]


def test_a_hidden_input_is_taken_from_a_program_and_else_its_default():
    step = Start.model_validate({"inputs": [{"name": "source", "hidden": True, "default": "form"}]})
    assert step.check_inputs({"source": "crm"}) == ({"source": "crm"}, [])
    assert step.check_inputs({}) == ({"source": "form"}, [])
