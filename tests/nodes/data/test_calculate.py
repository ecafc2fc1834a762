"""The calculate step works out a formula in the sandbox."""

import pytest

from nodes.data.calculate import Calculate
from nodes.sdk import StepFailed
from nodes.sdk.named import Given, Kind
from tests.support.context import run_step


async def worked_out(formula, kind="any", **given):
    inputs = [{"name": name, "value": value} for name, value in given.items()]
    return (await run_step(Calculate, {"inputs": inputs, "formula": formula, "kind": kind})).output["output"]


@pytest.mark.parametrize(
    ("formula", "given", "result"),
    [
        ("net * 2", {"net": 3.5}, 7.0), (" round(a / b, 2)\n", {"a": 1, "b": 3}, 0.33),
        ("a + ' ' + b", {"a": "x", "b": "y"}, "x y"),
        ("'late' if days > 30 else 'in time'", {"days": 31}, "late"),
        ("sum(i['p'] for i in items)", {"items": [{"p": 1}, {"p": 2}]}, 3),
        ("{'a': [n for n in ns if n], 'b': 1 < 2}", {"ns": [0, 1]}, {"a": [1], "b": True}),
    ],
)  # fmt: skip
async def test_a_formula_gives_its_value(formula, given, result):
    assert await worked_out(formula, **given) == result


@pytest.mark.parametrize(
    ("formula", "kind", "code", "words"),
    [
        ("'a'", "number", "code_output_wrong", "The result of the formula is a text, and not a number."),
        ("1 / 0", "number", "code_error", "Line 1: ZeroDivisionError"), ("a +", "number", "code_error", "Line 1: "),
        ("float('nan')", "number", "code_error", ""), ("open('/etc/passwd').read()", "text", "code_error", ""),
    ],
)  # fmt: skip
async def test_what_comes_to_nothing_is_told(formula, kind, code, words):
    with pytest.raises(StepFailed) as failed:
        await worked_out(formula, kind)
    assert (failed.value.code, failed.value.message.startswith(words)) == (code, True), failed.value.message


def test_the_kind_is_promised():
    assert Calculate(kind=Kind.TEXTS).outputs()["output"].kind == "list"
    assert Calculate().outputs()["output"].kind == "number"


def test_what_is_missing_is_told_and_it_explains_itself():
    assert [each.field for each in Calculate().troubles()] == ["formula"]
    step = Calculate(formula="net * 2", inputs=[Given(name="net", value="{{ a.net }}")])
    assert step.explain() == "Works out one value (number) by a formula from {{ a.net }} (as “net”)."
