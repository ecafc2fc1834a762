import pytest
from pydantic import ValidationError

from builder.screens.connections import BLANK, FIELDS, WRONG, connecting_of
from runtime.operations.connecting import Connecting

FORM = BLANK | {"name": "Ticket desk", "host": "desk.example.com"}


def test_a_switch_is_off_when_the_browser_does_not_send_it():
    assert (connecting_of({**FORM}).internal, connecting_of({**FORM}).plain) == (False, False)
    assert connecting_of({**FORM, "internal": "on"}).internal is True


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("host", " "), ("probe", "x"), ("description", "a" * 301)],
)
def test_what_does_not_fit_is_told_at_its_field(field: str, value: str):
    with pytest.raises(ValidationError) as refusal:
        connecting_of({**FORM, field: value})
    assert {str(each["loc"][0]) for each in refusal.value.errors()} == {field}
    assert field in WRONG


def test_what_the_form_does_not_ask_for_cannot_be_set_by_it():
    assert set(FIELDS) <= set(Connecting.model_fields)
    assert "stopped" not in connecting_of({**FORM, "stopped": "", "id": "con_1"}).model_dump()
