"""JavaScript by QuickJS, without the cage around it."""

import pytest

from runtime.sandbox.worker.javascript import JavaScript
from runtime.sandbox.worker.mistakes import Mistake


@pytest.fixture
def script():
    return JavaScript(64_000_000, 10_000)


def test_a_promise_is_waited_for(script):
    source = "async function main({n}) { await null; console.log(n); return {n: n + 1} }"
    assert script.run(source, {"n": 1}, "main", 5.0) == ({"n": 2}, "1\n")


def test_a_context_knows_nothing_of_the_one_before(script):
    script.run("globalThis.x = 1", {}, "", 5.0)
    assert script.run("typeof x", {}, "", 5.0) == ("undefined", "")


def test_what_json_cannot_say_is_null_as_javascript_has_it(script):
    assert script.run("({a: undefined, b: NaN, c: () => 1, d: new Date(0)})", {}, "", 5.0)[0] == {
        "b": None,
        "d": "1970-01-01T00:00:00.000Z",
    }


def test_a_language_of_these_days_is_understood(script):
    source = "[3, 1, 2].toSorted().at(-1) + (Object.groupBy([1, 2], (n) => n % 2).a ?? 0) + ({a: {b: 1}}).a?.b"
    assert script.run(source, {}, "", 5.0)[0] == 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("for (;;);", "code_time"),
        ("let a = []; for (;;) a.push('x'.repeat(1e6))", "code_memory"),
        ("console.log('x'.repeat(20000))", "code_output"),
        ("'x'.repeat(20000)", "code_output"),
        ("throw null", "code_error"),
        ("throw 'text'", "code_error"),
        ("Promise.reject(new Error('later'))", "code_error"),
    ],
)
def test_each_end_has_its_code(script, source, code):
    with pytest.raises(Mistake) as mistake:
        script.run(source, {}, "", 0.3)
    assert mistake.value.code == code


def test_the_printing_house_is_out_of_sight(script):
    assert script.run("typeof house + typeof print", {}, "", 5.0)[0] == "undefinedundefined"
