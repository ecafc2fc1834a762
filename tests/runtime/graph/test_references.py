import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.sdk import ANY, LIST, NUMBER, TEXT, StepFailed
from runtime.graph.filters import FILTERS, shape_after
from runtime.graph.references import MOST_MISTAKES, Reference, escape, parse_template


def parts(text):
    template = parse_template(text)
    assert not template.mistakes, template.mistakes
    return [each if isinstance(each, str) else (each.root, each.keys, each.filters) for each in template.parts]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("plain }} text {", ["plain }} text {"]),
        ("{{ask.text}}", [("ask", ("text",), ())]),
        ("Hi {{ start.name }}!", ["Hi ", ("start", ("name",), ()), "!"]),
        ("{{ list.output.0 }}{{ ask.data.e-mail }}", [("list", ("output", "0"), ()), ("ask", ("data", "e-mail"), ())]),
        ("{{ a.b | upper | trim }}", [("a", ("b",), (("upper", ()), ("trim", ())))]),
        ("{{ a.b|default(\"}}\")|join('; ') }}", [("a", ("b",), (("default", ("}}",)), ("join", ("; ",))))]),
        ("{{ a.b | default(-1.5) }}", [("a", ("b",), (("default", (-1.5,)),))]),
        ("{{ a.b | default(null) }}", [("a", ("b",), (("default", (None,)),))]),
        ("{{ a.b\n| lower }}", [("a", ("b",), (("lower", ()),))]),
        (r"\{{ a.b }}", ["{{ a.b }}"]),
        (r"\\{{ a.b }}", ["\\", ("a", ("b",), ())]),
        (r"\\\{{ a.b }} C:\dir", ["\\{{ a.b }} C:\\dir"]),
    ],
)
def test_a_text_is_taken_apart_once(text, found):
    assert parts(text) == found


@pytest.mark.parametrize(
    ("text", "position", "sentence", "hint"),
    [
        ("{{", 0, "“{{…” is no reference.", "Write {{ step.field }}"),
        ("ab {{ }}", 3, "“{{ }}” is no reference.", r"\{{ for two braces"),
        ("{{ a.b }", 0, "cannot be read after “a.b”", "close it with }}"),
        ("{{ a b }}", 0, "cannot be read after “a”", "close it"),
        ("{{ a..b }}", 0, "cannot be read after “a”", ""),
        ("{{ a.b + 1 }}", 0, "“{{ a.b + 1 }}” cannot be read", ""),
        ("{{ a.b | uper }}", 0, "There is no filter “uper”.", "Did you mean “upper”?"),
        ("{{ a.b | xyz }}", 0, "There is no filter “xyz”.", "There are: upper, lower"),
        ("{{ a.b | upper(1) }}", 0, "The filter “upper” is not written so.", "Write it as upper."),
        ("{{ a.b | default }}", 0, "The filter “default” is not written so.", 'default("none")'),
        ("{{ a.b | join(1) }}", 0, "The filter “join” is not written so.", 'join(", ")'),
        ("{{ a.b | default(x) }}", 0, "The brackets of a filter hold", ""),
        ('{{ a.b | default("x) }}', 0, "The brackets of a filter hold", ""),
        ('{{ a.b | default("\\x") }}', 0, "cannot be read", "quotation mark"),
        ("{{ a.b | default(" + "9" * 5000 + ") }}", 0, "cannot be read", ""),
        ('{{ a.b | date("%Q") }}', 0, "The date form “%Q” has an unknown sign", "%d"),
        ('{{ a.b | date("%") }}', 0, "The date form “%” has an unknown sign", ""),
    ],
)
def test_what_cannot_be_read_is_told_with_its_position(text, position, sentence, hint):
    (mistake,) = parse_template(text).mistakes
    assert mistake.position == position
    assert sentence in mistake.sentence
    assert hint in mistake.hint


def test_reading_goes_on_after_a_mistake():
    template = parse_template("{{ ! }} {{ a.b }} {{")
    assert [each.position for each in template.mistakes] == [0, 18]
    assert [each.root for each in template.references] == ["a"]


def test_a_reference_knows_how_it_was_written_and_whether_it_is_alone():
    template = parse_template('{{ a.b | default("x") }}')
    (reference,) = template.references
    assert template.single == reference
    assert reference.written == '{{ a.b | default("x") }}'
    assert reference.covered
    assert not Reference("a", ("b",)).covered
    assert parse_template(" {{ a.b }}").single is None
    assert parse_template("ab").constant == "ab"


@given(st.text(alphabet="{}\\ ab.|\"'()1", max_size=40))
def test_any_text_is_read_and_an_escaped_one_is_itself(text):
    parse_template(text)
    assert parse_template(escape(text)).constant == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [("{{{ a.b }}}", ["{", "a", "}"]), ('{"x": {{{ a.b }}}', ['{"x": {', "a", "}"]), (r"\{{{{ a.b }}", ["{{", "a"])],
)
def test_the_last_two_of_several_braces_open_a_reference(text, parts):
    found = parse_template(text)
    assert not found.mistakes
    assert [each.root if isinstance(each, Reference) else each for each in found.parts] == parts


def test_a_text_full_of_braces_is_read_in_one_pass():
    assert len(parse_template("{{!" * 1_000_000).mistakes) == MOST_MISTAKES
    parse_template("{{" * 1_000_000)
    assert len(parse_template("{{ a.b }} " * 10_000).references) == 10_000
    parse_template("{{ a" + " " * 1_000_000)
    parse_template("{{ a | default('" + "x" * 1_000_000)
    parse_template("\\" * 1_000_000)


HANDLE = {"id": "file_1", "name": "bill.pdf", "type": "application/pdf", "size": 8, "sha256": "0"}


@pytest.mark.parametrize(
    ("name", "arguments", "value", "result"),
    [
        ("upper", (), "aß", "ASS"), ("lower", (), None, ""), ("trim", (), " a ", "a"),
        ("json", (), {"a": 1}, '{"a":1}'),
        ("length", (), [1, 2], 2), ("length", (), "abc", 3), ("length", (), None, 0), ("length", (), 12, 2),
        ("first", (), [1, 2], 1), ("last", (), [1, 2], 2), ("first", (), [], None), ("last", (), "ab", "b"),
        ("default", ("x",), None, "x"), ("default", ("x",), "", "x"), ("default", ("x",), 0, 0),
        ("default", ("x",), False, False),
        ("join", (), [1, None, True], "1, , yes"), ("join", ("; ",), ["a", "b"], "a; b"), ("join", (), "a", "a"),
        ("join", (), None, ""),
        ("date", ("%d.%m.%Y",), "2026-11-03", "03.11.2026"), ("date", ("%Y",), None, ""),
        ("date", ("%H:%M",), "2026-11-03T14:30:00+01:00", "14:30"),
        ("python", (), None, ""), ("python", (), "a", "a"), ("python", (), True, "True"), ("python", (), 3.0, "3.0"),
        ("python", (), [], ""), ("python", (), ["ä", "b"], '["ä", "b"]'), ("python", (), [1, "a"], "[1, 'a']"),
        ("python", (), {"a": [1]}, '{"a": [1]}'), ("python", (), HANDLE, ""), ("python", (), [HANDLE], ""),
        ("markdown", (), None, ""), ("markdown", (), "a", "a"), ("markdown", (), False, "False"),
        ("markdown", (), ["a", 1, True], "- a\n- 1\n- True"), ("markdown", (), {"a": 1}, '{\n  "a": 1\n}'),
        ("markdown", (), HANDLE, "bill.pdf"), ("markdown", (), [HANDLE, HANDLE], "bill.pdf\nbill.pdf"),
    ],
)  # fmt: skip
def test_a_filter_changes_a_value(name, arguments, value, result):
    assert FILTERS[name].apply(value, *arguments) == result


@pytest.mark.parametrize("value", ["soon", 3, ["2026-11-03"]])
def test_what_is_no_date_fails_the_step_with_a_sentence(value):
    with pytest.raises(StepFailed, match="is no date"):
        FILTERS["date"].apply(value, "%Y")


def test_every_filter_can_be_written_as_it_shows_itself():
    for name, each in FILTERS.items():
        (reference,) = parse_template("{{ a.b | " + each.example + " }}").references
        assert reference.filters[0][0] == name


def test_the_shape_after_a_filter_is_known():
    assert shape_after("length", LIST) == NUMBER
    assert shape_after("first", LIST.model_copy(update={"items": NUMBER})) == NUMBER
    assert shape_after("first", LIST) == ANY
    assert shape_after("last", TEXT) == TEXT
    assert shape_after("default", NUMBER) == NUMBER
