"""Every HTTP route × every role, by cookie and by key, with what is somebody else's in its address and body."""

from __future__ import annotations

import re
from secrets import token_hex
from typing import Any

import httpx

from builder.api import create_api
from builder.screens.pages import PAGES
from runtime.operations.runtime import Runtime
from tests.attack.house import CANARY, Attacker, House
from tests.attack.sockets import MEANT
from tests.attack.tally import Tally, changed, harmed, head, plain, refusals, snapshot

SIGNING = (("GET", "/sign-in"), ("POST", "/sign-in"), ("POST", "/prove"))
"""answered outside of pages and API; signing out is left out, it would end the attack"""


def all_routes() -> list[tuple[str, str]]:
    """(method, path) of everything that is served: API, signing in, pages."""
    served = _leaves(create_api(_nobody).routes)
    found = {(method, route.path) for route in served for method in route.methods or ()}
    pages = {("GET", route) for route, *_ in PAGES if route.startswith("/")}
    return sorted((found - {("HEAD", path) for _, path in found}) | set(SIGNING) | pages)


def _nobody() -> Runtime:
    raise AssertionError("routes are listed without a product")


def _leaves(routes: Any) -> list[Any]:
    return [leaf for route in routes for leaf in (_leaves(route.routes) if hasattr(route, "routes") else [route])
            if hasattr(leaf, "methods")]  # fmt: skip


async def attack_routes(runtime: Any, origin: str, house: House, tally: Tally, routes: list[tuple[str, str]]) -> None:
    """All of it; the counts go into the tally."""
    tally.routes = len(routes)
    async with httpx.AsyncClient(base_url=origin, headers={"origin": origin}, timeout=30) as client:
        for method, path in routes:
            tally.cells += 1
            await _as_nobody(runtime, client, method, path, house, tally)
            for attacker in house.attackers:
                tally.cells += 1
                await _as_somebody(runtime, client, method, path, attacker, house, tally)


async def _as_nobody(
    runtime: Any, client: httpx.AsyncClient, method: str, path: str, house: House, tally: Tally
) -> None:
    for word in ("nothing", *house.foreign.values()):
        before = snapshot(runtime)
        answer = await client.request(method, _address(path, word), **_body(method, path, word))
        if path not in ("/sign-in", "/api/v1/openapi.json", "/health") and answer.status_code not in (303, 401, 404):
            tally.escapes.append(f"nobody {method} {path} with {word}: {answer.status_code}")
        if CANARY in answer.text:
            tally.escapes.append(f"nobody {method} {path} with {word}: it told of what is Vera's")
        if wrong := set(changed(before, snapshot(runtime))) - {"sign_in_try"}:
            tally.escapes.append(f"nobody {method} {path} with {word}: it changed {', '.join(wrong)}")
        if "{" not in path and "[" not in path:
            break
    tally.denials += path not in ("/sign-in", "/api/v1/openapi.json", "/health")


async def _as_somebody(
    runtime: Any, client: httpx.AsyncClient, method: str, path: str, attacker: Attacker, house: House, tally: Tally
) -> None:
    by_key = {"authorization": f"Bearer {attacker.key}"}
    by_cookie = {"cookie": f"__Host-greenlane={attacker.cookie}"}
    headers = by_key if path.startswith("/api/") else by_cookie
    denied = False
    for kind, word in house.foreign.items():
        if (attacker.role, kind) in MEANT:
            continue
        answers: list[str] = []
        what = f"{attacker.role} {method} {path} with {kind}"
        nothing = f"{word[:4]}{token_hex(8)}"
        for asked in (nothing, word):
            before, row = snapshot(runtime), head(runtime)
            answer = await client.request(method, _address(path, asked), headers=headers, **_body(method, path, asked))
            after, rows = snapshot(runtime), refusals(runtime, row)
            answers.append(f"{answer.status_code} {plain(answer.text, nothing, word)}")
            if CANARY in answer.text.replace(word, ""):
                tally.escapes.append(f"{what}: it told of what is Vera's")
            if wrong := harmed(before, after, attacker.actor.id):
                tally.escapes.append(f"{what}: it changed {', '.join(wrong[:3])}")
            if answer.status_code == 403:
                denied = True
                if [each.outcome for each in rows] != ["refused"]:
                    tally.escapes.append(f"{what}: denied with {len(rows)} rows in the audit log")
        if answers[0] != answers[1]:
            tally.escapes.append(f"{what}: nothing → {answers[0][:200]} | Vera's → {answers[1][:200]}")
        if "{" not in path and "[" not in path:
            break
    tally.denials += denied


def _address(path: str, word: str) -> str:
    return re.sub(r"\{[^}]*\}|\[[^\]]*\]", word, path)


def _body(method: str, path: str, word: str) -> dict[str, Any]:
    if method not in ("POST", "PUT", "PATCH"):
        return {}
    if path in ("/sign-in", "/prove"):
        return {"data": {"email": word, "password": word}}
    return {"json": {"inputs": {}, "mode": "wait", "key": None}}
