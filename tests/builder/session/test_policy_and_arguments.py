"""A handler's policy and its strict arguments."""

from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from builder.session.arguments import Arguments, ArgumentsError, SignatureError
from builder.session.policy import internal, policy_of, requires


class Edit(BaseModel):
    step: str
    x: int = 0


async def rename(self: Any, step: str, title: str = "", *, times: int = 1): ...


async def place(self: Any, edits: list[Edit], on: date, kind: Literal["add", "move"], json: float): ...


async def submit(self: Any, form: dict[str, str]): ...


def test_what_fits_comes_back_typed():
    given = {"edits": [{"step": "a"}], "on": "2026-01-02", "kind": "add", "json": 1}
    assert Arguments.of(place).checked(given) == {
        "edits": [Edit(step="a")],
        "on": date(2026, 1, 2),
        "kind": "add",
        "json": 1.0,
    }


def test_what_is_left_out_gets_the_default_of_the_signature():
    assert Arguments.of(rename).checked({"step": "a"}) == {"step": "a"}


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"step": 1},
        {"step": None},
        {"step": "a", "times": "1"},
        {"step": "a", "times": 1.0},
        {"step": "a", "times": True},
        {"step": "a", "other": 1},
        {"step": "a", "self": {}},
        {"step": "a", "title": float("nan")},
        {"step": {"__reflex_form_data__": [["a", "b"]]}},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(payload: dict[str, Any]):
    with pytest.raises(ArgumentsError):
        Arguments.of(rename).checked(payload)


def test_a_refusal_does_not_repeat_what_was_sent():
    with pytest.raises(ArgumentsError) as refusal:
        Arguments.of(place).checked({"edits": "hunter2", "on": "hunter2", "kind": "hunter2", "json": "hunter2"})
    assert "hunter2" not in str(refusal.value)
    assert "kind" in str(refusal.value)


def test_a_submitted_form_is_a_plain_dict():
    form = {"form": {"__reflex_form_data__": [["name", "x"], ["name", "y"]]}}
    assert Arguments.of(submit).checked(form) == {"form": {"name": "y"}}


def test_a_signature_has_to_say_what_it_takes():
    async def untyped(self: Any, title): ...
    async def anything(self: Any, **rest: str): ...

    with pytest.raises(SignatureError, match="title: str"):
        Arguments.of(untyped)
    with pytest.raises(SignatureError, match="rest"):
        Arguments.of(anything)


def test_the_decorators_leave_a_policy():
    edit, chained = policy_of(requires("workflow.edit")(rename)), policy_of(internal(submit))
    assert edit is not None
    assert edit.action == "workflow.edit"
    assert chained is not None
    assert chained.is_internal
    assert policy_of(place) is None
