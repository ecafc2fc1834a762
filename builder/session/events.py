"""Every event: the session looked up again, then policy and arguments; a refusal is recorded and ends it."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from reflex import App

from builder.session.arguments import ArgumentsError
from builder.session.keeper import SessionKeeper
from builder.session.reflex_private import (
    BaseState,
    Event,
    Middleware,
    StateUpdate,
    came_from_client,
    client_token,
)
from builder.session.surface import policy_for
from runtime.operations.actors import Actor, permit
from runtime.operations.sessions import Session

_session: ContextVar[Session | None] = ContextVar("greenlane_session", default=None)


def current_actor() -> Actor:
    """Who sent the event that is being handled; what a handler hands to an operation."""
    session = _session.get()
    if session is None:
        raise LookupError("there is an actor only while a handler runs: pass it on to what runs later")
    return session.actor


def current_session() -> str:
    """The id of the session the event came from."""
    session = _session.get()
    return session.id if session else ""


class Sockets(Protocol):
    """The part of the namespace that events need."""

    async def session_behind(self, client_token: str) -> Session | None: ...
    async def disconnect_client(self, client_token: str) -> None: ...


@dataclass
class EventGate(Middleware):
    """Reflex asks this before each event, with the state locked and before the handler."""

    keeper: SessionKeeper
    sockets: Sockets

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002
        """None lets the event through; anything else ends it."""
        session = await self.sockets.session_behind(client_token())
        if session is None:
            if came_from_client():
                await self.keeper.refused(None, "handler.call", event.name, "the session has ended")
            await self.sockets.disconnect_client(client_token())
            return StateUpdate()
        # Only a browser's events are judged: what a handler or a page load chains is ours, with our arguments.
        if came_from_client() and (why := self._judge(event, session.actor)):
            action, reason = why
            await self.keeper.refused(session.actor, action, event.name, reason)
            return StateUpdate()
        _session.set(session)
        return None

    def _judge(self, event: Event, actor: Actor) -> tuple[str, str] | None:
        """The action and reason of a refusal. Puts the validated arguments into the event."""
        policy = policy_for(event.name)
        if policy is None:
            return "handler.call", "no browser may call this handler"
        if policy.action is None:
            return "handler.call", "only other handlers may call this handler"
        verdict = permit(actor, policy.action)
        if not verdict.allowed:
            return policy.action, verdict.reason
        try:
            checked = policy.arguments.checked(event.payload)
        except ArgumentsError as refusal:
            return policy.action, f"the arguments do not fit: {refusal}"
        event.payload.clear()
        event.payload.update(checked)
        return None
