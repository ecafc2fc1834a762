"""Who is behind a cookie, and how one gets in: what the gate asks of the operations on people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from runtime.operations import door, invitations, sessions
from runtime.operations.actors import Actor
from runtime.operations.invitations import Invited
from runtime.operations.runtime import Runtime
from runtime.operations.sessions import NewSession, Session, Visit


class SessionKeeper(Protocol):
    """The door, as far as sessions go."""

    async def sign_in(self, code: str, visit: Visit) -> NewSession:
        """Exchange a one-time code for a session, or raise `NotSignedIn`: wrong, used or too old."""
        ...

    async def sign_in_by_password(self, email: str, password: str, visit: Visit) -> NewSession:
        """Exchange a password for a session, or raise `NotSignedIn`, `TooManyTries`."""
        ...

    async def invited(self, code: str) -> Invited | None:
        """Who a link is for; None when it leads nowhere."""
        ...

    async def accept(self, code: str, name: str, password: str, visit: Visit) -> NewSession:
        """Exchange an invitation for a session, with the name and the password one chose."""
        ...

    async def prove(self, session: Session, password: str, visit: Visit) -> None:
        """Note that the person has just shown who they are, or raise `NotSignedIn`, `TooManyTries`."""
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

    async def sign_in(self, code: str, visit: Visit) -> NewSession:
        return await sessions.sign_in(self.runtime(), code, visit)

    async def sign_in_by_password(self, email: str, password: str, visit: Visit) -> NewSession:
        return await sessions.sign_in_by_password(self.runtime(), email=email, password=password, visit=visit)

    async def invited(self, code: str) -> Invited | None:
        return await invitations.invited(self.runtime(), code)

    async def accept(self, code: str, name: str, password: str, visit: Visit) -> NewSession:
        return await invitations.accept(self.runtime(), code, name=name, password=password, visit=visit)

    async def prove(self, session: Session, password: str, visit: Visit) -> None:
        await sessions.prove(self.runtime(), session, password=password, visit=visit)

    async def session_of(self, token: str | None) -> Session | None:
        return await sessions.session_of(self.runtime(), token)

    async def sign_out(self, session: Session) -> None:
        await sessions.sign_out(self.runtime(), session)

    async def refused(self, actor: Actor | None, action: str, thing: str, why: str) -> None:
        await door.refused(self.runtime(), actor, action, thing, why)
