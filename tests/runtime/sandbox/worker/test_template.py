"""Templates, without the cage around them."""

import pytest

from runtime.sandbox.worker.mistakes import Mistake
from runtime.sandbox.worker.template import Template


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
