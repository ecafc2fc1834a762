"""Days as a date field of the browser writes them, and the moments they begin and end where the server stands."""

from datetime import date, datetime, timedelta
from typing import Any

import reflex as rx


def day_input(label: str, name: str, **props: Any) -> rx.Component:
    """A date field with its label beside it, for filters."""
    return rx.el.label(
        rx.el.span(label, class_name="gl-muted gl-small"),
        rx.el.input(type="date", name=name, class_name="gl-input", **props),
        class_name="gl-row gl-tight gl-day",
    )


def first_moment(text: str) -> float:
    """When the day begins; 0 where none is written."""
    day = _day(text)
    return _begin(day) if day else 0.0


def last_moment(text: str) -> float:
    """When the day is over; far in the future where none is written."""
    day = _day(text)
    return _begin(day + timedelta(days=1)) if day else 1e12


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _begin(day: date) -> float:
    return datetime(day.year, day.month, day.day).astimezone().timestamp()
