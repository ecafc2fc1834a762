"""What may be heard while it is said: only what is handed back word for word."""

import pytest

from runtime.graph.document import Meaning
from runtime.graph.handing import handed_back


def meaning(finish: str, **steps: tuple[str, dict]) -> Meaning:
    drawn = {name: {"type": type_id, "settings": settings} for name, (type_id, settings) in steps.items()}
    end = {"type": "flow.finish", "settings": {"outputs": [{"name": "answer", "value": finish}]}}
    return Meaning.model_validate({"steps": {**drawn, "finish": end}})


ASK = ("ai.ask_model", {})
GUARD = ("data.guard", {"text": "{{ ask.text }}"})


@pytest.mark.parametrize(
    ("finish", "heard"),
    [
        ("{{ ask.text }}", {"ask"}),
        ("Dear Jo, {{ ask.text }}", {"ask"}),
        ("{{ guard.text }}", {"guard"}),
        ("{{ ask.text | upper }}", set()),
        ("{{ ask.data.topic }}", set()),
        ("{{ nobody.text }}", set()),
        ("done", set()),
    ],
)
def test_only_what_is_handed_back_as_it_is_may_be_heard(finish, heard):
    assert handed_back(meaning(finish, ask=ASK, guard=GUARD)) == heard


def test_what_is_handed_on_by_the_first_available_is_handed_back():
    first = ("flow.first_available", {"values": ["{{ ask.text }}", "{{ guard.text | trim }}"]})
    assert handed_back(meaning("{{ first.output }}", ask=ASK, guard=GUARD, first=first)) == {"ask"}
