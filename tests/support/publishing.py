"""An app for tests: a workflow of the owner's, a decision about it as a review writes it, published for somebody."""

from __future__ import annotations

from typing import Any

from runtime.operations import publishing, versions
from runtime.operations.actors import Actor
from runtime.operations.runtime import Runtime
from runtime.operations.trying import adopt_file
from runtime.store import decisions, people, submissions
from runtime.store.decisions import NewDecision
from runtime.store.ids import new_id
from runtime.store.submissions import NewSubmission
from runtime.store.transaction import Tx

FLOW = b"""
greenlane: 1
name: greeting
words:
  title: Greeting
meaning:
  steps:
    start:
      type: flow.start
      settings: {inputs: [{name: who}]}
    ask:
      type: ai.ask_model
      settings: {alias: fast, messages: [{role: user, text: "Greet {{ start.who }}"}]}
    finish:
      type: flow.finish
      settings: {outputs: [{name: answer, value: "{{ ask.text }}"}]}
  edges:
    - {from: start, to: ask}
    - {from: ask, to: finish}
"""


async def person(runtime: Runtime, name: str, *roles: str) -> Actor:
    await runtime.writer.write(lambda tx: people.insert_person(tx, person=name, name=name, roles=roles, now=1.0))
    return Actor(name, name, frozenset(roles), proved=runtime.clock.now())


async def approved(runtime: Runtime, *, source: bytes = FLOW, **decided: Any) -> str:
    """A decision about a new workflow of the owner's."""
    author, name = await adopt_file(runtime, source)
    return await approved_as_it_is(runtime, author, name, **decided)


async def approved_as_it_is(
    runtime: Runtime, author: Actor, name: str, *, kind: str = "approved", due: float | None = None, **more: Any
) -> str:
    """A decision about a workflow as its draft is now, written as the review writes it."""
    version = await versions.save_version(runtime, author, name=name)
    row = runtime.reader.now(lambda tx: versions.rows.find_version(tx, version.id))
    assert row is not None, "it was saved a line above"
    workflow = row.workflow
    decision, now = new_id("decision"), runtime.clock.now()

    def write(tx: Tx) -> None:
        submission = NewSubmission(
            new_id("submission"), submissions.next_number(tx), workflow, version.id, version.hash, version.manifest,
            author.id, now, 1, "{}", "{}",
        )  # fmt: skip
        submissions.insert_submission(tx, submission)
        decisions.insert_decision(
            tx,
            NewDecision(
                decision, submission.id, workflow, version.hash, version.manifest, more.pop("tier", 1), kind,
                "it is fine", "p_it", now, **more,
            ),
        )  # fmt: skip
        if due is not None:
            decisions.insert_condition(tx, condition=new_id("condition"), decision=decision, text="Add a test", due=due)

    await runtime.writer.write(write)
    return decision


async def published(runtime: Runtime, it: Actor, member: Actor, **decided: Any) -> str:
    """The name of an app that `member` may run."""
    decision = await approved(runtime, **decided)
    done = await publishing.publish_app(runtime, it, decision=decision, title="Greeter", holders=[member.id])
    return done.name
