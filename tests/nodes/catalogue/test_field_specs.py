"""What the form draws follows from the Python type."""

from enum import StrEnum
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from nodes.ai.ask_model import AskModel
from nodes.catalogue.field_specs import field_specs
from nodes.flow.branch import Branch
from nodes.flow.finish import Finish
from nodes.sdk import Control, Text, Value, field


class Colour(StrEnum):
    RED = "red"
    SKY_BLUE = "sky_blue"


class Row(BaseModel):
    name: str = field("Name")


class Everything(BaseModel):
    line: str = field("Line")
    text: Text = field("Text", default="")
    value: Value = field("Value", default=None)
    flag: bool = field("Flag", default=True)
    count: int = field("Count", default=3, ge=1, le=9)
    share: float | None = field("Share", default=None)
    word: Literal["all", "any"] = field("Word", default="all")
    colour: Colour = field("Colour", default=Colour.RED)
    rows: list[Row] = field("Rows", default=[], row="row", max_length=4)
    texts: list[Text] = field("Texts", default=[])
    group: Row | None = field("Group", default=None)
    data: dict[str, Any] = field("Data", default={})
    picked: str = field("Picked", default="", control=Control.ALIAS, when=("word", ("all", "any")), advanced=True)


SPECS = {each["name"]: each for each in field_specs(Everything)}


@pytest.mark.parametrize(
    ("name", "control"),
    [
        ("line", "line"), ("text", "paragraph"), ("value", "value"), ("flag", "toggle"), ("count", "number"),
        ("share", "number"), ("word", "choice"), ("colour", "choice"), ("rows", "rows"), ("texts", "rows"),
        ("group", "group"), ("data", "json"), ("picked", "alias"),
    ],
)  # fmt: skip
def test_the_control_follows_from_the_type(name, control):
    assert SPECS[name]["control"] == control


def test_references_are_offered_where_a_field_is_marked_for_them():
    assert [SPECS[name]["dynamic"] for name in ("line", "text", "value")] == [None, "text", "value"]
    item = SPECS["texts"]["item"]
    assert item
    assert item["dynamic"] == "text"


def test_choices_carry_their_words():
    assert [(each["value"], each["label"]) for each in SPECS["colour"]["options"]] == [
        ("red", "Red"),
        ("sky_blue", "Sky blue"),
    ]
    assert [each["value"] for each in SPECS["word"]["options"]] == ["all", "any"]


def test_limits_defaults_and_conditions_are_told():
    assert (SPECS["count"]["min"], SPECS["count"]["max"], SPECS["count"]["default"]) == (1, 9, 3)
    assert (SPECS["rows"]["max_length"], SPECS["rows"]["row"]) == (4, "row")
    assert [SPECS[name]["required"] for name in ("line", "text")] == [True, False]
    assert SPECS["picked"]["when"] == ["word", ["all", "any"]]
    assert SPECS["colour"]["default"] == "red"


def test_rows_and_groups_carry_their_fields():
    assert [each["label"] for each in SPECS["rows"]["fields"]] == ["Name"]
    assert [each["label"] for each in SPECS["group"]["fields"]] == ["Name"]


def test_a_setting_is_named_as_the_document_has_it():
    assert [each["name"] for each in field_specs(Finish)] == ["outputs"]


def test_an_operator_tells_the_kinds_it_is_for_and_when_it_needs_a_right_side():
    condition = next(each for each in field_specs(Branch)[0]["fields"] if each["name"] == "conditions")["fields"]
    specs = {each["name"]: each for each in condition}
    kinds = {each["value"]: each["kinds"] for each in specs["operator"]["options"]}
    assert kinds["greater"] == ["number"]
    assert kinds["exists"] == []
    _, shown_for = specs["right"]["when"] or ("", [])
    assert "is" in shown_for
    assert "is_empty" not in shown_for


def test_named_answers_are_edited_as_a_schema():
    assert {each["name"]: each["control"] for each in field_specs(AskModel)}["answer_schema"] == "schema"
