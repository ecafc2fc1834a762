"""The JSON step reads, takes a part and writes."""

import pytest

from nodes.data.json import LONG, Json, Way, keys_of, worked
from nodes.sdk import StepFailed
from runtime.engine.sandbox import RunSandbox
from tests.support.context import SANDBOX, StepContext, run_step

DATA = {"items": [{"n": 1, "a.b": "x"}, {"n": 2}], "who": {"name": "Ada"}, "none": None}


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("", DATA), ("who.name", "Ada"), ("items.0.n", 1), ("items[1].n", 2), ("items.-1.n", 2), ("items.*.n", [1, 2]),
        ("items[*].n", [1, 2]), ('items.0."a.b"', "x"), ("$.who.name", "Ada"), ("who.*", ["Ada"]), ("who.age", None),
        ("items.9.n", None), ("who.name.first", None), ("none.deeper", None), ("items.x", None), ("$", None),
        ("items.-9", None),
    ],
)  # fmt: skip
async def test_a_part_is_found_by_its_path(path, part):
    assert (await run_step(Json, {"value": DATA, "path": path})).output == {"output": part}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, null, true, "ä"]}', {"a": [1, 2.5, None, True, "ä"]}), ("[]", []), (' "x" ', "x"), ("3", 3),
        ('```json\n{"a": 1}\n```', {"a": 1}), ('Sure!\n```\n[1]\n```\nDone.', [1]), ('{"a": "```"}', {"a": "```"}),
    ],
)  # fmt: skip
async def test_text_is_read(text, value):
    assert (await run_step(Json, {"value": text})).output == {"output": value}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1,\n "b" 2}', "line 2, column 6"),
        ("", "line 1"),
        ("{'a': 1}", "double quotes"),
        ("NaN", "cannot be read"),
        ("[" * 100_000, "brackets too deep"),
        ("1" * 10_000, "too large"),
    ],
)
async def test_what_is_no_json_is_told_with_its_place(text, words):
    with pytest.raises(StepFailed) as failed:
        worked({"value": text})
    assert words in failed.value.message


async def test_what_has_to_be_there_is_missed():
    with pytest.raises(StepFailed, match="in this value, which is an object"):
        await run_step(Json, {"value": DATA, "path": "who.age", "must_exist": True})


async def test_a_value_is_written():
    settings = {"operation": "write", "value": {"a": ["ä", 1.0, None]}}
    assert (await run_step(Json, settings)).output == {"output": '{"a": ["ä", 1.0, null]}'}
    assert (await run_step(Json, settings | {"pretty": True})).output["output"].count("\n") == 6


async def test_a_long_text_is_read_apart():
    class Apart(RunSandbox):
        async def apart(self, function, given):
            context.say(function)
            return worked(given)

    class Context(StepContext):
        @property
        def sandbox(self):
            return Apart(SANDBOX, "test")

    context = Context()
    assert (await run_step(Json, {"value": f'["{"a" * LONG}"]', "path": "1"}, context)).output == {"output": None}
    assert context.said == ["nodes.data.json:worked"]


@pytest.mark.parametrize("path", ["a..b", "a.", ".a", '"a', '"a"b', "a[", "a[x]"])
def test_a_path_nobody_can_follow_is_told(path):
    assert [each.field for each in Json(value="{}", path=path).troubles()] == ["path"]
    with pytest.raises(ValueError, match=r"\.$"):
        keys_of(path)


def test_it_explains_itself():
    assert Json(value="{{ fetch.body }}", path="items").explain() == "Reads “items” of {{ fetch.body }} as JSON."
    assert Json(operation=Way.WRITE, value="{{ a.b }}").explain() == "Writes {{ a.b }} as JSON text."
    assert [each.field for each in Json().troubles()] == ["value"]
