"""Reading data nobody has checked."""

import pytest

from runtime.exchange import loose


@pytest.mark.parametrize(
    ("value", "parts"),
    [(["a", "b"], ["a", "b"]), ([["a", "b"]], ["a", "b"]), (["a", 1], ["a", "1"]), ("a.b", ["a", "b"]),
     ("{{#a.b#}}", ["a", "b"]), ("a", []), ([None, "b"], []), (None, []), ([["a"], ["b"]], [])],
)  # fmt: skip
def test_a_selector_is_read_however_it_is_written(value, parts):
    assert loose.selector(value) == parts


@pytest.mark.parametrize(("words", "name"), [("A Flow!", "a_flow"), ("Größe", "grosse"), ("翻译", ""), ("--a--", "a")])
def test_words_become_a_name(words, name):
    assert loose.slug(words.replace("ß", "ss")) == name


def test_whatever_stands_there_comes_back_in_the_type_that_was_asked_for():
    assert loose.mapping([1]) == {}
    assert loose.mappings([{"a": 1}, 2, None]) == [{"a": 1}]
    assert loose.texts(["a", None, 1, True]) == ["a", "1"]
    assert (loose.whole("3.7", 0, 1, 5), loose.whole("x", 4, 1, 5), loose.whole(99, 0, 1, 5)) == (3, 4, 5)
    assert (loose.yes("true"), loose.yes(None), loose.yes("maybe", otherwise=True)) == (True, False, True)
    assert (loose.from_json("[1]"), loose.from_json("[1"), loose.from_json(3)) == ([1], "[1", 3)
