"""What the forms of a review say, as the door wants it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from builder.screens.review_shown import Asked, Choice
from builder.texts import TIERS
from runtime.errors import BadInput
from runtime.operations.deciding import Demand, Verdict

DEMANDS = 4
"""how many conditions the form has room for"""


def verdict_of(kind: str, form: Mapping[str, str], seen: str, manifest: str) -> Verdict:
    """What the form of a decision says."""
    demands = tuple(
        Demand(form[f"text{place}"], end_of(form.get(f"due{place}", "")))
        for place in range(DEMANDS)
        if form.get(f"text{place}", "").strip() or form.get(f"due{place}")
    )
    return Verdict(
        kind=kind,  # pyright: ignore[reportArgumentType] - the gate let only these through
        reason=form.get("reason", ""),
        hash=seen,
        manifest=manifest,
        tier=int(form["tier"]) if form.get("tier", "").isdecimal() else None,
        conditions=demands,
        expires=end_of(form["expires"]) if form.get("expires") else None,
        controls=form.get("controls", ""),
        owners=form.get("owners", ""),
    )


def tiers_of(computed: int) -> list[Choice]:
    """What the form of a decision offers: the tier that was worked out, and the higher ones; nothing where there is
    none."""
    higher = [Choice(id=str(tier), title=f"Tier {tier} · {words}") for tier, words in TIERS.items() if tier > computed]
    return [Choice(id="", title=f"Tier {computed}, as worked out"), *higher] if higher else []


def end_of(day: str) -> float:
    """The end (UTC) of a day as a browser's date field writes it."""
    try:
        return (datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=1)).timestamp()
    except ValueError as error:
        raise BadInput("A date is missing.", hint="Choose the day in the calendar.") from error


def given_of(inputs: Sequence[Asked], form: Mapping[str, str | bool]) -> dict[str, Any]:
    """What the form of a try says, as the start step wants it; what was left empty is left out."""
    given: dict[str, Any] = {}
    for each in inputs:
        value = form.get(each["name"], "")
        if each["kind"] == "yes_no":
            given[each["name"]] = bool(value)
        elif value != "":
            given[each["name"]] = _value(each, str(value))
    return given


def _value(asked: Asked, text: str) -> Any:
    if asked["kind"] not in ("number", "list", "json"):
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        wanted = "a number" if asked["kind"] == "number" else "JSON"
        raise BadInput(f"“{asked['label']}” has to be {wanted}.", hint="Correct it and try again.") from error
