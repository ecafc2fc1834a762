"""A form that is checked as a whole when it is saved: what does not fit is told at its field."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import reflex as rx
from pydantic import ValidationError

from builder.components.field import text_input

Form = dict[str, str | bool]
Said = TypeVar("Said")


class CheckedForm(rx.State, mixin=True):
    """A state with such a form."""

    given: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """what its fields begin with, all of them by their names"""
    wrong: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """what a field wants, where it got something else"""

    def _begin(self, given: Mapping[str, str]) -> None:
        self.given, self.wrong = dict(given), dict.fromkeys(given, "")

    def _read(self, form: Form, read: Callable[[Form], Said], wants: Mapping[str, str]) -> Said | None:
        """What the form says; nothing where `read` raises pydantic's `ValidationError`, which names the fields."""
        try:
            said, places = read(form), set[str]()
        except ValidationError as error:
            said, places = None, {str(each["loc"][0]) for each in error.errors()}
        self.wrong = {name: wants.get(name, "This does not fit.") if name in places else "" for name in self.given}
        return said


def checked_input(state: type[CheckedForm], label: str, name: str, help: str = "", **props: Any) -> rx.Component:  # noqa: A002
    """One line of text in the form of `state`."""
    return text_input(label, name, help=help, default_value=state.given[name], error=state.wrong[name], **props)
