"""What the attacks on the small app have in common: who signs in, and what the server says happened."""

from typing import Any

import httpx

from tests.support.raw_socket import STATE

DESK = f"{STATE}.gate_app___gate_app____desk"
DRAWER = f"{STATE}.gate_app___gate_app____drawer"
HYDRATE = f"{STATE}.hydrate_and_load"
HTML = {"accept": "text/html"}


def sign_in(origin: str, name: str) -> str:
    """The session token of a freshly signed-in person."""
    answer = httpx.post(f"{origin}/sign-in", data={"code": name}, headers={"origin": origin})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-greenlane=")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert attribute in cookie
    return cookie.removeprefix("__Host-greenlane=").partition(";")[0]


def tell(origin: str, path: str, content: str = "") -> None:
    """Steer the server from outside, as the controls of the small app allow."""
    assert httpx.post(f"{origin}/api/{path}", content=content).status_code == 200


def post(origin: str, path: str, cookie: str | None = None, **request: Any) -> httpx.Response:
    sent = {"origin": origin} | ({"cookie": f"__Host-greenlane={cookie}"} if cookie else {})
    return httpx.post(origin + path, headers=sent | request.pop("headers", {}), **request)


def effects(origin: str) -> list[str]:
    return httpx.get(f"{origin}/api/effects").json()


def refusals(origin: str, word: str = "") -> list[dict[str, Any]]:
    return [one for one in httpx.get(f"{origin}/api/refusals").json() if word in str(one)]
