"""A keeper of sessions in memory, and the routes by which a test steers it from outside the process."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from runtime.errors import NotSignedIn
from runtime.operations.actors import ACTIONS, Action, Actor
from runtime.operations.invitations import Invited
from runtime.operations.sessions import NewSession, Session, Visit

ROLES = {"Ann": "owner", "Ben": "member"}

# Both may look and open the drawer; only Ann may write.
ACTIONS["page.see"] = Action("look", frozenset({"owner", "member"}))
ACTIONS["drawer.open"] = Action("open the drawer", frozenset({"owner", "member"}))
ACTIONS["desk.write"] = Action("write", frozenset({"owner"}))


@dataclass
class People:
    """The code of each person is their name and works as often as tests need it."""

    sessions: dict[str, Session] = field(default_factory=dict)
    refusals: list[dict[str, str | None]] = field(default_factory=list)

    async def sign_in(self, code: str, visit: Visit) -> NewSession:
        if code not in ROLES:
            raise NotSignedIn("This link has been used or is too old.", hint="Ask for another.")
        token = secrets.token_urlsafe(32)
        self.sessions[token] = Session(secrets.token_hex(8), Actor(code.lower(), code, frozenset({ROLES[code]})))
        return NewSession(token, time.time() + 3600)

    async def sign_in_by_password(self, email: str, password: str, visit: Visit) -> NewSession:
        raise NotSignedIn("Nobody has a password here.")

    async def invited(self, code: str) -> Invited | None:
        return Invited("sign_in", code, "") if code in ROLES else None

    async def accept(self, code: str, name: str, password: str, visit: Visit) -> NewSession:
        raise NotSignedIn("Nobody is invited here.")

    async def prove(self, session: Session, password: str, visit: Visit) -> None:
        raise NotSignedIn("Nobody has a password here.")

    async def session_of(self, token: str | None) -> Session | None:
        return self.sessions.get(token or "")

    async def sign_out(self, session: Session) -> None:
        self.sessions = {token: one for token, one in self.sessions.items() if one.id != session.id}

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
