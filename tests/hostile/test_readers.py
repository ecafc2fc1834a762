"""Hostile texts where our own process reads: workflow files, references, patterns, comparisons, schemas."""

import json
import time

import pytest

from nodes.sdk import StepFailed
from nodes.sdk.answer import DEEPEST_SCHEMA, read_answer, schema_troubles
from nodes.sdk.compare import Operator, holds
from nodes.sdk.patterns import pattern_trouble, searching
from runtime.sandbox.cage import ROOT
from runtime.sandbox.limited import Limits, run_limited
from tests.hostile.payloads import BOMBS, ESCAPES, SCHEMAS

TEXTS = dict(ESCAPES) | {f"bomb {name}": text for name, text in BOMBS.items()}
pytestmark = pytest.mark.slow
SLOW_S = 1.5
"""of processor time; what explodes takes for ever"""
EVIL_PATTERNS = [
    "(a+)+$", "^(a|a)*$", "(.*a){25}", "(a|aa)+$", "([a-zA-Z]+)*$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y",
    "a*a*a*a*a*a*b",
    "(?:(?:a{0,9}){0,9}){0,9}$", "((a*)*)*$", "(a?){100}a{100}", "[^=]*=.*=.*;", "(\\w+\\s?)+$", "^(?:.?)+$",
]  # fmt: skip
REFUSED_PATTERNS = [
    "(?<=a)b", "(?=a)", "(?!a)b", "(a)\\1", "(", "[", "a{1001}", "(?:a{50}){50}", "\\p{Nope}", "*", "(?P<a>b)(?P<a>c)",
    "a" * 201,    "(?i", "\\",
]  # fmt: skip


def test_files_and_references_of_strangers_are_read_in_bounded_time_and_memory():
    limits = Limits(seconds=120, memory=700_000_000)
    told = json.loads(run_limited("tests.hostile.reading", b"", limits, also=[ROOT / "tests"]))
    assert len(told) >= 120
    assert {name: wrong for name, (_, wrong) in told.items() if wrong} == {}
    assert {name: slowest for name, (slowest, _) in told.items() if slowest > SLOW_S} == {}


@pytest.mark.parametrize("pattern", EVIL_PATTERNS)
def test_no_pattern_is_slow_on_a_text_that_almost_fits(pattern):
    if pattern_trouble(pattern):
        return  # refused where it is written: as good
    found = searching(pattern)
    began = time.process_time()
    for text in ("a" * 50_000 + "!", "x" * 50_000, "a " * 25_000 + "!", "=" * 50_000):
        found(text)
    assert time.process_time() - began < SLOW_S


@pytest.mark.parametrize("pattern", REFUSED_PATTERNS)
def test_a_pattern_that_cannot_be_linear_or_cannot_be_read_is_refused_in_words(pattern):
    assert pattern_trouble(pattern).endswith(".")


def test_every_hostile_text_as_a_pattern_is_refused_or_harmless():
    began = time.process_time()
    for text in TEXTS.values():
        if not pattern_trouble(text):
            searching(text)("a" * 10_000)
    assert time.process_time() - began < 10


@pytest.mark.parametrize("operator", list(Operator))
def test_no_comparison_evaluates_or_explodes(operator):
    began = time.process_time()
    for text in TEXTS.values():
        for left, right in ((text, text), ("a" * 1000, text), (text, "a"), ([text] * 50, text), ({text: 1}, text)):
            try:
                clean = isinstance(holds(left, operator, right), bool)
            except StepFailed as error:
                clean = error.code == "not_comparable" and len(error.message) < 400
            assert clean, text
    assert time.process_time() - began < 10


def test_a_long_text_in_a_longer_one_is_found_in_linear_time():
    def took(size: int) -> float:
        text, part = "a" * size, "a" * (size // 2) + "b"
        best = 9.0
        for _ in range(3):
            began = time.process_time()
            assert not holds(text, Operator.CONTAINS, part)
            best = min(best, time.process_time() - began)
        return best

    assert took(1_600_000) < 100 * max(took(100_000), 0.0005), "sixteen times the text may not take 256 times as long"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_hostile_schema_is_refused_where_it_is_written(name):
    inner = SCHEMAS[name]
    if name == "deep":
        inner = {"type": "string"}
        for _ in range(DEEPEST_SCHEMA):
            inner = {"type": "object", "properties": {"a": inner}}
    for schema in (
        {"type": "object", "properties": {"a": inner}},
        {"type": "object", "properties": {"a": {"type": "array", "items": {"anyOf": [inner]}}}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "$defs": {"x": inner}},
    ):
        assert schema_troubles(schema), schema


@pytest.mark.parametrize("word", ["$ref", "$dynamicRef", "pattern", "patternProperties", "uniqueItems", "$id"])
def test_a_property_may_have_the_name_of_a_refused_word(word):
    assert schema_troubles({"type": "object", "properties": {word: {"type": "string"}}}) == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_answer_of_a_model_is_read_as_data_or_refused(text):
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    for answer in (text, f'{{"a": {text}', '{"a": ' + json.dumps(text.encode("utf-8", "replace").decode()) + "}"):
        try:
            clean = "a" in read_answer(answer, schema)
        except StepFailed as error:
            clean = error.code == "bad_answer" and len(error.message) < 500
        assert clean
