from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from nodes.sdk import Address, Dynamic, Node, StepFailed, Text, Value, field
from nodes.sdk.fields import Source
from runtime.graph.binding import bind, dig
from runtime.graph.marks import marks_of


class Part(BaseModel):
    value: Value = None
    typed: str = ""


class Other(BaseModel):
    text: Text = ""


class Sample(Node, label="Sample"):
    """A step with every kind of place."""

    text: Text = field("Text", default="")
    maybe: Text | None = field("Maybe", default=None)
    number: Annotated[float, Dynamic.VALUE] = field("Number", default=0)
    texts: list[Text] = field("Texts", default=[])
    values: dict[str, Value] = field("Values", default={})
    parts: list[Part] = field("Parts", default=[])
    choice: Part | Other | None = field("Choice", default=None)
    typed: str = field("Typed", default="")
    code: Source = field("Code", default="")
    address: Address = field("Address", default="")
    open: dict[str, Any] = field("Open", default={})


READ = {
    "a": {"text": "x", "list": [1, {"b": True}], "n": 1.0, "empty": None},
    "none": None,
    "variables": {"v": "{{ a.text }}"},
}


def bound(**settings):
    made = bind(settings, marks_of(Sample))
    assert not made.mistakes
    return made.make(lambda root, keys: dig(READ.get(root), keys)) if made.make else made.constant


@pytest.mark.parametrize(
    ("settings", "result"),
    [
        ({"text": "Hi"}, {"text": "Hi"}),
        ({"text": r"\{{ a }}"}, {"text": "{{ a }}"}),
        ({"text": "{{ a.text }}"}, {"text": "x"}),
        ({"text": "{{ a.n }}"}, {"text": "1"}),
        ({"text": "<{{ a.list }}>"}, {"text": '<[1,{"b":true}]>'}),
        ({"text": "{{ a.text }}{{ a.none }}{{ a.text | upper }}."}, {"text": "xX."}),
        ({"maybe": "{{ a.text }}"}, {"maybe": "x"}),
        ({"number": "{{ a.n }}"}, {"number": 1.0}),
        ({"texts": ["a", "{{ a.text }}"]}, {"texts": ["a", "x"]}),
        ({"values": {"k": "{{ a.list.1.b }}"}}, {"values": {"k": True}}),
        ({"values": {"deep": [{"l": "{{ a.list }}"}]}}, {"values": {"deep": [{"l": [1, {"b": True}]}]}}),
        ({"values": {"k": "{{ a.list | length }}"}}, {"values": {"k": 2}}),
        ({"values": {"k": "n={{ a.n }}"}}, {"values": {"k": "n=1"}}),
        ({"parts": [{"value": "{{ a.gone.deeper }}"}]}, {"parts": [{"value": None}]}),
        ({"choice": {"text": "{{ a.text }}", "value": "{{ a.n }}"}}, {"choice": {"text": "x", "value": 1.0}}),
        ({"typed": "{{ a.text }}"}, {"typed": "{{ a.text }}"}),
        ({"code": "{{ a.text }} and {% if x %}"}, {"code": "{{ a.text }} and {% if x %}"}),
        ({"open": {"k": "{{ a.text }}"}}, {"open": {"k": "{{ a.text }}"}}),
        ({"text": "{{ variables.v }}"}, {"text": "{{ a.text }}"}),
    ],
)  # fmt: skip
def test_values_are_put_where_references_stand(settings, result):
    assert bound(**settings) == result


@pytest.mark.parametrize(
    ("value", "piece"),
    [("7", "7"), ("../x/y", "..%2Fx%2Fy"), ("a?b=c&d#e", "a%3Fb%3Dc%26d%23e"), ("50 %", "50%20%25"),
     ("ü\n", "%C3%BC%0A"), (None, ""), (3.5, "3.5"), ("@evil.com", "%40evil.com"), ("\ud800", "%3F")],
)  # fmt: skip
def test_a_value_in_an_address_is_one_piece_of_it(value, piece):
    written = {"address": "https://h.example/{{ a.b }}/{{ a.b }}?q={{ a.b }}#{{ a.b }}"}
    make = bind(written, marks_of(Sample)).make
    assert make is not None
    whole = make(lambda *_: value)["address"]
    assert whole == f"https://h.example/{piece}/{piece}?q={piece}#{piece}"


def test_settings_are_left_as_they_were():
    settings = {"texts": ["{{ a.text }}"], "values": {"k": "{{ a.n }}"}}
    assert bound(**settings) == bound(**settings)
    assert settings == {"texts": ["{{ a.text }}"], "values": {"k": "{{ a.n }}"}}


def test_what_was_found_is_told_with_its_place():
    made = bind(
        {
            "parts": [{"value": "{{ a.b }}"}, {"typed": "{{ a.c }}"}],
            "text": "{{ ! }} {{ a.d }}",
            "open": {"k": ["{{ a.e }}"]},
        },
        marks_of(Sample),
    )
    assert [(each.path, each.single) for each in made.uses] == [(("parts", 0, "value"), True), (("text",), False)]
    assert [path for path, _ in made.mistakes] == [("text",)]
    assert [path for path, _ in made.misplaced] == [("parts", 1, "typed"), ("open", "k", 0)]


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ((), {"a": [1]}),
        (("a", "0"), 1),
        (("a", "1"), None),
        (("a", "x"), None),
        (("b",), None),
        (("a", "9" * 99), None),
        (("a", "0", "x"), None),
    ],
)
def test_digging_finds_a_value_or_nothing(keys, value):
    assert dig({"a": [1]}, keys) == value


@pytest.mark.parametrize("reference", ["gone.text", "a.zzz", "a.text.deep", "none.text"])
def test_what_is_not_there_is_replaced_or_fails_as_was_said(reference):
    assert bound(text=f'{{{{ {reference} | if_skipped("-") }}}}') == {"text": "-"}
    with pytest.raises(StepFailed, match=f"“{reference}” is not there"):
        bound(values={"k": f"{{{{ {reference} | required }}}}"})


def test_a_value_that_was_handed_on_as_nothing_is_there():
    assert bound(text='<{{ a.empty | if_skipped("-") }}>') == {"text": "<>"}
    assert bound(values={"k": "{{ a.empty | required }}"}) == {"values": {"k": None}}
