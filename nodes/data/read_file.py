"""`data.read_file`: what is written in a file."""

from __future__ import annotations

from typing import Any

from nodes.sdk import (
    Context,
    Effect,
    Example,
    FileHandle,
    Node,
    Output,
    Result,
    StepFailed,
    Trouble,
    Value,
    field,
    is_file,
    output,
)

TABLES = ("text/csv", "text/tab-separated-values", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_FILE = {"id": "file_1", "name": "orders.csv", "type": "text/csv", "size": 27, "sha256": "…"}


class ReadFile(Node, label="Read a file", icon="file-text", effects=(Effect.READ,)):
    """Take the text out of a file, or the rows of a table.

    Reads PDF, Word, HTML, Markdown, plain text, CSV and Excel (the first sheet). What kind a file is, its content says,
    not its name. A scan holds no text: let a text recognition go over it first.
    """

    file: Value = field("File", "A file input, or a file an earlier step has made.", default="")

    class Output(Output):
        """What was read."""

        text: str = output("All that is written in it")
        rows: list[dict[str, Any]] = output("Of a CSV or Excel file: its rows, by the names in the first one")
        name: str = output("The name of the file")

    examples = (
        Example(
            "A table of orders",
            settings={"file": _FILE},
            files={"file_1": b"order,amount\nA-1,20\nA-2,35\n"},
            output={
                "text": "order: A-1\namount: 20\n\norder: A-2\namount: 35",
                "rows": [{"order": "A-1", "amount": "20"}, {"order": "A-2", "amount": "35"}],
                "name": "orders.csv",
            },
        ),
    )

    def troubles(self) -> list[Trouble]:
        """No file chosen."""
        return [] if self.file else [Trouble("file", "missing", "Choose the file to read.")]

    def explain(self) -> str:
        """Which file."""
        return f"Reads what is written in {self.file or 'a file'}."

    async def run(self, ctx: Context) -> Result:
        """Read it."""
        file = _the_file(self.file)
        pages = await ctx.files.text(file)
        rows = await ctx.files.rows(file) if file["type"] in TABLES else []
        return self.Output(text="\n\n".join(pages), rows=rows, name=file["name"])


def _the_file(given: Any) -> FileHandle:
    if is_file(given):
        return given
    several = isinstance(given, list)
    raise StepFailed(
        "This step reads one file, and was given several." if several else "What this step was given is no file.",
        code="not_a_file",
        hint="Refer to an input of the kind File, or to one of several files by its number: files.0.",
    )
