"""Canaries: what stands in a knowledge base reaches nobody without a right to it, over no page, handler or route.

Somebody inside makes a base with a secret, a workflow that searches it and an app of that, and runs them. Then
everybody else opens every page of those things and calls every handler and route with the very words that find the
secret. All they are sent is searched for it. The same tour by the person inside has to find it in many places.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx

from builder.session.builtins import OPEN
from builder.session.reflex_private import registered_handlers
from builder.session.surface import policy_for
from runtime.graph.reading import read
from runtime.operations import keys, passages, people, publishing, rights, runs, workflows
from runtime.operations.actors import permit
from tests.attack.house import Attacker, cookie_of
from tests.attack.line import STATE, Line
from tests.attack.pages import all_pages, pages_of
from tests.attack.payloads import choices, payload, takes_text
from tests.attack.routes import all_routes
from tests.attack.sockets import Attack
from tests.support.library import SEARCHING, base
from tests.support.publishing import approved
from tests.support.reviewing import somebody

ASKED = "when does the project Zanzibarium begin"
TEXT = "The project Zanzibarium begins on Maytember, says Quibblefrost."
SECRETS = ("Maytember", "Quibblefrost", "Zanzibarium papers")
"""words of the text and of its title that nobody who asks has to write"""
MUST_TELL = {
    "/knowledge/[base_name]", "/knowledge/[base_name]/passages/[passage_id]", "/runs/[run_id]",
    "one_base.search on /knowledge/[base_name]", "app.start on /apps/[app_name]", "POST /api/v1/apps/{name}/runs",
    "POST /api/v1/workflows/{name}/runs", "GET /api/v1/runs/{run_id}", "GET /api/v1/runs/{run_id}/trace",
}  # fmt: skip
"""where it stands for the person inside"""
ENDING = (
    "account.end",
    "account.set_password",
    "one_base.delete",
    "one_base.remove",
    "workflows.delete",
    "app.stop",
    "run.erase",
)
"""what would take away what the tour is about, or the session it is made with"""
LATE = "what came by itself"
RUN = f"{STATE}.builder___screens___run____run"
"""the state of the page of a run: what an auditor may open, every run, with what it found; nothing else tells them"""
RUN_ROUTES = ("GET /api/v1/runs/{run_id}", "GET /api/v1/runs/{run_id}/trace")
"""the same over HTTP"""


@dataclass(frozen=True)
class Told:
    """A place, and all it sent."""

    where: str
    said: str


async def attack_canaries(attack: Attack) -> None:
    """All of it; the counts go into the tally."""
    inside, named = await _prepare(attack)
    found = {each.where async for each in _tour(attack, inside, named) if _tells(each)}
    assert not MUST_TELL - found, f"the person inside is not told at {MUST_TELL - found}, so this proves nothing"
    for attacker in attack.house.attackers:
        async for each in _tour(attack, attacker, named):
            attack.tally.cells += 1
            if _tells(each) and not _may(attacker, each):
                attack.tally.escapes.append(f"{attacker.role} {each.where}: {_around(each.said)}")


async def _tour(attack: Attack, who: Attacker, named: dict[str, str]) -> AsyncIterator[Told]:
    """Every page of these things, every handler on them and off them, every route; and all that came of each."""
    line = await Line.open(attack.origin, who.cookie)
    for page in {page.route: page for page in all_pages()}.values():
        yield Told(page.route, await line.arrive(page.route, named))
    for name in sorted(registered_handlers()):
        policy = None if name in OPEN else policy_for(name)
        if policy is None or policy.is_internal or not permit(who.actor, policy.action or "").allowed:
            continue
        short = ".".join(name.split("____")[-1:])
        if takes_text(policy) and not short.startswith(ENDING):
            line.leave()
            for choice in range(choices(policy)):
                yield Told(short, await line.ask(name, _asking(policy, choice), steps=2))
        for page in pages_of(name) if not short.startswith(ENDING) else ():
            await line.arrive(page.route, named)
            said = await line.ask(name, _asking(policy, 0), steps=2)
            late = await line.listen(1.0) if short == "app.start" else ""  # what came out comes when it is there
            yield Told(f"{short} on {page.route}", said + late)
    yield Told("run.leave", await line.ask(f"{RUN}.leave", {}, steps=2))
    yield Told(LATE, await line.listen(0.5))  # what follows a run ends when its page is left
    await line.close()
    async with httpx.AsyncClient(base_url=attack.origin, headers={"origin": attack.origin}, timeout=30) as client:
        for method, path in all_routes():
            if not path.startswith("/api/") or method == "DELETE":  # what it answers is tried elsewhere
                continue
            address = path.replace("{run_id}", named["run_id"])
            address = address.replace("{name}", named["app_name" if "/apps/" in path else "workflow_name"])
            sent: dict[str, Any] = (
                {"json": {"inputs": {"question": ASKED}}} if method == "POST" and "cancel" not in path else {}
            )
            answer = await client.request(method, address, headers={"authorization": f"Bearer {who.key}"}, **sent)
            yield Told(f"{method} {path}", answer.text)


def _asking(policy: Any, choice: int) -> dict[str, Any]:
    """The words that find the secret, wherever words may stand."""
    found = payload(policy, ASKED, choice)
    for value in found.values():
        if isinstance(value, dict):
            value.update(question=ASKED, words="Zanzibarium", query=ASKED)
    return found


def _tells(told: Told) -> bool:
    return any(word in told.said for word in SECRETS)


def _may(attacker: Attacker, told: Told) -> bool:
    """An auditor reads every run whole, on its page or over the API. What follows a run goes on behind what is asked
    next, so the state that tells counts and not the place; but once the page is left, nothing comes."""
    if attacker.role != "auditor" or told.where == LATE:
        return False
    return told.where in RUN_ROUTES or _telling(told.said) == {RUN}


def _telling(said: str) -> set[str]:
    """The states whose vars tell; a frame that is no update stands for itself."""
    found: set[str] = set()
    for frame in said.splitlines():
        if not _tells(Told("", frame)):
            continue
        delta = (json.loads(frame.removeprefix("42/_event,"))[1] or {}).get("delta") or {frame: frame}
        found |= {state for state, values in delta.items() if _tells(Told("", json.dumps(values, ensure_ascii=False)))}
    return found


def _around(said: str) -> str:
    place = next(said.index(word) for word in SECRETS if word in said)
    return said[max(0, place - 200) : place + 100]


async def _prepare(attack: Attack) -> tuple[Attacker, dict[str, str]]:
    """The person inside, and the names of what is theirs by what stands in addresses."""
    runtime = attack.runtime
    owner, it = await people.local_owner(runtime), attack.house.it
    inside = await somebody(runtime, "Inga", "analyst")
    made = await base(runtime, inside, "Zanzibarium papers", secret=TEXT)
    [passage] = await passages.search_base(runtime, inside, base=made.name, query=ASKED)
    document, _ = read(SEARCHING.format(bases=f"[{made.name}]").encode())
    draft = await workflows.create_workflow(runtime, inside, title="Ask", document=document)
    ended = await runs.run_to_end(runtime, inside, workflow=draft.name, inputs={"question": ASKED})
    await rights.give(runtime, inside, kind="base", name=made.name, holder=owner.id, level="see")
    decision = await approved(runtime, source=SEARCHING.format(bases=f"[{made.name}]").encode())
    app = await publishing.publish_app(runtime, it, decision=decision, title="Ask us", holders=[inside.id])
    named = {
        "base_name": made.name, "passage_id": passage.id, "run_id": ended.run, "app_name": app.name,
        "workflow_name": draft.name, "template_name": "none", "entry_id": "none", "number": "4000000",
    }  # fmt: skip
    key = await keys.create_key(runtime, inside, label="hers")
    return Attacker("inside", inside, await cookie_of(runtime, inside), key.text), named
