"""Puts the gate around a Reflex app."""

from collections.abc import Mapping
from types import MappingProxyType

from reflex import App

from builder.session.address import Address
from builder.session.events import EventGate
from builder.session.headers import security_headers
from builder.session.keeper import SessionKeeper
from builder.session.reflex_private import (
    allowed_cors_origins,
    built_pages,
    client_storage_vars,
    cross_state_computed_vars,
    event_namespace_name,
    registered_handlers,
    replace_namespace,
    socket_path,
    states_folder,
)
from builder.session.sign_in import SignIn
from builder.session.sockets import GuardedNamespace
from builder.session.surface import check_surface
from builder.session.wrapper import ASGIApp, Doors, Receive, Scope, Send, Wrapper
from runtime.errors import Misconfigured


def close_surface(
    app: App, keeper: SessionKeeper, address: Address, *, beside: Mapping[str, ASGIApp] = MappingProxyType({})
) -> None:
    """Close everything that Reflex leaves open, as the last thing before the app is served.

    `beside` are apps for paths of their own, as in `{"/api/": api}`. Under /api/ they see no cookies and ask for a
    key; under any other path only signed-in people reach them, and `scope[SESSION]` says who.
    """
    if app.api_transformer is not None:
        raise Misconfigured(
            "The gate has to be the outermost app: hand what is beside it to close_surface, not to rx.App."
        )
    if strangers := set(allowed_cors_origins()) - address.origins:
        ours = sorted(address.origins)
        raise Misconfigured(f"rxconfig lets {sorted(strangers)} read our answers: set cors_allowed_origins={ours}.")
    if folder := states_folder(app):
        folder.chmod(0o700)  # a pickle is code to whoever can write it
    namespace = GuardedNamespace(event_namespace_name(), app, keeper)
    replace_namespace(app, namespace)
    app.add_middleware(EventGate(keeper, namespace))

    def around(inner: ASGIApp) -> ASGIApp:
        # Reflex calls this when all pages are evaluated: only now is every handler known.
        check_surface(
            registered_handlers(), computed=cross_state_computed_vars(), stored_in_browser=client_storage_vars()
        )
        return Wrapper(
            app=_first_match(beside, inner),
            sign_in=SignIn(keeper, namespace.disconnect_session).routes(),
            keeper=keeper,
            address=address,
            headers=security_headers(address, built_pages()),
            doors=Doors(socket=socket_path()),
        )

    app.api_transformer = around


def _first_match(beside: Mapping[str, ASGIApp], pages: ASGIApp) -> ASGIApp:
    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        chosen = next((app for prefix, app in beside.items() if path.startswith(prefix)), pages)
        await chosen(scope, receive, send)

    return route
