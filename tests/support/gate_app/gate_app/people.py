"""A keeper of sessions in memory, and the routes by which a test steers it from outside the process."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from builder.session.keeper import Actor, Session
from runtime.errors import NotSignedIn

ALLOWED = {"Ann": {"desk.write", "drawer.open"}, "Ben": {"drawer.open"}}


@dataclass(frozen=True)
class Person:
    id: str
    name: str


@dataclass(frozen=True)
class LiveSession:
    id: str
    actor: Person


@dataclass(frozen=True)
class FreshSession:
    session_token: str
    expires: datetime


@dataclass
class People:
    """Ann may write, Ben may not; the code of each is their name and works as often as tests need it."""

    sessions: dict[str, LiveSession] = field(default_factory=dict)
    refusals: list[dict[str, str | None]] = field(default_factory=list)

    async def sign_in(self, code: str) -> FreshSession:
        if code not in ALLOWED:
            raise NotSignedIn("This link has been used or is too old.")
        token = secrets.token_urlsafe(32)
        self.sessions[token] = LiveSession(secrets.token_hex(8), Person(code.lower(), code))
        return FreshSession(token, datetime.now(UTC) + timedelta(hours=1))

    async def session_of(self, token: str | None) -> LiveSession | None:
        return self.sessions.get(token or "")

    async def sign_out(self, session: Session) -> None:
        self.sessions = {token: one for token, one in self.sessions.items() if one.id != session.id}

    def may(self, actor: Actor, action: str) -> bool:
        return action in ALLOWED[actor.name]

    async def refused(self, actor: Actor | None, action: str, thing: str, why: str) -> None:
        self.refusals.append({"actor": actor.name if actor else None, "action": action, "thing": thing, "why": why})


def controls(people: People, effects: list[str], late: Callable[[], None]) -> Starlette:
    async def refusals(request: Request) -> JSONResponse:
        return JSONResponse(people.refusals)

    async def done(request: Request) -> JSONResponse:
        return JSONResponse(effects)

    async def revoke(request: Request) -> JSONResponse:
        people.sessions.pop((await request.body()).decode())
        return JSONResponse("revoked")

    async def register_late(request: Request) -> JSONResponse:
        late()
        return JSONResponse("registered")

    return Starlette(
        routes=[
            Route("/api/refusals", refusals),
            Route("/api/effects", done),
            Route("/api/revoke", revoke, methods=["POST"]),
            Route("/api/late", register_late, methods=["POST"]),
        ]
    )
