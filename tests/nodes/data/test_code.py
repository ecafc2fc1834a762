"""The code step runs `main` in the sandbox and hands on exactly what was declared."""

import pytest

from nodes.data.code import Code
from nodes.sdk import Effect, Ran, StepFailed
from nodes.sdk.named import PYTHON_MODULES
from runtime.engine.sandbox import RunSandbox
from tests.support.context import SANDBOX, StepContext, run_step

TOTAL = [{"name": "total", "kind": "number"}]


async def computed(code, outputs=TOTAL, language="python", **given):
    inputs = [{"name": name, "value": value} for name, value in given.items()]
    settings = {"inputs": inputs, "language": language, "code": code, "outputs": outputs}
    return (await run_step(Code, settings)).output


async def failing(code, **options):
    with pytest.raises(StepFailed) as failed:
        await computed(code, **options)
    return failed.value


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "def main(a, rows):\n    print('seen', a)\n    return {'total': a + sum(r['n'] for r in rows)}"),
        ("javascript",
         "function main({a, rows}) {\n  console.log('seen', a);\n"
         "  return {total: rows.reduce((sum, r) => sum + r.n, a)};\n}"),
    ],
)  # fmt: skip
async def test_main_gets_the_inputs_by_name_and_what_it_prints_is_kept(language, code):
    output = await computed(code, language=language, a=1, rows=[{"n": 2}, {"n": 3.5}])
    assert output == {"total": 6.5, "printed": "seen 1\n"}


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ({"total": 1, "more": 2}, "returned “more”, which is not declared"), ({}, "did not return “total”"),
        ({"total": "1"}, "The output “total” is a text, and not a number"),
        ({"total": [1]}, "is a list, and not a number"), ([1], "returned a list, and not an object"),
        (None, "returned nothing, and not an object"),
    ],
)  # fmt: skip
async def test_what_was_not_declared_or_is_of_another_kind_is_told(returned, words):
    class Sandbox(RunSandbox):
        async def run(self, *_, **__):
            return Ran(returned)

    class Returns(StepContext):
        @property
        def sandbox(self):
            return Sandbox(SANDBOX, "test")

    with pytest.raises(StepFailed) as failed:
        await run_step(Code, {"code": "def main(): …", "outputs": TOTAL}, Returns())
    assert (failed.value.code, words in failed.value.message) == ("code_output_wrong", True), failed.value.message
    assert failed.value.hint


@pytest.mark.parametrize(
    ("language", "code", "words"),
    [
        ("python", "def main(a):\n    b = 1\n    return {'total': a / 0}", "Line 3: ZeroDivisionError"),
        ("python", "def main(a):\n    return {'total': a\n", "Line 3: "),
        ("python", "def main(a):\n    return {'total': nope}", "Line 2: NameError: name 'nope' is not defined"),
        ("javascript", "function main({a} {\n}", "Line 1: SyntaxError"),
    ],
)
async def test_a_mistake_is_told_with_its_line(language, code, words):
    error = await failing(code, language=language, a=1)
    assert (error.code, error.message.startswith(words)) == ("code_error", True), error.message


@pytest.mark.slow
async def test_code_that_never_ends_is_stopped():
    with pytest.raises(StepFailed) as failed:
        await run_step(Code, {"code": "def main():\n    while True: pass", "outputs": TOTAL, "seconds": 0.2})
    assert failed.value.code == "code_time"


async def test_braces_in_code_are_the_code_s():
    assert (await computed("def main():\n    return {'total': len('{{ a.b }}')}"))["total"] == 9


def test_what_is_missing_or_cannot_be_a_name_is_told():
    assert [each.field for each in Code().troubles()] == ["code", "outputs"]
    wrong = Code.model_validate(
        {
            "inputs": [{"name": "main"}, {"name": "for"}], "code": "x = 1",
            "outputs": [{"name": "printed"}, {"name": "a"}, {"name": "a"}],
        }
    )  # fmt: skip
    assert [each.field for each in wrong.troubles()] == [
        "code", "inputs.0.name", "inputs.1.name", "outputs.0.name", "outputs.2.name",
    ]  # fmt: skip


def test_each_output_is_promised_with_its_kind():
    outputs = [{"name": "names", "kind": "texts"}, {"name": "ok", "kind": "yes_no"}]
    promised = Code.model_validate({"outputs": outputs}).outputs()
    assert {name: each.kind for name, each in promised.items()} == {"names": "list", "ok": "yes/no", "printed": "text"}
    assert Code().does() == {Effect.COMPUTE}


def test_it_explains_itself():
    step = Code.model_validate(
        {
            "inputs": [{"name": "items", "value": "{{ read.rows }}"}],
            "code": "def main(items):\n    return {}\n",
            "outputs": TOTAL,
        }
    )
    assert step.explain() == (
        "Runs 2 lines of Python in the sandbox and takes “total” (number) from {{ read.rows }} (as “items”)."
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "returned", "output"),
    [
        ("text", "None", None),
        ("number", "None", None),
        ("number", "True", 1),
        ("numbers", "[1, None]", [1, None]),
        ("objects", "None", None),
        ("yes_no", "False", False),
    ],
)
async def test_an_output_may_be_nothing_and_yes_counts_as_one(kind, returned, output):
    code = f"def main():\n    return {{'out': {returned}}}"
    found = (await computed(code, outputs=[{"name": "out", "kind": kind}]))["out"]
    assert (found, type(found)) == (output, type(output))


def test_outputs_may_have_names_that_mean_something_in_code():
    step = Code.model_validate({"code": "def main(): …", "outputs": [{"name": "class"}], "inputs": [{"name": "class"}]})
    assert [each.field for each in step.troubles()] == ["inputs.0.name"]


async def test_the_modules_that_are_promised_can_be_imported():
    lines = "".join(f"import {name}\n" for name in sorted(PYTHON_MODULES))
    assert await computed(f"{lines}def main():\n    return {{'total': 1}}") == {"total": 1, "printed": ""}
