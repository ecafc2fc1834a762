"""What the gate needs to know about people; `runtime.operations.people` is the real one."""

from datetime import datetime
from typing import Protocol


class Actor(Protocol):
    """A person or program that acts."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class Session(Protocol):
    """One signed-in browser."""

    @property
    def id(self) -> str: ...
    @property
    def actor(self) -> Actor: ...


class NewSession(Protocol):
    """What signing in gives: the secret for the cookie, and when it ends."""

    @property
    def session_token(self) -> str: ...
    @property
    def expires(self) -> datetime: ...


class SessionKeeper(Protocol):
    """The door, as far as sessions go. Refusals are of the family in `runtime.errors`."""

    async def sign_in(self, code: str) -> NewSession:
        """Exchange a one-time code for a session, or raise `NotSignedIn`: wrong, used or too old."""
        ...

    async def session_of(self, token: str | None) -> Session | None:
        """The live session behind a cookie. Asked for every request and every event: one row, under a millisecond."""
        ...

    async def sign_out(self, session: Session) -> None: ...

    def may(self, actor: Actor, action: str) -> bool:
        """Whether this actor may ever do this. Whether on this very thing, the operation asks again."""
        ...

    async def refused(self, actor: Actor | None, action: str, thing: str, why: str) -> None:
        """Record a refusal."""
        ...
