"""The join-text step puts texts together."""

import pytest

from nodes.data.join_text import JoinText
from tests.support.context import run_step


@pytest.mark.parametrize(
    ("between", "text"),
    [
        ("blank_line", "a\n\nb"),
        ("new_line", "a\nb"),
        ("space", "a b"),
        ("comma", "a, b"),
        ("nothing", "ab"),
        ("other", "a--b"),
    ],
)
async def test_what_stands_between(between, text):
    left = await run_step(JoinText, {"texts": ["a", "", " ", "b"], "between": between, "other": "--"})
    assert left.output == {"text": text}


async def test_empty_texts_stay_when_asked():
    assert (await run_step(JoinText, {"texts": ["a", "", "b"], "keep_empty": True})).output == {"text": "a\n\nb"}


def test_it_explains_itself():
    assert JoinText(texts=["Dear {{ start.name }},", "{{ ask.text }}"]).explain() == (
        "Puts “Dear {{ start.name }},” and {{ ask.text }} together, with a new line between them."
    )


def test_nothing_to_join_is_told():
    assert [each.field for each in JoinText().troubles()] == ["texts"]
