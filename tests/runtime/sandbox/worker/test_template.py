"""Templates, without the cage around them."""

import pytest

from runtime.sandbox.worker.mistakes import Mistake
from runtime.sandbox.worker.template import PLAIN, Template


def test_a_template_writes_its_text():
    assert Template(1000).run("{{ name }}\n", {"name": "Ada"}) == ("Ada\n", "")


def test_a_name_that_is_not_there_is_a_mistake_with_its_line_and_a_default_is_none():
    with pytest.raises(Mistake) as mistake:
        Template(1000).run("a\n{{ nobody }}", {})
    assert (mistake.value.code, mistake.value.line) == ("code_error", 2)
    assert Template(1000).run("{{ nobody | default('-') }}", {})[0] == "-"


def test_a_long_text_stops_at_the_limit():
    with pytest.raises(Mistake) as mistake:
        Template(1000).run("{% for a in range(99999) %}xxxx{% endfor %}", {})
    assert mistake.value.code == "code_output"


def test_given_values_cannot_be_changed_by_a_template():
    with pytest.raises(Mistake, match="unsafe"):
        Template(1000).run("{{ rows.append(1) }}", {"rows": [1]})


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ nobody }}-{{ row.nobody }}", "-"),
        ("{{ gone }}", "None"),
        ("{{ rows }} {{ row }} {{ yes }}", "[1, None, 'a'] {'a': 1.0} True"),
        ("{% set _ = rows.append(2) %}{{ rows | length }}\n", "4"),
        ("{% if nobody %}a{% else %}b{% endif %}", "b"),
    ],
)
def test_plain_is_what_jinja_does_by_itself(source, text):
    given = {"gone": None, "rows": [1, None, "a"], "row": {"a": 1.0}, "yes": True}
    assert Template(1000).run(source, given, PLAIN) == (text, "")


@pytest.mark.parametrize("source", ["{{ ''.__class__.__mro__ }}", "{{ rows.append.__globals__ }}", "{{ lipsum() }}"])
def test_plain_opens_no_door(source):
    with pytest.raises(Mistake):
        Template(1000).run(source + "{{ nobody.knows }}", {"rows": []}, PLAIN)
    assert "type" not in _plainly(source)


def _plainly(source):
    try:
        return Template(1000).run(source, {"rows": []}, PLAIN)[0]
    except Mistake:
        return ""
