"""Reading a file: its text, and the rows of a table."""

from __future__ import annotations

import pytest

from nodes.data.read_file import ReadFile
from nodes.sdk import StepFailed
from tests.support.context import StepContext, run_step


def handle(name: str, kind: str) -> dict:
    return {"id": "file_1", "name": name, "type": kind, "size": 1, "sha256": "0"}


async def test_a_text_is_read_whole_and_has_no_rows():
    context = StepContext(kept={"file_1": b"# Title\n\nWords"})
    left = await run_step(ReadFile, {"file": handle("a.md", "text/markdown")}, context)
    assert left.output == {"text": "# Title\n\nWords", "rows": [], "name": "a.md"}


@pytest.mark.parametrize(
    ("given", "words"), [("file_1", "is no file"), ([handle("a", "b")], "given several"), ({"id": "file_1"}, "no file")]
)
async def test_what_is_no_file_is_told_in_words(given, words):
    with pytest.raises(StepFailed, match=words):
        await run_step(ReadFile, {"file": given})


def test_without_a_file_it_is_not_ready():
    assert [each.field for each in ReadFile.model_validate({}).troubles()] == ["file"]
