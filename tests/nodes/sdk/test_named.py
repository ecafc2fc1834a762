"""Values by name for code: names that code can use, and kinds that are kept."""

import pytest

from nodes.sdk.named import Kind, is_identifier, misfit, name_troubles


@pytest.mark.parametrize("name", ["amount", "orderId", "_x", "x1", "a" * 63])
def test_a_name_code_can_use(name):
    assert is_identifier(name)


@pytest.mark.parametrize("name", ["", "1x", "net amount", "ä", "a-b", "a" * 64, "class", "function", "None"])
def test_a_name_no_code_can_use(name):
    assert not is_identifier(name)


def test_troubles_stand_at_the_row():
    found = name_troubles(["a", "", "a", "for", "main"], "inputs", "input", {"main": "the function"})
    assert [(each.field, each.code) for each in found] == [
        ("inputs.1.name", "missing"), ("inputs.2.name", "name_taken"), ("inputs.3.name", "bad_name"),
        ("inputs.4.name", "name_taken"),
    ]  # fmt: skip
    assert found[3].sentence == "“main” already names the function. Rename this one."


@pytest.mark.parametrize(
    ("kind", "fitting", "other"),
    [
        (Kind.TEXT, "", None), (Kind.NUMBER, 1.5, True), (Kind.NUMBER, 0, "0"), (Kind.YES_NO, False, 0),
        (Kind.OBJECT, {}, []), (Kind.LIST, [1, "a"], {}), (Kind.TEXTS, ["a"], [1]), (Kind.NUMBERS, [], ["1"]),
        (Kind.YES_NOS, [True], [1]), (Kind.OBJECTS, [{}], [[]]), (Kind.TEXTS, [], "a"),
    ],
)  # fmt: skip
def test_a_value_fits_its_kind_or_a_sentence_says_why_not(kind, fitting, other):
    assert misfit(fitting, kind) == ""
    assert misfit(other, kind).startswith("is ")


def test_anything_fits_anything():
    assert [misfit(each, Kind.ANY) for each in (None, 1, "a", [], {})] == [""] * 5


def test_the_entry_that_does_not_fit_is_named():
    assert misfit(["a", 2], Kind.TEXTS) == "is to be a list of texts, but entry 2 is a number"
    assert misfit("a", Kind.NUMBER) == "is a text, and not a number"
