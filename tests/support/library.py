"""Knowledge bases for tests: people, bases with documents in them, and waiting until those are ready."""

import asyncio
import time

from runtime.graph.reading import read
from runtime.operations import knowledge, runs, workflows
from runtime.operations.actors import Actor
from runtime.operations.knowledge import BaseCard, DocumentCard
from runtime.operations.runtime import Runtime
from runtime.store import people

SEARCHING = """
greenlane: 1
name: answer
words: {{title: Answer}}
meaning:
  steps:
    start: {{type: flow.start, settings: {{inputs: [{{name: question, kind: text}}]}}}}
    search:
      type: knowledge.search
      settings: {{bases: {bases}, query: "{{{{ start.question }}}}", min_score: 0}}
    finish: {{type: flow.finish, settings: {{outputs: [{{name: text, value: "{{{{ search.text }}}}"}}, {{name: sources, value: "{{{{ search.result }}}}"}}]}}}}
  edges: [{{from: start, to: search}}, {{from: search, to: finish}}]
"""  # noqa: E501 - a file in a line
"""a workflow that hands back what it found; `.format(bases="[a, b]")`"""


async def person(runtime: Runtime, name: str, *roles: str) -> Actor:
    """Somebody with these roles."""
    given = set(roles or ("analyst",))
    await runtime.writer.write(lambda tx: people.insert_person(tx, person=name, name=name, roles=given, now=1.0))
    return Actor(name, name, frozenset(given))


async def base(runtime: Runtime, owner: Actor, title: str, **documents: str) -> BaseCard:
    """A base with text documents, ready to be searched."""
    made = await knowledge.create_base(runtime, owner, title=title, purpose="Tests.", data_class="internal")
    for name, text in documents.items():
        await knowledge.upload_document(runtime, owner, base=made.name, file=f"{name}.txt", body=text.encode())
    await ready(runtime, owner, made.name)
    return made


async def ready(runtime: Runtime, owner: Actor, name: str, seconds: float = 60) -> list[DocumentCard]:
    """Wait until no document of a base is under way any more."""
    end = time.monotonic() + seconds
    while True:
        found = (await knowledge.open_base(runtime, owner, base=name)).documents
        if all(each.status in ("ready", "failed") for each in found):
            return found
        assert time.monotonic() < end, f"waited in vain: {found}"
        await asyncio.sleep(0.05)


async def answered(runtime: Runtime, who: Actor, question: str, *names: str) -> runs.Finished:
    """The end of a run of a workflow of this person's own that searches these bases."""
    document, _ = read(SEARCHING.format(bases=list(names)).encode())
    draft = await workflows.create_workflow(runtime, who, title="Answer", document=document)
    return await runs.run_to_end(runtime, who, workflow=draft.name, inputs={"question": question})
