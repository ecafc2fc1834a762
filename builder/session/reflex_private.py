"""Every name of Reflex that is not documented API, in one place: Reflex is pinned, and an upgrade is checked here.

`tests/builder/session/test_reflex_private.py` holds each of these to what is assumed of it.
"""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from reflex import App
from reflex.app import EventNamespace
from reflex.istate.manager.disk import StateManagerDisk
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, EventHandlerSetVar, StateUpdate
from reflex.utils.prerequisites import get_web_dir
from reflex_base.config import get_config
from reflex_base.event import Event, EventCallback, EventHandler
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.form import form_data_as_dict

__all__ = [
    "BaseState",
    "Event",
    "EventCallback",
    "EventHandler",
    "EventNamespace",
    "Middleware",
    "StateUpdate",
    "allowed_cors_origins",
    "asgi_scope",
    "built_pages",
    "came_from_client",
    "came_from_transport",
    "client_storage_vars",
    "client_token",
    "cross_state_computed_vars",
    "disconnect",
    "event_namespace_name",
    "form_data_as_dict",
    "handler_named",
    "is_connected",
    "is_setvar",
    "registered_handlers",
    "replace_namespace",
    "socket_path",
    "states_folder",
]


def registered_handlers() -> Mapping[str, EventHandler]:
    """The very table the server dispatches events from: what is not in here cannot be called."""
    return {name: entry.handler for name, entry in RegistrationContext.get().event_handlers.items()}


def handler_named(name: str) -> EventHandler | None:
    entry = RegistrationContext.get().event_handlers.get(name)
    return entry.handler if entry else None


def is_setvar(handler: EventHandler) -> bool:
    """Whether this is the setter alias that Reflex adds to every state."""
    return isinstance(handler, EventHandlerSetVar)


def came_from_client() -> bool:
    """Whether the event being processed was sent by a browser, rather than chained by a handler."""
    return EventContext.get().parent_txid is None


def client_token() -> str:
    """The client token, as rewritten by the wrapper, that the event being processed belongs to."""
    return EventContext.get().token


def cross_state_computed_vars() -> Iterator[tuple[str, str]]:
    """Computed vars that read another state, as (computed var, what it reads)."""
    states = RegistrationContext.get().base_states
    for state in states.values():
        for var, dependents in state._var_dependencies.items():
            for owner, computed in dependents:
                if owner in states and owner != state.get_full_name():
                    yield f"{owner}.{computed}", f"{state.get_full_name()}.{var}"


def client_storage_vars() -> Iterator[str]:
    """Vars whose value the browser keeps and sends back: cookies, local and session storage."""
    for state in RegistrationContext.get().base_states.values():
        yield from (f"{state.get_full_name()}.{var}" for var in state.base_vars if state._is_client_storage(var))


def replace_namespace(app: App, namespace: EventNamespace) -> None:
    """Put our event namespace where Reflex has put its own: one sends, the other receives."""
    if app.sio is None:
        raise LookupError("the app has no state, so there is no socket to guard")
    app._event_namespace = namespace
    app.sio.register_namespace(namespace)


def states_folder(app: App) -> Path | None:
    """Where states are pickled between events, if they are kept on disk."""
    manager = app.state_manager
    return manager.states_directory if isinstance(manager, StateManagerDisk) else None


def socket_path() -> str:
    """The path at which the server accepts the event socket."""
    return get_config().prepend_backend_path("/_event")


def event_namespace_name() -> str:
    return get_config().get_event_namespace()


def allowed_cors_origins() -> tuple[str, ...]:
    return tuple(get_config().cors_allowed_origins)


def built_pages() -> Iterator[Path]:
    """The HTML files of the production build; none in development, where Vite serves them."""
    return (get_web_dir() / "build" / "client").rglob("*.html")


async def is_connected(namespace: EventNamespace, token: str) -> bool:
    return await namespace._token_manager.is_token_connected(token)


async def disconnect(namespace: EventNamespace, sids: list[str]) -> None:
    """Close sockets from our side; a socket that has just gone by itself is no error."""
    await asyncio.gather(*(namespace.disconnect(sid) for sid in sids), return_exceptions=True)


def came_from_transport(namespace: EventNamespace, event: str, sid: str, environ: object = None) -> bool:
    """Whether `connect` or `disconnect` tells of a socket that really opens or closes.

    Socket.IO dispatches a message that a browser calls "connect" just the same, with whatever it sent as `environ`.
    """
    server = namespace.server
    assert server is not None, "a namespace without a server hears nothing"
    if event == "connect":
        return any(environ is each for each in server.environ.values())
    return not server.manager.is_connected(sid, namespace.namespace)


def asgi_scope(environ: Mapping[str, Any]) -> dict[str, Any]:
    """The ASGI scope a socket was opened with, as our wrapper passed it on."""
    return cast(dict[str, Any], environ["asgi.scope"])
