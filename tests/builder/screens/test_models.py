import pytest
from pydantic import ValidationError

from builder.screens.models import BLANK, FIELDS, WRONG, binding_of
from runtime.operations.models import Binding

FORM = BLANK | {"name": "careful", "model": "openai/gpt-5-mini", "base_url": "https://api.example.com/v1"}


def test_an_empty_price_is_unknown_and_a_zero_is_free():
    assert binding_of({**FORM, "price_in": "", "price_out": " "}).price_in is None
    assert binding_of({**FORM, "price_in": "0", "price_out": "0"}).price_in == 0


def test_the_switch_is_off_when_the_browser_does_not_send_it():
    assert binding_of({**FORM}).fast is False
    assert binding_of({**FORM, "fast": True}).fast is True


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Not Small"), ("key_env", "PATH"), ("price_in", "cheap"), ("month_limit", "-1"),
     ("max_tokens", "1.5")],
)  # fmt: skip
def test_what_does_not_fit_is_told_at_its_field(field: str, value: str):
    with pytest.raises(ValidationError) as refusal:
        binding_of({**FORM, field: value})
    assert {str(each["loc"][0]) for each in refusal.value.errors()} == {field}
    assert field in WRONG


def test_what_the_form_does_not_ask_for_cannot_be_set_by_it():
    assert set(FIELDS) <= set(Binding.model_fields)
    assert binding_of({**FORM, "demo": "true", "timeout_s": "1"}).timeout_s == Binding.model_fields["timeout_s"].default
