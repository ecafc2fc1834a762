"""The outermost ASGI app: decides before a page, an upload or a socket is reached."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import PlainTextResponse, RedirectResponse

from builder.session.address import Address
from builder.session.keeper import SessionKeeper
from builder.session.tokens import owned, session_token_in
from runtime.operations.sessions import Session

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

SESSION_TOKEN = "greenlane.session_token"  # noqa: S105 - a key of the ASGI scope
"""Where the session token stands in the scope of a socket that passed, for the event namespace."""

SESSION = "greenlane.session"
"""Where the session stands in the scope of a request that passed, for routes beside the pages."""

_SAFE_METHODS = frozenset({"GET", "HEAD"})
_SOCKET_QUERY = frozenset({"EIO", "transport", "token", "t"})


@dataclass(frozen=True)
class Doors:
    """Which paths are answered for whom; every other path is for signed-in people."""

    socket: str = "/_event"
    own: frozenset[str] = frozenset({"/sign-in", "/sign-out", "/prove"})
    """Answered by `sign_in`."""
    public: frozenset[str] = frozenset({"/ping", "/greenlane.css", "/favicon.ico", "/favicon.svg"})
    public_prefixes: tuple[str, ...] = ("/fonts/",)
    api: str = "/api/"
    """Answered by `builder.api`, which knows keys and no cookies."""
    closed: tuple[str, ...] = ("/_upload", "/_health", "/_all_routes")
    """Reflex's own: uploads have their own route in `builder.api`, with owners and limits."""

    def is_public(self, path: str) -> bool:
        return path in self.public or path.startswith((self.api, *self.public_prefixes))

    def is_closed(self, path: str) -> bool:
        # What serves files resolves "..", so /fonts/../index.html would pass for a font. And the socket's path over
        # plain HTTP would be long polling, which we do not serve.
        return ".." in path.split("/") or any(
            path == door or path.startswith(f"{door}/") for door in (*self.closed, self.socket)
        )


@dataclass(frozen=True)
class Wrapper:
    """Host, Origin and session, decided on `scope["path"]` only: that is what routes below this are matched on."""

    app: ASGIApp
    sign_in: ASGIApp
    keeper: SessionKeeper
    address: Address
    headers: list[tuple[bytes, bytes]]
    doors: Doors = Doors()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "lifespan":
                await self.app(scope, receive, send)
            case "websocket":
                await self._socket(scope, receive, send)
            case _:
                await self._http(scope, receive, self._with_headers(send))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        token = session_token_in(scope["headers"])
        if _only(scope, b"host") not in self.address.hosts:
            # Otherwise a page of a stranger, whose name points to this machine, would count as ours.
            answer = PlainTextResponse("This is not the address of this server.", 421)
        elif not self._origin_fits(scope):
            answer = PlainTextResponse("This request comes from another site.", 403)
        elif self.doors.is_closed(path):
            answer = PlainTextResponse("Not found", 404)
        elif path in self.doors.own:
            answer = self.sign_in
        elif self.doors.is_public(path):
            scope, answer = _without_cookies(scope), self.app
        elif session := await self._session(token):
            scope, answer = _without_cookies(scope) | {SESSION: session}, self.app
        elif "text/html" in (_only(scope, b"accept") or ""):
            answer = RedirectResponse("/sign-in", 303)
        else:
            answer = PlainTextResponse("Sign in first.", 401)
        await answer(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = session_token_in(scope["headers"])
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        keys = [key for key, _ in query]
        fits = (
            scope["path"] == f"{self.doors.socket}/"
            and _only(scope, b"host") in self.address.hosts
            and _only(scope, b"origin") in self.address.origins
            # Engine.IO would let `sid` name a connection that is already there, somebody's.
            and _SOCKET_QUERY.issuperset(keys)
            and keys.count("token") == 1
        )
        if not fits or token is None or await self._session(token) is None:
            # Closing before accepting is answered with 403 and nothing else.
            await send({"type": "websocket.close", "code": 1008})
            return
        rewritten = [(key, owned(value, token) if key == "token" else value) for key, value in query]
        passed = _without_cookies(scope) | {"query_string": urlencode(rewritten).encode(), SESSION_TOKEN: token}
        await self.app(passed, receive, send)

    async def _session(self, token: str | None) -> Session | None:
        return await self.keeper.session_of(token) if token else None

    def _origin_fits(self, scope: Scope) -> bool:
        origins = _all(scope, b"origin")
        if not origins:
            # Browsers send Origin with everything that changes something. A program with an API key need not.
            return scope["method"] in _SAFE_METHODS or scope["path"].startswith(self.doors.api)
        return len(origins) == 1 and origins[0] in self.address.origins

    def _with_headers(self, send: Send) -> Send:
        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                # a route may add a content policy of its own: browsers keep to each of them
                ours = {name for name, _ in self.headers} - {b"content-security-policy"}
                kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in ours]
                message = {**message, "headers": [*kept, *self.headers]}
            await send(message)

        return send_with_headers


def _without_cookies(scope: Scope) -> dict[str, Any]:
    # Reflex keeps the headers of a connection with the state: the session's secret must not be among them.
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() != b"cookie"]}


def _all(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for key, value in scope["headers"] if key.lower() == name]


def _only(scope: Scope, name: bytes) -> str | None:
    values = _all(scope, name)
    return values[0] if len(values) == 1 else None
