"""Small documents, and the step types they are made of."""

from typing import Annotated, Any

from nodes.catalogue import load
from nodes.sdk import Dynamic, Effect, Node, Output, Result, Text, field, output
from runtime.graph.compiling import compile_document
from runtime.graph.document import Document

REAL = load()


class Repeat(Node, label="Repeat", icon="copy", version=3, effects=(Effect.WRITE,)):
    """Writes a text several times.

    Only for tests: it has what the real step types do not use yet.
    """

    text: Text = field("Text", max_length=20)
    times: Annotated[int, Dynamic.VALUE] = field("Times", default=1, ge=0, le=9)
    among: Annotated[list[str], Dynamic.VALUE] = field("Among", default=[])

    class Output(Output):
        """What was written."""

        text: str = output("The text")
        many: list[int] = output("Some numbers")

    @classmethod
    def upgrade(cls, version: int, settings: dict[str, Any]) -> dict[str, Any]:
        """Version 2 called the text `word`."""
        if version != 2:
            raise ValueError("too old")
        return {"text": settings["word"]}

    async def run(self, ctx: Any) -> Result:
        """Write it."""
        ctx.say(self.text)
        return self.Output(text=self.text * self.times, many=[1])


class Moody(Node, label="Moody", icon="box"):
    """Fails whenever it is asked about itself."""

    need: str = field("Need")

    def exits(self) -> Any:
        raise RuntimeError(self.need)

    outputs = exits
    troubles = exits
    explain = exits


class Known:
    """The real step types and two for tests."""

    def __init__(self) -> None:
        self.types = {**REAL.types, "test.repeat": Repeat, "test.moody": Moody}
        self.digest = "known"

    def get(self, type_id: str) -> type[Node] | None:
        return self.types.get(type_id)


def drawn(steps, edges=(), **more):
    """A document: `steps` as {id: (type, settings)}, `edges` as "from > to", anything else belongs to the meaning."""
    words = more.pop("words", {})
    made = {}
    for step, (kind, settings, *version) in steps.items():
        made[step] = {"type": kind, "settings": settings, **({"version": version[0]} if version else {})}
    pairs = [each.split(" > ") for each in edges]
    return Document.model_validate(
        {
            "name": "drawn",
            "words": words,
            "meaning": {"steps": made, "edges": [{"from": here, "to": there} for here, there in pairs], **more},
        }
    )


def compiled(steps, edges=(), **more):
    return compile_document(drawn(steps, edges, **more), Known())


def planned(steps, edges=(), **more):
    """The plan of a document without errors."""
    found = compiled(steps, edges, **more)
    assert found.plan, found.problems
    return found.plan


def told(steps, edges=(), **more):
    """The problems: code, step, field."""
    return [(each.code, each.step, each.field) for each in compiled(steps, edges, **more).problems]


START = (
    "flow.start",
    {"inputs": [{"name": "text"}, {"name": "number", "kind": "number"}, {"name": "list", "kind": "list"}]},
)
FINISH = ("flow.finish", {"outputs": [{"name": "answer", "value": "yes"}]})


def join(*texts):
    return ("data.join_text", {"texts": list(texts)})


def branch(*cases):
    return ("flow.branch", {"cases": [{"id": each, "conditions": [{"left": "a", "right": "a"}]} for each in cases]})


def set_value(variable, value="1"):
    return ("flow.set_value", {"changes": [{"variable": variable, "value": value}]}, 2)
