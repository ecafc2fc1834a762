"""Forgery against the real server, by socket and by HTTP: what was never approved, or is not any more, is neither
decided nor run; each attempt is refused with a sentence and recorded. Each has its honest twin, which works.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from runtime.graph.document import Document
from runtime.graph.reading import read
from runtime.operations import keys, people, publishing, stops, submissions, workflows
from runtime.operations.actors import Actor
from runtime.store.people import set_roles
from runtime.store.rights import give_right, take_right
from tests.attack.house import cookie_of
from tests.attack.line import STATE, Line
from tests.attack.sockets import Attack
from tests.attack.tally import head, refusals, snapshot
from tests.support.publishing import approved
from tests.support.reviewing import ANSWERS, REASON, somebody

REVIEW = f"{STATE}.builder___screens___review____review_page"
APP = f"{STATE}.builder___screens___app____app"
FLOW = b"""
greenlane: 1
name: echo
words: {title: Echo, description: Says what it was told.}
meaning:
  steps:
    start: {type: flow.start, settings: {inputs: [{name: word, kind: text, data_class: public}]}}
    finish: {type: flow.finish, settings: {outputs: [{name: answer, value: "{{ start.word }}"}]}}
  edges: [{from: start, to: finish}]
"""
OWN = "nobody decides about what they took part in"
BY_HAND = (
    ("UPDATE release SET hash = 'forged' WHERE app = ?", "not what was approved"),
    ("UPDATE release SET manifest = 'forged' WHERE app = ?", "not what was approved"),
    ("UPDATE decision SET hash = 'forged' WHERE id = (SELECT decision FROM release WHERE app = ?)", "not what was"),
    ("UPDATE decision SET withdrawn = 1.0 WHERE id = (SELECT decision FROM release WHERE app = ?)", "withdrawn"),
    ("UPDATE decision SET kind = 'denied' WHERE id = (SELECT decision FROM release WHERE app = ?)", "not approved"),
)
"""what somebody does who reaches the database, and a word of the sentence with which the app then does not start"""


async def attack_decisions(attack: Attack) -> None:
    """Deciding on the page of a review: one's own work, also after handing it over, without the role, twice."""
    runtime = attack.runtime
    boss = await somebody(runtime, "Boss", "owner", "reviewer", "analyst")
    ada, mary = await somebody(runtime, "Ada", "analyst"), await somebody(runtime, "Mary", "member")
    grace, alan = await somebody(runtime, "Grace", "reviewer"), await somebody(runtime, "Alan", "reviewer")
    own = await workflows.create_workflow(runtime, boss, title="Echo", document=_echo())
    await _undecided(attack, boss, await _submitted(attack, boss, own.name), OWN)
    handed = await workflows.create_workflow(runtime, boss, title="Echo", document=_echo())
    await runtime.writer.write(lambda tx: _hand_over(tx, handed.name, boss, ada))
    number = await _submitted(attack, ada, handed.name)
    await _undecided(attack, boss, number, OWN)
    await _undecided(attack, ada, number, "")
    await _undecided(attack, mary, number, "")
    await _undecided(attack, grace, number, "", between=lambda tx: set_roles(tx, grace.id, ["member"]))
    await runtime.writer.write(lambda tx: set_roles(tx, grace.id, ["reviewer", "member"]))
    honest, late = await _looking(attack, grace, number), await _looking(attack, alan, number)
    said = await honest.ask(f"{REVIEW}.decide", {"form": {"reason": REASON}})
    assert "Decision recorded" in said, f"an honest approval does not work, so nothing is proved: {said[:500]}"
    await _refused_on(attack, late, alan, number, "is not open any more")
    for line in (honest, late):
        await line.close()


async def attack_apps(attack: Attack) -> None:
    """Starting an app that must not run, on its page, with a person's key and with its own."""
    runtime = attack.runtime
    mary, it = await somebody(runtime, "Mary", "member"), attack.house.it
    decision = await approved(runtime, source=FLOW)
    app = await publishing.publish_app(runtime, it, decision=decision, title="Echo", holders=[mary.id])
    owner = await people.local_owner(runtime)
    bearers = {
        mary.id: (await keys.create_key(runtime, mary, label="hers")).text,
        app.id: (await keys.create_key(runtime, owner, label="its own", app=app.name)).text,
    }
    line = await Line.open(attack.origin, await cookie_of(runtime, mary))
    await _runs(attack, line, app.name, bearers)
    await stops.stop_app(runtime, it, app=app.name, reason="It told a customer nonsense.")
    await _does_not_run(attack, line, app.name, mary, bearers, "nonsense")
    await stops.resume_app(runtime, it, app=app.name, reason="The prompt was looked at again.")
    for statement, says in BY_HAND:
        kept = runtime.reader.now(_governed)
        await runtime.writer.write(lambda tx, made=statement: tx.exec_driver_sql(made, (app.id,)))
        await _does_not_run(attack, line, app.name, mary, bearers, says)
        await runtime.writer.write(lambda tx, rows=kept: _restore(tx, rows))
    await _runs(attack, line, app.name, bearers)
    await line.close()


async def _looking(attack: Attack, who: Actor, number: int) -> Line:
    """Somebody on the page of a review, with the dialog of an approval open."""
    line = await Line.open(attack.origin, await cookie_of(attack.runtime, who))
    await line.arrive("/reviews/[number]", {"number": str(number)})
    await line.ask(f"{REVIEW}.ask", {"what": "approved", "chosen": ""})
    return line


async def _undecided(
    attack: Attack, who: Actor, number: int, says: str, between: Callable[[Any], None] | None = None
) -> None:
    """Somebody who must not decides; `between` happens after the page was opened and before the click."""
    line = await _looking(attack, who, number)
    if between is not None:
        await attack.runtime.writer.write(between)
    await _refused_on(attack, line, who, number, says)
    await line.close()


async def _refused_on(attack: Attack, line: Line, who: Actor, number: int, says: str) -> None:
    before, row = snapshot(attack.runtime), head(attack.runtime)
    said = await line.ask(f"{REVIEW}.decide", {"form": {"reason": REASON}})
    _judge(attack, f"{who.name} decides about #{number}", row, who.id, "decision.make", says, said)
    if snapshot(attack.runtime)["decision"] != before["decision"]:
        attack.tally.escapes.append(f"{who.name} decided about #{number}")


async def _does_not_run(attack: Attack, line: Line, app: str, who: Actor, bearers: dict[str, str], says: str) -> None:
    runs = snapshot(attack.runtime)["run"]
    row = head(attack.runtime)
    await line.arrive("/apps/[app_name]", {"app_name": app})
    said = await line.ask(f"{APP}.start", {"form": {"word": "hello"}})
    _judge(attack, f"starting on the page what says {says!r}", row, who.id, "app.run", says, said)
    for actor, bearer in bearers.items():
        row = head(attack.runtime)
        answer = await _start(attack, app, bearer)
        _judge(attack, f"starting by key what says {says!r}", row, actor, "app.run", says, answer.text)
        if answer.status_code != 403:
            attack.tally.escapes.append(f"starting by key what says {says!r}: {answer.status_code}")
    if snapshot(attack.runtime)["run"] != runs:
        attack.tally.escapes.append(f"what says {says!r} was run")


def _judge(attack: Attack, what: str, row: int, who: str, action: str, says: str, said: str) -> None:
    """Refused, recorded once, and said in a sentence."""
    attack.tally.cells += 1
    attack.tally.denials += 1
    rows = [(each.outcome, each.person) for each in refusals(attack.runtime, row) if each.action == action]
    if rows != [("refused", who)]:
        attack.tally.escapes.append(f"{what}: the audit log says {rows}")
    if says not in said:
        attack.tally.escapes.append(f"{what}: it does not say {says!r}: {said[-600:]}")


async def _runs(attack: Attack, line: Line, app: str, bearers: dict[str, str]) -> None:
    """The honest twin: without it the refusals would prove nothing."""
    runs = len(snapshot(attack.runtime)["run"])
    await line.arrive("/apps/[app_name]", {"app_name": app})
    await line.ask(f"{APP}.start", {"form": {"word": "hello"}}, steps=2)
    for bearer in bearers.values():
        answer = await _start(attack, app, bearer)
        assert answer.json().get("outputs") == {"answer": "hello"}, answer.text
    assert len(snapshot(attack.runtime)["run"]) == runs + 1 + len(bearers), "it runs on its page too"


async def _start(attack: Attack, app: str, bearer: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=attack.origin, headers={"authorization": f"Bearer {bearer}"}) as client:
        return await client.post(f"/api/v1/apps/{app}/runs", json={"inputs": {"word": "hello"}})


def _echo() -> Document:
    document, _ = read(FLOW)
    assert document is not None, "the source is a workflow"
    return document


async def _submitted(attack: Attack, who: Actor, workflow: str) -> int:
    return (await submissions.submit(attack.runtime, who, workflow=workflow, answers=ANSWERS)).number


def _hand_over(tx: Any, name: str, before: Actor, after: Actor) -> None:
    workflow = tx.exec_driver_sql("SELECT id FROM workflow WHERE name = ?", (name,)).scalar_one()
    give_right(tx, workflow, after.id, "own")
    take_right(tx, workflow, before.id)
    tx.exec_driver_sql("UPDATE workflow SET owner = ? WHERE id = ?", (after.id, workflow))


def _governed(tx: Any) -> list[tuple[Any, ...]]:
    decisions = tx.exec_driver_sql("SELECT id, hash, kind, withdrawn FROM decision").all()
    releases = tx.exec_driver_sql("SELECT app, number, hash, manifest FROM release").all()
    return [*map(tuple, decisions), *map(tuple, releases)]


def _restore(tx: Any, rows: list[tuple[Any, ...]]) -> None:
    for one, two, three, four in rows:
        if isinstance(two, int):
            tx.exec_driver_sql(
                "UPDATE release SET hash = ?, manifest = ? WHERE app = ? AND number = ?", (three, four, one, two)
            )
        else:
            tx.exec_driver_sql(
                "UPDATE decision SET hash = ?, kind = ?, withdrawn = ? WHERE id = ?", (two, three, four, one)
            )
