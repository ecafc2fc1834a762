"""Errors of models in words."""

import pytest

from runtime.gateway import Binding
from runtime.gateway.failures import failed, failed_by_status, unkeyed

BINDING = Binding("fast", "openai/demo", "http://127.0.0.1/v1", key="sk-canary")


def test_what_the_server_said_helps_without_our_key():
    error = failed_by_status(400, "bad field, key sk-canary", BINDING)
    assert error.message == "The model “fast” does not accept this request."
    assert error.hint.endswith("It said: “bad field, key •••”")


def test_what_a_server_says_about_a_key_is_not_repeated():
    assert "It said" not in failed_by_status(401, "wrong key ab12", BINDING).hint


def test_a_long_page_is_cut():
    assert len(unkeyed("word " * 1000, BINDING)) <= 301


@pytest.mark.parametrize(
    ("status", "code"),
    [(418, "model_bad_request"), (599, "model_down"), (413, "prompt_too_long"), (402, "model_unpaid")],
)
def test_every_status_has_a_code(status, code):
    assert failed_by_status(status, "", BINDING).code == code


def test_only_what_may_pass_is_tried_again():
    codes = (
        "model_busy",
        "model_down",
        "model_timeout",
        "model_unreachable",
        "model_interrupted",
        "bad_answer",
        "model_silent",
    )
    assert [failed(code, BINDING).retry for code in codes] == [True] * 5 + [False] * 2
