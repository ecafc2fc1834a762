"""The template step writes a text in the sandbox."""

import pytest

from nodes.data.template import Template
from nodes.sdk import StepFailed
from nodes.sdk.named import Given
from tests.support.context import run_step


async def written(template, **given):
    inputs = [{"name": name, "value": value} for name, value in given.items()]
    return (await run_step(Template, {"inputs": inputs, "template": template})).output["output"]


@pytest.mark.parametrize(
    ("template", "given", "text"),
    [
        ("Dear {{ name }},", {"name": "Ada"}, "Dear Ada,"),
        ("{% for n in ns %}{{ n }};{% endfor %}", {"ns": [1, 2]}, "1;2;"),
        ("{% if n > 1 %}many{% else %}one{% endif %}", {"n": 1}, "one"),
        ("{{ names | join(', ') | upper }}", {"names": ["a", "b"]}, "A, B"),
        ("{{ text }}", {"text": "{{ 7 * 7 }}"}, "{{ 7 * 7 }}"),
    ],
)
async def test_values_are_put_in_once(template, given, text):
    assert await written(template, **given) == text


@pytest.mark.parametrize(
    ("template", "code", "words"),
    [
        ("a\n{% for x in y %}", "code_error", "Line 2: "), ("{{ nobody.knows }}", "code_error", "Line 1: "),
        ("{% for a in range(100000000) %}x{% endfor %}", "code_", ""),
        ("{{ ''.__class__.__mro__ }}", "code_error", "Line 1: "),
    ],
)  # fmt: skip
async def test_a_template_that_cannot_be_written_says_why(template, code, words):
    with pytest.raises(StepFailed) as failed:
        await written(template, y=[])
    assert failed.value.code.startswith(code)
    assert failed.value.message.startswith(words), failed.value.message


def test_what_is_missing_or_cannot_be_a_name_is_told():
    assert [each.field for each in Template().troubles()] == ["template"]
    assert [each.field for each in Template(template="x", inputs=[Given(name="a b")]).troubles()] == ["inputs.0.name"]


def test_it_explains_itself():
    step = Template(template="Dear {{ who }},\nbye.", inputs=[Given(name="who", value="{{ start.name }}")])
    assert step.explain() == "Writes a text by a template of 2 lines with {{ start.name }} (as “who”)."


async def test_what_is_missing_may_be_left_out_as_plain_jinja_does():
    settings = {"inputs": [{"name": "gone", "value": None}], "template": "a{{ nobody }}{{ gone }}\n"}
    with pytest.raises(StepFailed, match="nobody"):
        await run_step(Template, settings)
    assert (await run_step(Template, settings | {"missing": "empty"})).output == {"output": "aNone"}
