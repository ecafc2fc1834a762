"""The system's own plan: one step that indexes a document. It runs as every other run does, so it is queued, survives a
kill and is seen in the run explorer; but no catalogue lists its step, so nobody can draw it."""

from __future__ import annotations

from collections.abc import Callable

from nodes.sdk import Context, Effect, Node, Output, Result, output
from runtime.engine.context import StepContext
from runtime.graph.document import Document, Meaning, RunSettings, Step, StepWords, Words
from runtime.graph.hashing import canonical, content_hash, words_digest
from runtime.graph.plan import Plan, PlanStep

TYPE = "knowledge.index_document"
STEP = "index"
LONGEST_S = 24 * 3600.0
"""a run may wait long for its turn where many documents are brought at once"""


class IndexDocument(Node, label="Index a document", icon="library", effects=(Effect.READ,)):
    """Read a document, split it, and make its passages findable."""

    class Output(Output):
        """How much was found."""

        passages: int = output("The number of passages")

    async def run(self, ctx: Context) -> Result:
        """Index the document the run was started with."""
        assert isinstance(ctx, StepContext), "this step runs in the engine only"
        return self.Output(passages=await ctx.index_document(ctx.inputs["document"]))


_DOCUMENT = Document(
    name="index-document",
    meaning=Meaning(steps={STEP: Step(type=TYPE)}, run=RunSettings(time_limit_s=LONGEST_S)),
    words=Words(title="Index a document", steps={STEP: StepWords(title="Read, split and embed")}),
)
NAME = _DOCUMENT.name
HASH, WORDS = content_hash(_DOCUMENT), words_digest(_DOCUMENT)
CONTENT = ((HASH, canonical(_DOCUMENT.meaning)), (WORDS, canonical(_DOCUMENT.words)))
"""what is kept of it, so that its runs can be read like any other"""

_STEP = PlanStep(
    index=0, id=STEP, type=TYPE, title="Read, split and embed", node=IndexDocument, version=1, ready=IndexDocument(),
    bind=None, exits={}, incoming=0, effects=IndexDocument.effects, reads=(), reads_variables=(),
)  # fmt: skip
PLAN = Plan(HASH, "", (_STEP,), {STEP: 0}, 0, (0,), {}, _DOCUMENT.meaning.run)

PlanOf = Callable[[str, str], Plan | None]


def plan_or_own(plan_of: PlanOf) -> PlanOf:
    """What finds the plan of a run, and knows this one too."""
    return lambda digest, words: PLAN if digest == HASH else plan_of(digest, words)
