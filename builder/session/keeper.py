"""Who is behind a cookie: what the gate asks of the operations on people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from runtime.operations import door, people
from runtime.operations.actors import Actor
from runtime.operations.people import NewSession, Session
from runtime.operations.runtime import Runtime


class SessionKeeper(Protocol):
    """The door, as far as sessions go."""

    async def sign_in(self, code: str) -> NewSession:
        """Exchange a one-time code for a session, or raise `NotSignedIn`: wrong, used or too old."""
        ...

    async def session_of(self, token: str | None) -> Session | None:
        """The live session behind a cookie. Asked for every request and every event: one row, under a millisecond."""
        ...

    async def sign_out(self, session: Session) -> None:
        """End a session at once."""
        ...

    async def refused(self, actor: Actor | None, action: str, thing: str, why: str) -> None:
        """Record a refusal."""
        ...


@dataclass(frozen=True)
class RuntimeKeeper:
    """The real one."""

    runtime: Callable[[], Runtime]
    """Asked each time: pages are built before there is a runtime."""

    async def sign_in(self, code: str) -> NewSession:
        return await people.sign_in(self.runtime(), code)

    async def session_of(self, token: str | None) -> Session | None:
        return await people.session_of(self.runtime(), token)

    async def sign_out(self, session: Session) -> None:
        await people.sign_out(self.runtime(), session)

    async def refused(self, actor: Actor | None, action: str, thing: str, why: str) -> None:
        await door.refused(self.runtime(), actor, action, thing, why)
