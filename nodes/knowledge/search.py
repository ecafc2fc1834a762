"""`knowledge.search`: find passages in knowledge bases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nodes.sdk import (
    LIST,
    NUMBER,
    OBJECT,
    TEXT,
    Context,
    Control,
    Draw,
    Effect,
    Example,
    Node,
    Passage,
    Result,
    Shape,
    Text,
    Trouble,
    field,
)
from nodes.sdk.words import listed, quoted

_PLACE = {"base": TEXT, "document": TEXT, "document_id": TEXT, "passage": TEXT, "heading": TEXT, "page": NUMBER,
          "start": NUMBER, "end": NUMBER, "score": NUMBER}  # fmt: skip


class Search(Node, label="Search knowledge", icon="library", effects=(Effect.READ,)):
    """Find the passages of your documents that fit a question.

    The text holds the passages, each with a number in brackets, ready for the prompt of a model: tell it to answer from
    them only and to name the numbers. The result keeps where each one stands, so that whoever reads the answer can open
    it. A run finds only what the person it belongs to may read.
    """

    bases: list[str] = field(
        "Knowledge bases", "What is searched.", default=[], control=Control.BASES, max_length=10
    )  # fmt: skip
    query: Text = field(
        "Question", "What the passages should answer.", default="", control=Control.PARAGRAPH,
        example="How many days off are there?",
    )  # fmt: skip
    limit: int = field("Passages", "The most that are taken, best first.", default=5, ge=1, le=20)
    min_score: float = field(
        "Least score", "Passages below are left out. 0 takes all; above 0.3 they are usually about the question.",
        default=0.2, ge=0, le=1, advanced=True,
    )  # fmt: skip

    examples = (
        Example(
            "From the handbook",
            settings={"bases": ["handbook"], "query": "How many days off are there?"},
            answers=(
                [
                    {"id": "document_1.7", "base": "handbook", "document": "document_1", "title": "Handbook.pdf",
                     "page": 12, "start": 340, "end": 380, "heading": "", "text": "Everybody has 30 days of leave.",
                     "score": 0.71},
                ],
            ),
            output={
                "text": "[1] Handbook.pdf, page 12\nEverybody has 30 days of leave.",
                "result": [
                    {
                        "content": "Everybody has 30 days of leave.",
                        "title": "Handbook.pdf",
                        "metadata": {"base": "handbook", "document": "Handbook.pdf", "document_id": "document_1",
                                     "passage": "document_1.7", "heading": "", "page": 12, "start": 340, "end": 380,
                                     "score": 0.71},
                    }
                ],
            },
        ),
    )  # fmt: skip

    def outputs(self) -> dict[str, Shape]:
        """The passages as one text, and each with its place."""
        place = OBJECT.model_copy(update={"fields": _PLACE, "description": "Where it stands"})
        each = OBJECT.model_copy(update={"fields": {"content": TEXT, "title": TEXT, "metadata": place}})
        return {
            "text": TEXT.model_copy(update={"description": "The passages, numbered, for a prompt"}),
            "result": LIST.model_copy(update={"items": each, "description": "The passages with their places"}),
        }

    def draws(self) -> list[Draw]:
        """What is in the bases goes on to whatever comes after."""
        return [Draw("base", name) for name in self.bases]

    def troubles(self) -> list[Trouble]:
        """Nothing to search, or nothing to look for."""
        found: list[Trouble] = []
        if not self.bases:
            found.append(Trouble("bases", "missing", "Choose the knowledge bases to search."))
        if not self.query.strip():
            found.append(Trouble("query", "missing", "Write what to look for."))
        return found

    def explain(self) -> str:
        """Where, for what, how much."""
        where = listed([f"“{name}”" for name in self.bases]) or "nothing"
        some = "the best passage" if self.limit == 1 else f"the {self.limit} best passages"
        return f"Searches {where} for {quoted(self.query)} and takes {some}."

    async def run(self, ctx: Context) -> Result:
        """Search."""
        found = await ctx.knowledge.search(self.bases, self.query, limit=self.limit, min_score=self.min_score)
        return {"text": numbered(found), "result": [_cited(each) for each in found]}


def numbered(passages: Sequence[Passage]) -> str:
    """Passages for a prompt: `[1] Handbook.pdf, page 12 – Leave`, then the words."""
    blocks: list[str] = []
    for number, each in enumerate(passages, 1):
        page = f", page {each.page}" if each.page else ""
        heading = f" – {each.heading}" if each.heading else ""
        blocks.append(f"[{number}] {each.title}{page}{heading}\n{each.text}")
    return "\n\n".join(blocks)


def _cited(each: Passage) -> dict[str, Any]:
    return {
        "content": each.text,
        "title": each.title,
        "metadata": {
            "base": each.base, "document": each.title, "document_id": each.document, "passage": each.id,
            "heading": each.heading, "page": each.page, "start": each.start, "end": each.end, "score": each.score,
        },
    }  # fmt: skip
