"""Facts as `operations.governance` gathers them, without a store."""

from nodes.catalogue import load
from nodes.sdk import DataClass
from runtime.governance.facts import Facts, Tried
from runtime.governance.manifest import dependency, manifest
from runtime.graph.compiling import compile_document
from runtime.graph.document import Document
from runtime.graph.flowing import FlowFacts, Place, flow_of
from runtime.graph.hashing import content_hash
from runtime.graph.touching import touch_of

CATALOGUE = load()


def facts(document: Document, *, outside: bool = False, tests: tuple[Tried, ...] = ()) -> Facts:
    """As `operations.governance` gathers them, with one model behind the alias."""
    compiled = compile_document(document, CATALOGUE)
    known = FlowFacts(models={"fast": Place(DataClass.RESTRICTED, "the model “fast”", outside=outside)})
    return Facts(
        document=document, hash=content_hash(document), problems=compiled.problems, steps=compiled.steps,
        order=tuple(compiled.ways.order), touches={step: touch_of(each) for step, each in compiled.steps.items()},
        touched=compiled.touched, flow=flow_of(document, compiled.steps, compiled.ways, known),
        manifest=manifest([dependency("model", "fast", {"model": "a/b"})]), tests=tests,
    )  # fmt: skip
