"""Recorded answers: found by place, then anywhere; refused or made where there is none."""

from typing import Any

import orjson
import pytest

from nodes.sdk import Answer, Received, StepFailed, Usage
from runtime.engine.replaying import (
    MOST_KEPT,
    Recorded,
    answer_of,
    received_of,
    request_of,
    told_answer,
    told_failure,
    told_received,
)
from runtime.store.log import Record


def record(
    seq: int, step: str, told: dict[str, Any] | None, *, of: str = "reply", path: str = "", **detail: str
) -> Record:
    value = None if told is None else orjson.dumps(told)
    return Record(
        "run_old", seq, 1, of, 1, step, path, 1, 0.0, 0.0, 0, "", value, None, orjson.dumps(detail), "", "", ""
    )


def said(text: str) -> dict[str, Any]:
    return told_answer(Answer(text))


def test_an_answer_is_found_at_its_step_and_path_before_anywhere_else():
    recorded = Recorded([record(1, "a", said("one"), request="r"), record(2, "b", said("two"), request="r")], "refuse")
    found = recorded.find(("b", ""), "r")
    assert found is not None
    assert answer_of(found).text == "two"
    elsewhere = recorded.find(("c", "each[0]"), "r")
    assert elsewhere is not None
    assert answer_of(elsewhere).text == "one"


def test_equal_requests_get_their_answers_in_order_and_then_the_last_one_again():
    recorded = Recorded([record(n, "a", said(str(n)), request="r") for n in (1, 2)], "refuse")
    found = [recorded.find(("a", ""), "r") for _ in range(3)]
    assert [answer_of(each).text for each in found if each] == ["1", "2", "2"]


def test_what_is_not_recorded_is_refused_or_made():
    with pytest.raises(StepFailed, match="No answer is recorded") as refused:
        Recorded([], "refuse").find(("a", ""), "r")
    assert refused.value.code == "not_recorded"
    assert Recorded([], "make").find(("a", ""), "r") is None


def test_an_erased_answer_is_none():
    assert Recorded([record(1, "a", None, request="r")], "make").find(("a", ""), "r") is None


def test_a_model_answers_as_it_did():
    answer = Answer("text", {"a": [1]}, "length", Usage(1, 2, 0.5, "m", 0.1))
    assert answer_of(record(1, "a", told_answer(answer))) == answer


def test_a_host_answers_as_it_did_also_with_a_file():
    answer = Received(201, {"etag": "x"}, "", b"\x00\xff", "a.bin")
    assert received_of(record(1, "a", told_received(answer))) == answer


def test_a_call_that_failed_fails_again():
    failed = told_failure(StepFailed("Busy.", code="model_busy", hint="Wait.", retry=True))
    with pytest.raises(StepFailed, match="Busy") as again:
        answer_of(record(1, "a", failed))
    assert (again.value.code, again.value.retry) == ("model_busy", True)


def test_an_answer_too_large_to_be_kept_says_so():
    told = told_received(Received(200, {}, "x" * (MOST_KEPT + 1)))
    assert len(orjson.dumps(told)) < 100
    with pytest.raises(StepFailed, match="too large"):
        received_of(record(1, "a", told))


def test_what_people_answered_is_given_and_what_nobody_asked_is_refused():
    reply = {"choice": "yes", "comment": "", "by": "Ada", "at": 1.0}
    recorded = Recorded([record(1, "a", reply, of="answer", path="each[1]", kind="approve")], "refuse")
    found = recorded.said(("a", "each[1]"))
    assert found is not None
    assert (found.choice, found.by) == ("yes", "Ada")
    assert recorded.waited(("a", "each[1]"))
    with pytest.raises(StepFailed, match="Nobody was asked"):
        recorded.said(("a", "each[2]"))


def test_equal_requests_have_one_digest():
    assert request_of({"a": 1, "b": [2]}) == request_of({"a": 1, "b": [2]}) != request_of({"a": 1, "b": [3]})
