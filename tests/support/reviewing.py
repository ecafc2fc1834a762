"""People and a workflow for tests of reviews: who they are is in the rows, as the door asks."""

from dataclasses import replace

from runtime.graph.document import Document
from runtime.graph.reading import read
from runtime.operations.actors import Actor
from runtime.operations.deciding import Demand, Verdict, decide
from runtime.operations.reviews import DecisionView, open_review
from runtime.operations.runtime import Runtime
from runtime.operations.submissions import Answers, SubmissionCard, submit
from runtime.operations.workflows import create_workflow
from runtime.store import people
from runtime.store.ids import new_id
from runtime.store.models import bind_alias, list_aliases

DAY = 86_400.0
ANSWERS = Answers("Tickets wait for days before anybody reads them.", "The help desk", False, False)
REASON = "It does what it says, and nothing confidential leaves."

SOURCE = b"""
greenlane: 1
name: triage
words:
  title: Ticket triage
  description: Says in a sentence what a ticket is about.
meaning:
  steps:
    start: {type: flow.start, settings: {inputs: [{name: ticket, kind: text, data_class: public}]}}
    ask: {type: ai.ask_model, settings: {alias: fast, messages: [{role: user, text: "Sum up: {{ start.ticket }}"}]}}
    finish: {type: flow.finish, settings: {outputs: [{name: summary, value: "{{ ask.text }}"}]}}
  edges: [{from: start, to: ask}, {from: ask, to: finish}]
"""


def drawn(source: bytes = SOURCE) -> Document:
    """The workflow as a document."""
    document, _ = read(source)
    assert document is not None, "the source is a workflow"
    return document


LEAKY = SOURCE.replace(b"data_class: public", b"data_class: confidential")
"""the same, of data that its model may not see once `narrowed`"""


async def somebody(runtime: Runtime, name: str, *roles: str) -> Actor:
    """A new person, signed in a moment ago."""
    person, now = new_id("person"), runtime.clock.now()
    given = frozenset({*roles, "member"})
    await runtime.writer.write(lambda tx: people.insert_person(tx, person=person, name=name, roles=given, now=now))
    return Actor(person, name, given, proved=now)


async def narrowed(runtime: Runtime) -> None:
    """From now on the models see nothing above public."""
    for alias in runtime.reader.now(list_aliases):
        narrow = replace(alias, clearance="public")
        await runtime.writer.write(lambda tx, each=narrow: bind_alias(tx, each))


async def submitted(runtime: Runtime, author: Actor, document: Document | None = None) -> SubmissionCard:
    """A new workflow of this author, under review."""
    draft = await create_workflow(runtime, author, title="Ticket triage", document=document or drawn())
    return await submit(runtime, author, workflow=draft.name, answers=ANSWERS)


async def verdict_on(runtime: Runtime, reviewer: Actor, number: int, kind: str = "approved", **more) -> Verdict:
    """A verdict about what the reviewer sees now, complete for its kind."""
    seen = await open_review(runtime, reviewer, number=number)
    day = runtime.clock.now() + 30 * DAY
    needed = {
        "conditions": {"conditions": (Demand("Add the handbook as a source.", day),)},
        "exception": {"expires": day, "controls": "Weekly samples are read.", "owners": "Ada, Grace"},
    }
    given = {"kind": kind, "reason": REASON, "hash": seen.hash, "manifest": seen.manifest}
    return Verdict(**given | needed.get(kind, {}) | more)


async def decision_on(runtime: Runtime, reader: Actor, number: int) -> DecisionView:
    """What was decided, as this person sees it."""
    found = (await open_review(runtime, reader, number=number)).decision
    assert found is not None, "nobody decided yet"
    return found


async def decided(runtime: Runtime, reviewer: Actor, number: int, kind: str = "approved", **more) -> str:
    """Open, look, decide; the id of the decision."""
    return await decide(
        runtime, reviewer, number=number, verdict=await verdict_on(runtime, reviewer, number, kind, **more)
    )
