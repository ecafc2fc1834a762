"""The wrapper alone: what is answered here, and what is passed on with what changed."""

from typing import Any

import pytest

from builder.session.address import our_address
from builder.session.tokens import COOKIE, owned
from builder.session.wrapper import SESSION, SESSION_TOKEN, Wrapper
from runtime.settings import Settings

ORIGIN = b"http://localhost:3000"


class OneSession:
    """A keeper who knows the token "live" and nothing else."""

    async def session_of(self, token: str | None) -> Any:
        return "the session" if token == "live" else None


async def ask(**scope: Any) -> tuple[str, dict[str, Any] | None]:
    """What became of a request: the first thing sent, and the scope as it was passed on."""
    passed: list[dict[str, Any]] = []
    sent: list[Any] = []

    async def app(scope, receive, send):
        passed.append(scope)

    async def own(scope, receive, send):
        sent.append({"type": "own"})

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    wrapper = Wrapper(app, own, OneSession(), our_address(Settings()), [])  # pyright: ignore[reportArgumentType]
    headers = {"host": b"localhost:3000"} | scope.pop("headers", {})
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", **scope}
    scope["headers"] = [(name.encode(), value) for name, value in headers.items() if value is not None]
    await wrapper(scope, receive, send)
    first = sent[0] if sent else {"type": "passed"}
    return str(first.get("status", first["type"])), passed[0] if passed else None


def signed_in(**headers: Any) -> dict[str, Any]:
    return {"origin": ORIGIN, "cookie": f"{COOKIE}=live".encode(), **headers}


def socket(query: bytes = b"EIO=4&transport=websocket&token=tab", **headers: Any) -> dict[str, Any]:
    return {"type": "websocket", "path": "/_event/", "query_string": query, "headers": signed_in(**headers)}


async def test_a_socket_is_passed_on_with_its_owner_and_without_the_cookie():
    what, passed = await ask(**socket())
    assert what == "passed"
    assert passed is not None
    assert passed[SESSION_TOKEN] == "live"
    assert passed["query_string"] == b"EIO=4&transport=websocket&token=" + owned("tab", "live").encode()
    assert not any(name == b"cookie" for name, _ in passed["headers"])


@pytest.mark.parametrize(
    "scope",
    [
        socket(cookie=None),
        socket(cookie=f"{COOKIE}=dead".encode()),
        socket(origin=None),
        socket(origin=b"https://evil.example"),
        socket(origin=b"null"),
        socket(host=b"rebound.example"),
        socket(b"EIO=4&transport=websocket&token=a&token=b"),
        socket(b"EIO=4&transport=websocket&token=a&tok%65n=b"),
        socket(b"EIO=4&transport=websocket"),
        socket(b"EIO=4&transport=websocket&token=a&sid=victim"),
        {**socket(), "path": "/_event"},
        {**socket(), "path": "/other"},
        {**socket(), "path": "/_event//"},
    ],
    ids=str,
)
async def test_a_socket_is_closed_before_it_is_accepted(scope: dict[str, Any]):
    assert await ask(**scope) == ("websocket.close", None)


@pytest.mark.parametrize(
    ("scope", "answer"),
    [
        ({"path": "/"}, "401"),
        ({"path": "/", "headers": {"accept": b"text/html"}}, "303"),
        ({"path": "/", "headers": signed_in()}, "passed"),
        ({"path": "/greenlane.css"}, "passed"),
        ({"path": "/fonts/a.woff2"}, "passed"),
        ({"path": "/greenlane.css/"}, "401"),
        ({"path": "/sign-in"}, "own"),
        ({"path": "/sign-in", "method": "POST"}, "403"),
        ({"path": "/sign-in", "method": "POST", "headers": {"origin": ORIGIN}}, "own"),
        ({"path": "/sign-out", "method": "POST", "headers": signed_in(origin=b"null")}, "403"),
        ({"path": "/api/v1/runs", "method": "POST"}, "passed"),
        ({"path": "/api/v1/runs", "method": "POST", "headers": {"origin": b"https://evil.example"}}, "403"),
        ({"path": "/api", "method": "GET"}, "401"),
        ({"path": "/", "headers": signed_in(host=b"rebound.example")}, "421"),
        ({"path": "/", "headers": signed_in(origin=b"https://evil.example")}, "403"),
        ({"path": "/_upload", "method": "POST", "headers": signed_in()}, "404"),
        ({"path": "/_upload/a.txt", "headers": signed_in()}, "404"),
        ({"path": "/_event/", "headers": signed_in()}, "404"),
        ({"path": "/fonts/../index.html"}, "404"),
        ({"path": "/api/../index.html"}, "404"),
        ({"path": "/_health"}, "404"),
        ({"path": "/_all_routes", "headers": signed_in()}, "404"),
    ],
    ids=str,
)
async def test_each_path_has_its_door(scope: dict[str, Any], answer: str):
    what, passed = await ask(**scope)
    assert what == answer
    assert (passed is not None) == (answer == "passed")


async def test_what_is_beside_the_pages_learns_who_asks():
    _, passed = await ask(path="/files/1", headers=signed_in())
    assert passed is not None
    assert passed[SESSION] == "the session"


async def test_programs_with_keys_bring_no_cookies():
    _, passed = await ask(path="/api/v1/runs", headers=signed_in())
    assert passed is not None
    assert not any(name == b"cookie" for name, _ in passed["headers"])


async def test_a_route_may_be_stricter_about_its_content_than_the_pages_and_about_nothing_laxer():
    async def app(_scope, _receive, send):
        own = [(b"content-security-policy", b"sandbox"), (b"x-content-type-options", b"none")]
        await send({"type": "http.response.start", "status": 200, "headers": own})

    async def send(message):
        sent.extend(message["headers"])

    sent: list[tuple[bytes, bytes]] = []
    ours = [(b"content-security-policy", b"default-src 'none'"), (b"x-content-type-options", b"nosniff")]
    wrapper = Wrapper(app, app, OneSession(), our_address(Settings()), ours)  # pyright: ignore[reportArgumentType]
    headers = [(name.encode(), value) for name, value in ({"host": b"localhost:3000"} | signed_in()).items()]
    scope = {"type": "http", "method": "GET", "path": "/files/1", "query_string": b"", "headers": headers}
    await wrapper(scope, app, send)  # pyright: ignore[reportArgumentType]
    assert sent == [(b"content-security-policy", b"sandbox"), *ours]
