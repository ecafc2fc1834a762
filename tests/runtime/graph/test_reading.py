import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.graph.document import FORMAT, Document
from runtime.graph.parsing import LARGEST_FILE, parse, scalar
from runtime.graph.plain import plain
from runtime.graph.problems import CODES
from runtime.graph.reading import read
from runtime.graph.upgrades import upgrade
from runtime.graph.writing import write, write_json
from tests.runtime.graph.drawing import documents

HEAD = "greenlane: 1\nname: x\n"


def settings_of(text):
    """What `text` as a setting is read as."""
    document = good(f"{HEAD}meaning:\n  steps:\n    a:\n      type: t\n      settings:\n        v: {text}\n")
    return document.meaning.steps["a"].settings["v"]


def good(text):
    """The document of a file that has one."""
    document, problems = read(text.encode())
    assert document, problems
    return document


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("Yes", "Yes"), ("on", "on"), ("off", "off"), ("y", "y"), ("1:30", "1:30"), ("=", "="),
        ("2026-11-03", "2026-11-03"), ("1_000", "1_000"), ("0b1", "0b1"), ("<<", "<<"), ('"1"', "1"), ("'~'", "~"),
        ("017", 17), ("0o17", 15), ("0xff", 255), ("+1", 1), ("-0.5", -0.5), ("1e3", 1000.0), (".5", 0.5), ("1.", 1.0),
        ("true", True), ("FALSE", False), ("~", None), ("", None), ("null", None),
        ("9007199254740991", 2**53 - 1), ("{a: [1, no]}", {"a": [1, "no"]}),
    ],
)  # fmt: skip
def test_words_mean_what_yaml_1_2_says(text, value):
    found = settings_of(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "empty_file", None),
        (b"# only a remark\n", "empty_file", None),
        (b"- 1\n", "not_a_workflow", None),
        (b"hello", "not_a_workflow", None),
        (b"version: '3'\nservices: {}\n", "not_a_workflow", None),
        (b"name: x\n", "missing_entry", None),
        (b"greenlane: 2\nname: x\n", "newer_format", 1),
        (b"name: x\ngreenlane: one\n", "invalid_entry", 2),
        (b"greenlane: 0\nname: x\n", "invalid_entry", 1),
        (b"\xff\xfe", "not_text", 1),
        (b"a: 1\nb: \xe4\n", "not_text", 2),
        (b"a: [1,\n", "not_yaml", 2),
        (b"a: 'b\n", "not_yaml", 2),
        (b"\ta: 1", "not_yaml", 1),
        (b"a: \x01", "not_yaml", None),
        (b"a: 1\n---\nb: 2\n", "several_documents", 2),
        (b"a: &x 1\n", "alias_refused", 1),
        (b"a: 1\nb: *x\n", "alias_refused", 2),
        (b"a: !!python/object/apply:os.system [x]\n", "tag_refused", 1),
        (b"a: !!str 1\n", "tag_refused", 1),
        (b"a: 1\na: 2\n", "duplicate_key", 2),
        (b"a:\n  - b: 1\n    b: 2\n", "duplicate_key", 3),
        (b"1: a\n", "key_not_text", 1),
        (b"[a]: 1\n", "key_not_text", 1),
        (b"? {a: 1}\n: 1\n", "key_not_text", 1),
        (b"a: .inf\n", "bad_number", 1),
        (b"a: .NaN\n", "bad_number", 1),
        (b"a: 1e999\n", "bad_number", 1),
        (b"a: 9007199254740992\n", "bad_number", 1),
        (b"a: " + b"9" * 9000, "bad_number", 1),
        (b"a: 0x" + b"f" * 9000, "bad_number", 1),
        (b"a: " + b"[" * 61 + b"]" * 61, "too_deep", 1),
        (b"[" * 1_000_000, "too_deep", 1),
        (b'{"a": ' * 100_000, "too_deep", None),
        (b'{"a": 1, "a": 2}', "duplicate_key", None),
        (b'{"a": NaN}', "bad_number", None),
        (b'{"a": -Infinity}', "bad_number", None),
        (b'{"a": 9007199254740992}', "bad_number", None),
        (b'{"a": "\\ud800"}', "bad_text", None),
        (b"x" * (LARGEST_FILE + 1), "file_too_large", None),
    ],
)  # fmt: skip
def test_what_reads_two_ways_is_refused_with_its_line(content, code, line):
    document, problems = read(content)
    assert document is None
    assert problems[0].code == code
    assert problems[0].sentence.startswith(f"Line {line}: " if line else "")
    assert problems[0].sentence.endswith(".")


@given(st.binary(max_size=200))
def test_no_bytes_make_a_traceback(content):
    document, problems = read(content)
    assert document or problems


@given(st.text(alphabet="ab01:-?[]{}&*!|>'\"%@`#,. \n\t~", max_size=80), st.sampled_from(["", HEAD, "{"]))
def test_no_yaml_makes_a_traceback(text, head):
    document, problems = read((head + text).encode())
    assert all(each.code in CODES for each in problems)
    assert document or problems


@given(documents(), st.data())
def test_a_damaged_file_makes_no_traceback(document, data):
    content = bytearray(write(document).encode())
    for _ in range(3):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found, problems = read(bytes(content))
    assert found or problems


@given(documents())
def test_a_document_comes_back_as_it_was_written(document):
    assert read(write(document).encode()) == (document, ())
    assert read(write_json(document).encode()) == (document, ())


@given(documents())
def test_our_own_text_is_written_again_byte_for_byte(document):
    text = write(document)
    assert write(good(text)) == text


def test_all_problems_of_a_file_are_told_at_once():
    reading = read(
        b"""greenlane: 1
name: Bad Name
wrods: {}
meaning:
  steps:
    Ask Model: {type: ai.ask_model}
    ask: {tpye: ai.ask_model, version: two}
  edges:
    - {from: ask!, to: b}
    - {from: ask}
  run: {time_limit_s: -1}
layout:
  steps: {ask: [1]}
"""
    )
    assert reading.document is None
    told = {each.sentence: each for each in reading.problems}
    assert "Line 2: “name” cannot be “Bad Name”." in told
    assert told["Line 3: “wrods” is an entry nobody knows."].hint == "Did you mean “words”?"
    assert "Line 6: “Ask Model” cannot be used as an id." in "".join(told)
    assert told["Line 7: “type” of the step “ask” is missing."].step == "ask"
    assert told["Line 7: “tpye” of the step “ask” is an entry nobody knows."].hint == "Did you mean “type”?"
    assert "Line 7: “version” of the step “ask” must be a whole number." in told
    assert "Line 9: “meaning.edges.0.from” cannot be “ask!”." in told
    assert "Line 10: “meaning.edges.1.to” is missing." in told
    assert "Line 11: “meaning.run.time_limit_s” must be more than 0." in told
    assert "Line 13: the place of the step “ask” must be two numbers, like [120, 80]." in told
    assert len(told) == 10


def test_words_of_a_step_that_is_not_there_are_left_out_with_a_warning():
    text = HEAD + "words:\n  steps:\n    aks: {title: Ask}\nmeaning:\n  steps:\n    ask: {type: t}\n"
    _, (problem,) = read(text.encode())
    assert good(text).words.steps == {}
    assert (problem.severity, problem.hint) == ("warning", "Did you mean “ask”?")
    assert problem.sentence == "Line 5: there is no step “aks”, so its words are left out."


def test_a_mark_at_the_beginning_of_a_file_is_skipped():
    assert read(("\ufeff" + HEAD).encode()) == (Document(name="x"), ())


def test_an_older_format_is_translated_number_by_number():
    upgrades = {1: lambda data: data | {"a": 1}, 2: lambda data: data | {"b": data["a"] + 1}}
    assert upgrade({"greenlane": 1}, upgrades=upgrades, to=3) == {"greenlane": 3, "a": 1, "b": 2}
    assert upgrade({"greenlane": FORMAT}) == {"greenlane": FORMAT}


@given(st.text(max_size=20))
def test_a_word_is_a_value_or_refused(text):
    try:
        plain(scalar(text))
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either way is right


def test_a_big_file_is_read():
    steps = "".join(f"    s{each}: {{type: t, settings: {{text: 'hello'}}}}\n" for each in range(1000))
    assert len(good(f"{HEAD}meaning:\n  steps:\n{steps}").meaning.steps) == 1000


def test_lines_are_known_for_every_place():
    parsed = parse(b"a:\n  - b: 1\n  - c\n")
    assert parsed.lines == {(): 1, ("a",): 2, ("a", 0): 2, ("a", 0, "b"): 2, ("a", 1): 3}
    assert json.dumps(parsed.data) == '{"a": [{"b": 1}, "c"]}'
