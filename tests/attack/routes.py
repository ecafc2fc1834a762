"""Every HTTP route × everybody: nobody, each role by cookie and by key, the key of an app, what was revoked; with what
is somebody else's in its address and body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import httpx

from builder.builder import beside
from builder.screens.pages import PAGES
from builder.session.sign_in import SignIn
from builder.session.wrapper import Doors
from runtime.operations.sessions import session_of
from runtime.store.people import revoke_session
from tests.attack.house import CANARY, cookie_of
from tests.attack.pages import NAMED
from tests.attack.sockets import MEANT, Attack
from tests.attack.tally import changed, harmed, head, plain, refusals, snapshot

OPEN = {"/sign-in", "/sign-out", "/ping", "/api/v1/openapi.json"}
"""answered for whoever asks; nothing of anybody stands in the answer"""
LEAVING = "/sign-out"
"""with a session it would end the attack: only those without one try it"""

Route = tuple[str, str]


@dataclass(frozen=True)
class Caller:
    """Somebody who sends requests."""

    who: str
    headers: dict[str, str]
    id: str = ""
    """of the person or app; empty for nobody, whom every route but the open ones turns away"""


def all_routes() -> list[Route]:
    """(method, path) of everything that is served: what stands beside the pages, signing in, the pages, the doors."""
    found = {each for app in beside.values() for each in _leaves(app.routes)}
    found |= set(_leaves(SignIn(None, None).routes().routes))  # pyright: ignore[reportArgumentType] - only its paths
    found |= {("GET", route) for route, *_ in PAGES if route.startswith("/")} | {("GET", "/editor/[workflow_name]")}
    doors = Doors()
    found |= {(method, path) for path in (*doors.public, *doors.closed, doors.socket) for method in ("GET", "POST")}
    return sorted(found)


def _leaves(routes: Any) -> list[Route]:
    found: list[Route] = []
    for route in routes:
        if hasattr(route, "effective_candidates"):  # how FastAPI keeps a router that was included
            found += _leaves(route.effective_candidates())
        elif getattr(route, "routes", None):
            found += _leaves(route.routes)
        elif getattr(route, "methods", None):
            found += [(method, route.path) for method in sorted(route.methods - {"HEAD"})]
    return found


async def attack_routes(attack: Attack, routes: list[Route]) -> None:
    """All of it; the counts go into the tally."""
    attack.tally.routes = len(routes)
    strangers = await _strangers(attack)
    async with httpx.AsyncClient(base_url=attack.origin, headers={"origin": attack.origin}, timeout=30) as client:
        for method, path in routes:
            for caller in strangers:
                attack.tally.cells += 1
                await _turned_away(attack, client, method, path, caller)
            for caller in _somebodies(attack, path) if path != LEAVING else ():
                attack.tally.cells += 1
                await _answered(attack, client, method, path, caller)


async def _strangers(attack: Attack) -> list[Caller]:
    """Nobody, those whose session or key has ended, and those who come with the wrong one of the two."""
    runtime, first = attack.runtime, attack.house.attackers[0]
    gone = await cookie_of(runtime, first.actor)
    session = await session_of(runtime, gone)
    assert session is not None, "just signed in"
    await runtime.writer.write(lambda tx: revoke_session(tx, session.id, runtime.clock.now()))
    return [
        Caller("nobody", {}),
        Caller("a made-up session", _cookie(token_hex(32))),
        Caller("a revoked session", _cookie(gone)),
        Caller("a made-up key", _bearer(f"gl_{token_hex(32)}")),
        Caller("a revoked key", _bearer(attack.house.revoked_key)),
    ]


def _somebodies(attack: Attack, path: str) -> list[Caller]:
    house = attack.house
    if path.startswith("/api/"):
        keys = [Caller(each.role, _bearer(each.key), each.actor.id) for each in house.attackers]
        return [*keys, Caller("another app", _bearer(house.app_key), "another")]
    return [Caller(each.role, _cookie(each.cookie), each.actor.id) for each in house.attackers]


def _cookie(session: str) -> dict[str, str]:
    return {"cookie": f"__Host-greenlane={session}"}


def _bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def _turned_away(attack: Attack, client: httpx.AsyncClient, method: str, path: str, caller: Caller) -> None:
    """The same answer whatever is named, nothing told, nothing written."""
    answers, runtime = set[str](), attack.runtime
    for word in ("nothing", *_foreign(attack, path).values()):
        what, before = f"{caller.who} {method} {path} with {word}", snapshot(runtime)
        answer = await client.request(method, _address(path, word), headers=caller.headers, **_body(method, path, word))
        answers.add(f"{answer.status_code} {plain(answer.text, word)}")
        if path not in OPEN and answer.status_code not in (401, 404):
            attack.tally.escapes.append(f"{what}: {answer.status_code}")
        if CANARY in answer.text:
            attack.tally.escapes.append(f"{what}: it told of what is Vera's")
        if wrong := set(changed(before, snapshot(runtime))) - ({"sign_in_try"} if path == "/sign-in" else set()):
            attack.tally.escapes.append(f"{what}: it changed {', '.join(wrong)}")
    if len(answers) > 1:
        attack.tally.escapes.append(f"{caller.who} {method} {path}: answers differ: {sorted(answers)}")
    attack.tally.denials += path not in OPEN


async def _answered(attack: Attack, client: httpx.AsyncClient, method: str, path: str, caller: Caller) -> None:
    """What is Vera's is answered as what is not there; a refusal is one row."""
    runtime, denied = attack.runtime, False
    for kind, word in _foreign(attack, path).items():
        if (caller.who, kind) in MEANT:
            continue
        what, answers = f"{caller.who} {method} {path} with {kind}", list[str]()
        nothing = f"{word[:4]}{token_hex(8)}"
        for asked in (nothing, word):
            before, row = snapshot(runtime), head(runtime)
            sent = _body(method, path, asked)
            answer = await client.request(method, _address(path, asked), headers=caller.headers, **sent)
            after, rows = snapshot(runtime), refusals(runtime, row)
            answers.append(f"{answer.status_code} {plain(answer.text, nothing, word)}")
            if answer.status_code >= 500:
                attack.tally.escapes.append(f"{what}: {answer.status_code}")
            if CANARY in answer.text.replace(word, ""):
                attack.tally.escapes.append(f"{what}: it told of what is Vera's")
            if wrong := harmed(before, after, caller.id):
                attack.tally.escapes.append(f"{what}: it changed {', '.join(wrong[:3])}")
            if answer.status_code == 403:
                denied = True
                if path not in ("/sign-in", "/prove") and [each.outcome for each in rows] != ["refused"]:
                    attack.tally.escapes.append(f"{what}: denied with {len(rows)} rows in the audit log")
        if answers[0] != answers[1]:
            attack.tally.escapes.append(f"{what}: nothing → {answers[0][:200]} | Vera's → {answers[1][:200]}")
    attack.tally.denials += denied


def _foreign(attack: Attack, path: str) -> dict[str, str]:
    """What of Vera's may stand in an address: of a page (the same file for everybody) what it is of; of a route that
    does something, anything; where nothing can be named, one word for the body."""
    names, foreign = re.findall(r"[\[{](\w+)", path), attack.house.foreign
    if not names:
        return {"workflow": foreign["workflow"]}
    return {kind: foreign[kind] for kind in NAMED[names[-1]]} if "[" in path else foreign


def _address(path: str, word: str) -> str:
    return re.sub(r"\{[^}]*\}|\[[^\]]*\]", word, path) + ("?name=x.txt" if path.startswith("/files/") else "")


def _body(method: str, path: str, word: str) -> dict[str, Any]:
    if method not in ("POST", "PUT", "PATCH"):
        return {}
    if path in ("/sign-in", "/prove"):
        return {"data": {"email": word, "password": word}}
    if path.startswith("/files/"):
        return {"content": b"text"}
    if path.endswith("/{conversation}"):
        return {"json": {"title": word[:90]}}
    return {"json": {"inputs": {}, "mode": "wait", "key": None}}
