"""Python by Monty, without the cage around it."""

import pytest

from runtime.sandbox.worker.mistakes import Mistake
from runtime.sandbox.worker.python import Python
from runtime.sandbox.workers import MONTY


@pytest.fixture(scope="module")
def python():
    return Python(64_000_000, 10_000, str(MONTY))


def test_a_session_knows_nothing_of_the_one_before(python):
    assert python.run("x = 1\nx", {}, "", 5.0) == (1, "")
    with pytest.raises(Mistake, match="'x' is not defined"):
        python.run("x", {}, "", 5.0)


def test_a_function_gets_the_inputs_by_name(python):
    assert python.run("def main(a, b=2):\n    print(a)\n    return a + b", {"a": 1}, "main", 5.0) == (3, "1\n")


def test_an_input_the_function_does_not_know_is_a_mistake(python):
    with pytest.raises(Mistake, match="unexpected keyword"):
        python.run("def main(a):\n    return a", {"a": 1, "b": 2}, "main", 5.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "code"),
    [("while True: pass", "code_time"), ("'a' * 10 ** 9", "code_memory"), ("print('a' * 20_000)", "code_output")],
)
def test_each_limit_has_its_code(python, source, code):
    with pytest.raises(Mistake) as mistake:
        python.run(source, {}, "", 0.3)
    assert mistake.value.code == code


def test_an_error_the_code_raises_itself_is_its_own_mistake(python):
    with pytest.raises(Mistake) as mistake:
        python.run("a = 1\nraise ValueError('mine')", {}, "", 5.0)
    assert (mistake.value.code, mistake.value.line) == ("code_error", 2)
    assert "mine" in mistake.value.message
