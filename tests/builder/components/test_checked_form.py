import reflex as rx
from pydantic import BaseModel

from builder.components.checked_form import CheckedForm


class Measured(BaseModel):
    height: int
    width: int


class Sheet(CheckedForm, rx.State):
    """A form of two numbers."""


BLANK = {"height": "", "width": ""}


def test_each_field_that_does_not_fit_says_what_it_wants():
    sheet = Sheet()
    sheet._begin(BLANK)
    assert sheet._read({"height": "high", "width": "wide"}, Measured.model_validate, {"height": "A number."}) is None
    assert sheet.wrong == {"height": "A number.", "width": "This does not fit."}


def test_what_fits_is_read_and_takes_back_what_was_told():
    sheet = Sheet()
    sheet._begin(BLANK)
    sheet._read({"height": "high", "width": "2"}, Measured.model_validate, {})
    assert sheet._read({"height": "1", "width": "2"}, Measured.model_validate, {}) == Measured(height=1, width=2)
    assert sheet.wrong == BLANK


def test_a_form_that_is_opened_again_tells_nothing_of_the_last_time():
    sheet = Sheet()
    sheet._begin(BLANK)
    sheet._read({}, Measured.model_validate, {})
    sheet._begin({"height": "1", "width": "2"})
    assert (sheet.given, sheet.wrong) == ({"height": "1", "width": "2"}, BLANK)
