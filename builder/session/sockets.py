"""The event socket: no session, no connection; a rate; unknown names dropped before the queue."""

import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reflex import App
from socketio import exceptions

from builder.session.bucket import Bucket
from builder.session.keeper import SessionKeeper
from builder.session.reflex_private import (
    EventNamespace,
    StateUpdate,
    asgi_scope,
    came_from_transport,
    disconnect,
    handler_named,
    is_connected,
)
from builder.session.tokens import owned, owner_mark
from builder.session.wrapper import SESSION_TOKEN
from runtime.operations.sessions import Session

EVENTS_PER_SECOND = 40
EVENTS_AT_ONCE = 200

FROM_BROWSERS = ("event", "ping", "client_error")
"""what a browser may send; what Reflex calls them"""

OWNERS_REMEMBERED = 10_000

RECHECK_SECONDS = 1.0
"""How long what the server sends may trust the last look at the session. What it receives never does."""


@dataclass
class _Socket:
    token: str
    session_id: str
    bucket: Bucket
    checked: float
    """When the session was last looked up for what the server sends."""


class GuardedNamespace(EventNamespace):
    """Reflex's event namespace with a doorkeeper. Knows which session is behind which socket."""

    def __init__(
        self, namespace: str, app: App, keeper: SessionKeeper, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(namespace, app)
        self._keeper = keeper
        self._now = now
        self._open: dict[str, _Socket] = {}
        self._owners: dict[str, str] = {}
        self.dropped: Counter[str] = Counter()
        """What was thrown away, by reason: counted and not recorded, since a stranger chooses how often."""

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Every message of a socket comes through here, whatever it is."""
        if event in ("connect", "disconnect"):
            # A browser may name a message like that too: "connect" with an address of its own choice would link its
            # socket to anybody's tab.
            if not came_from_transport(self, event, *args[:2]):
                self.dropped["forged"] += 1
                return None
        elif event not in FROM_BROWSERS:
            self.dropped["unknown message"] += 1
            return None
        elif (socket := self._open.get(args[0])) is None or not socket.bucket.take():
            self.dropped["too fast"] += 1
            return None
        return await super().trigger_event(event, *args)

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        token = asgi_scope(environ).get(SESSION_TOKEN)
        session = await self._keeper.session_of(token) if token else None
        if token is None or session is None:
            self.dropped["no session"] += 1
            raise exceptions.ConnectionRefusedError
        self._remember_owner(token)
        bucket = Bucket(EVENTS_PER_SECOND, EVENTS_AT_ONCE, self._now)
        self._open[sid] = _Socket(token, session.id, bucket, checked=self._now())
        try:
            await super().on_connect(sid, environ, auth)
        except BaseException:
            del self._open[sid]
            raise

    def on_disconnect(self, sid: str) -> Any:
        self._open.pop(sid, None)
        return super().on_disconnect(sid)

    async def on_event(self, sid: str, data: Any) -> None:
        match data:
            case {"name": str(name)} if handler_named(name) is None:
                self.dropped["unknown handler"] += 1
            case {"name": str()} if isinstance(data.get("payload", {}), dict) and isinstance(
                data.get("router_data", {}), dict
            ):
                await super().on_event(sid, data)
            case _:
                self.dropped["malformed"] += 1

    async def link_token_to_sid(self, sid: str, token: str, *, update_state: bool = True) -> None:
        # A duplicated browser tab sends the token of the first one. Reflex would give it a fresh token that is not
        # rewritten as ours are, and the tab would lose its state at the next reconnect.
        if await is_connected(self, token):
            fresh = str(uuid.uuid4())
            await self.emit("new_token", fresh, to=sid)
            token = owned(fresh, self._open[sid].token)
        await super().link_token_to_sid(sid, token, update_state=update_state)

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        sid = self.token_to_sid.get(token)
        if sid is None or await self._may_still_listen(sid):
            await super().emit_update(update, token)

    async def _may_still_listen(self, sid: str) -> bool:
        socket = self._open.get(sid)
        if socket is None:
            return False
        if self._now() - socket.checked < RECHECK_SECONDS:
            return True
        if await self._keeper.session_of(socket.token) is None:
            self.dropped["session ended"] += 1
            await disconnect(self, [sid])
            return False
        socket.checked = self._now()
        return True

    async def session_behind(self, client_token: str) -> Session | None:
        """The live session that owns a client token, looked up now."""
        token = self._owners.get(client_token.partition(".")[0])
        return await self._keeper.session_of(token) if token else None

    async def disconnect_client(self, client_token: str) -> None:
        """Close the socket of one client token."""
        if sid := self.token_to_sid.get(client_token):
            await disconnect(self, [sid])

    async def disconnect_session(self, session_id: str) -> None:
        """Close every socket of a session that has ended."""
        await disconnect(self, [sid for sid, socket in self._open.items() if socket.session_id == session_id])

    def _remember_owner(self, token: str) -> None:
        # Longer than the socket: an event sent just before the page closed is still to be processed.
        if len(self._owners) >= OWNERS_REMEMBERED:
            self._owners = {owner_mark(socket.token): socket.token for socket in self._open.values()}
        self._owners[owner_mark(token)] = token
