"""Code of steps: what comes out, and what a person is told when nothing does."""

import asyncio
import os
import time

import pytest

from nodes.sdk import Ran, StepFailed
from runtime.engine import sandbox as module
from runtime.engine.sandbox import CagedCode
from runtime.sandbox.cage import Cage

pytestmark = pytest.mark.slow

NO_CAGE = Cage("", "bubblewrap is not installed.", "Install it.")


async def until(holds):
    """Wait until it holds."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.01)


@pytest.fixture(scope="module")
def shared():
    code = CagedCode(reduced=lambda: True)
    yield code
    code.close()
    assert code.workers() == []


@pytest.fixture
def run(shared):
    async def run(language, source, inputs=None, *, entry="", seconds=10.0):
        return await shared.run("test", language, source, inputs or {}, entry=entry, seconds=seconds)

    return run


@pytest.mark.parametrize(
    ("language", "source", "entry"),
    [
        ("python", "def main(a, b):\n    print('sum')\n    return {'sum': a + b}", "main"),
        ("python", "print('sum')\n{'sum': a + b}", ""),
        ("javascript", "function main({a, b}) { console.log('sum'); return {sum: a + b} }", "main"),
        ("javascript", "const main = async ({a, b}) => { console.log('sum'); return {sum: a + b} }", "main"),
        ("javascript", "console.log('sum'); ({sum: a + b})", ""),
    ],
)
async def test_code_computes_with_its_inputs(run, language, source, entry):
    assert await run(language, source, {"a": 2, "b": 3}, entry=entry) == Ran({"sum": 5}, "sum\n")


async def test_a_template_renders(run):
    source = "{% for each in items %}- {{ each.name }}{% if not loop.last %}\n{% endif %}{% endfor %}"
    assert (await run("jinja", source, {"items": [{"name": "A"}, {"name": "B"}]})).value == "- A\n- B"


async def test_a_value_that_is_missing_on_purpose_is_empty_text(run):
    assert (await run("jinja", "[{{ a }}]", {"a": None})).value == "[]"


async def test_values_come_back_as_they_went_in(run):
    given = {"text": "ü\n“x”", "list": [1, 2.5, None, True], "object": {"a b": {"c": []}}}
    for language, source in (("python", "given"), ("javascript", "given")):
        assert (await run(language, source, {"given": given})).value == given


async def test_what_is_printed_keeps_its_order_and_shape(run):
    ran = await run("javascript", "console.log('a', 1, {b: [2]}, null, undefined); console.error('c')")
    assert ran.printed == 'a 1 {"b":[2]} null undefined\nc\n'


@pytest.mark.parametrize(
    ("language", "source", "entry", "told"),
    [
        ("python", "a = 1\nb = a / 0", "", "Line 2: ZeroDivisionError"),
        ("python", "def main():\n    x = 1\n    return x.nope", "main", "Line 3: AttributeError"),
        ("python", "a = 1\ndef :", "", "Line 2: "),
        ("python", "x = 1", "main", "main"),
        ("python", "import requests", "", "Line 1: ModuleNotFoundError"),
        ("javascript", "let a = 1;\nb", "", "Line 2: ReferenceError: b"),
        ("javascript", "function main() {\n  throw new Error(1)\n}", "main", "Line 2: Error: 1"),
        ("javascript", "let a = ;", "", "Line 1: SyntaxError"),
        ("javascript", "1", "main()", "no name of a function"),
        ("javascript", "new Promise(() => {})", "", "never happens"),
        ("javascript", "1n", "", "later steps can read"),
        ("jinja", "one\n{{ nope }}", "", "Line 2: 'nope' is undefined"),
        ("jinja", "one\n\n{% for %}", "", "Line 3: "),
        ("python", "b'bytes'", "", "bytes, which later steps cannot read"),
    ],
)
async def test_a_mistake_is_told_with_its_line(run, language, source, entry, told):
    with pytest.raises(StepFailed) as failed:
        await run(language, source, entry=entry)
    assert (failed.value.code, told in failed.value.message) == ("code_error", True), failed.value.message
    assert failed.value.hint


async def test_code_longer_than_64_kb_is_not_run(run):
    with pytest.raises(StepFailed, match="64 kB"):
        await run("python", "#" * 64_001)


async def test_more_than_16_mb_of_values_are_not_handed_over(run):
    with pytest.raises(StepFailed, match="16 MB"):
        await run("python", "1", {"big": "x" * 16_000_001})


async def test_a_function_of_ours_works_apart(shared):
    assert await shared.apart("test", "nodes.sdk.words:listed", ["a", "b", "c"]) == "a, b and c"


async def test_a_function_of_ours_that_fails_apart_is_our_mistake_not_the_authors(shared):
    with pytest.raises(StepFailed) as failed:
        await shared.apart("test", "nodes.sdk.words:listed", 3)
    assert failed.value.code == "internal"
    assert "TypeError" not in failed.value.message


async def test_without_a_cage_code_is_refused_in_words_until_reduced_isolation_is_permitted(monkeypatch):
    monkeypatch.setattr(module, "cage", lambda: NO_CAGE)
    permitted = False
    code = CagedCode(reduced=lambda: permitted)
    try:
        with pytest.raises(StepFailed) as failed:
            await code.run("test", "python", "1", {}, entry="", seconds=5)
        assert failed.value.code == "sandbox_missing"
        assert "bubblewrap is not installed" in failed.value.hint
        assert code.workers() == []
        permitted = True
        assert (await code.run("test", "python", "1", {}, entry="", seconds=5)).value == 1
    finally:
        code.close()


async def test_who_stops_waiting_ends_the_worker():
    code = CagedCode(reduced=lambda: True)
    try:
        running = asyncio.create_task(code.run("test", "python", "while True: pass", {}, entry="", seconds=60))
        await until(lambda: len(code._workers._busy) == 1)
        (worker,) = code._workers._busy
        running.cancel()
        began = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await running
        await until(lambda: not worker.lives)
        assert time.monotonic() - began < 2
    finally:
        code.close()


async def test_shutting_down_leaves_no_process():
    code = CagedCode(reduced=lambda: True)
    for language in ("python", "javascript", "jinja"):
        await code.run("test", language, "1", {}, entry="", seconds=10)
    pids = code.workers()
    assert pids
    code.close()
    assert code.workers() == []
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
