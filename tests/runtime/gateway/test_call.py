"""What goes out with a call."""

import pytest

from nodes.sdk import Picture, Said
from runtime.gateway import Binding
from runtime.gateway.call import Call

CLOSED = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}


def call(schema=None, **changed):
    given = {
        "temperature": None,
        "max_tokens": 10,
        "key": "",
        "on_text": None,
        "messages": [Said("user", "hi")],
    } | changed
    return Call(Binding("fast", "openai/demo", "http://127.0.0.1/v1"), schema=schema, **given)


def test_only_what_was_asked_for_is_sent():
    assert call().parameters() == {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 10}
    assert call(temperature=0.0).parameters()["temperature"] == 0.0
    assert call().headers() == {}
    assert call(key="k").headers() == {"Idempotency-Key": "k"}


def test_pictures_go_as_parts_behind_the_text():
    pictures = (Picture("image/png", b"png", "1"), Picture("image/jpeg", b"\xff", "2"))
    said = [Said("system", "look"), Said("user", "what is it?", pictures), Said("user", "", pictures[:1])]
    one = {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}}
    two = {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/w=="}}
    assert call(messages=said).parameters()["messages"] == [
        {"role": "system", "content": "look"},
        {"role": "user", "content": [{"type": "text", "text": "what is it?"}, one, two]},
        {"role": "user", "content": [one]},
    ]


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        (CLOSED, True),
        ({**CLOSED, "required": []}, False),
        ({**CLOSED, "additionalProperties": True}, False),
        ({**CLOSED, "properties": {"a": {"type": "array", "items": {"type": "object", "properties": {}}}}}, False),
        ({**CLOSED, "properties": {"a": {"type": "array", "items": CLOSED}}}, True),
    ],
)
def test_strict_mode_is_asked_for_only_where_its_rules_are_kept(schema, strict):
    assert call(schema).parameters()["response_format"]["json_schema"]["strict"] is strict


def test_a_binding_knows_its_bare_model_and_its_longest_answer():
    binding = Binding("fast", "openai/org/model", "http://127.0.0.1/v1", max_tokens=100)
    assert binding.bare_model == "org/model"
    assert [binding.answer_tokens(wanted) for wanted in (None, 50, 500)] == [100, 50, 100]
