"""Every hostile text through every evaluator: each ends in time, with a value or a clean error, and touches nothing."""

import asyncio
import time
from contextlib import suppress

import pytest

from nodes.sdk import StepFailed
from runtime.engine.sandbox import CagedCode
from runtime.sandbox.cage import cage
from runtime.sandbox.workers import AT_ONCE
from tests.hostile.house import CLEAN, house, told
from tests.hostile.payloads import BOMBS, ESCAPES

SECONDS = 0.6
"""for each text; the bombs use all of it"""
AT_MOST_S = 20.0
"""from asked to told, on a busy machine"""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not cage().works, reason="no cage can be built here")]


async def outcome(code: CagedCode, language, source: str, entry: str) -> tuple[object, list[str]]:
    """What came of a text, and what is wrong with that."""
    began = time.monotonic()
    wrong: list[str] = []
    try:
        came: object = await code.run(
            f"hostile{time.monotonic_ns() % 4} code", language, source, {"a": 1}, entry=entry, seconds=SECONDS
        )
    except StepFailed as error:
        came = told(error)
        if error.code not in CLEAN:
            wrong.append(f"ended as {error.code}")
        if "Traceback" in error.message or "/site-packages/" in error.message:
            wrong.append("the error shows our insides")
    if time.monotonic() - began > AT_MOST_S:
        wrong.append("took too long")
    return came, wrong


LANGUAGES = {"py": "python", "js": "javascript", "jinja": "jinja"}


def texts_for(language: str, entry: str, *, every: bool) -> dict[str, str]:
    """Its own, those of no language, and of the others as many as make 60; or all there are."""
    if entry:
        return {name: text for name, text in ESCAPES.items() if LANGUAGES.get(name.split()[0]) == language}
    all_of_them = {
        f"{kind} {name}": text for kind, some in (("reach", ESCAPES), ("bomb", BOMBS)) for name, text in some.items()
    }
    own = {name: text for name, text in all_of_them.items() if LANGUAGES.get(name.split()[1], language) == language}
    others = [name for name in all_of_them if name not in own]
    return own | {name: all_of_them[name] for name in (others if every else others[::9])}


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.nightly)])
@pytest.mark.parametrize(
    ("language", "entry"),
    [("python", ""), ("javascript", ""), ("jinja", ""), ("python", "main"), ("javascript", "main")],
)
async def test_no_hostile_text_gets_anywhere(language, entry, every, tmp_path, monkeypatch):
    code, texts = CagedCode(), texts_for(language, entry, every=every)
    assert len(texts) >= (20 if entry else 60)
    bad: list[str] = []
    places = asyncio.Semaphore(AT_ONCE)
    try:
        with house(tmp_path, monkeypatch) as canaries:

            async def tried(name: str, text: str) -> None:
                source = canaries.armed(text)
                if entry:
                    source = as_function(language, source)
                async with places:  # the time counts from when there is a place
                    came, wrong = await outcome(code, language, source, entry)
                wrong += canaries.harm(came)
                bad.extend(f"{name}: {each}: {str(came)[:200]}" for each in wrong)

            await asyncio.gather(*(tried(*each) for each in texts.items()))
            assert (await code.run("good", "python", "6 * 7", {}, entry="", seconds=5)).value == 42, "and it lives on"
    finally:
        code.close()
    assert code.workers() == []
    assert bad == []


def as_function(language: str, source: str) -> str:
    """The same text, run when the function is called."""
    if language == "javascript":
        return f"function main(given) {{ return eval({source!r}) }}"
    *begin, last = source.split("\n")
    inside = "\n    ".join([*begin, last if last.startswith((" ", "while", "import")) else f"return {last}"])
    return f"def main(a):\n    {inside}\n"


@pytest.mark.parametrize("text", ["'; 1", "main}", "__import__('os')", "a.b", "", "main\n", "mäin()"])
@pytest.mark.parametrize("language", ["python", "javascript"])
async def test_the_name_of_a_function_is_no_way_in(language, text):
    code = CagedCode()
    try:
        came, wrong = await outcome(code, language, "x = 1", text)
        assert not wrong, came
        assert text == "" or "error" in str(came), came
    finally:
        code.close()


@pytest.mark.parametrize("name", ["__builtins__", "print", "a b", "a'); evil(", "constructor", "__proto__", "JSON"])
@pytest.mark.parametrize("language", ["python", "javascript", "jinja"])
async def test_the_name_of_an_input_is_no_way_in(language, name):
    code = CagedCode()
    try:
        with suppress(StepFailed):
            assert (await code.run("hostile", language, "1", {name: {"evil": 1}}, entry="", seconds=5)).value in {
                1,
                "1",
            }
        assert (await code.run("hostile", language, "1", {}, entry="", seconds=5)).value in {1, "1"}
    finally:
        code.close()
