"""Attacks over plain HTTP: pages, forms, uploads, and a server that should not start."""

import httpx
import pytest

from tests.support import gate_server
from tests.support.gate_client import DESK, HTML, effects, post
from tests.support.raw_socket import RawSocket

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("handler", ["take", "write"])
@pytest.mark.parametrize("cookie", ["none", "own"])
async def test_an_upload_with_a_victims_token_reaches_nothing(origin: str, ann: str, ben: str, handler: str, cookie):
    victim = await RawSocket.open(origin, cookie=ann, token="victim-tab")
    answer = post(
        origin,
        "/_upload",
        cookie=ben if cookie == "own" else None,
        files={"files": ("a.txt", b"x")},
        headers={"reflex-client-token": "victim-tab", "reflex-event-handler": f"{DESK}.{handler}"},
    )
    await victim.close()
    assert answer.status_code == 404
    assert not any(line.startswith("take") for line in effects(origin))


@pytest.mark.parametrize("path", ["/", "/second", "/assets/x.js", "/_event/", "/sign-in/x", "//", "/%2e%2e/"])
def test_strangers_get_no_page(origin: str, path: str):
    answer = httpx.get(origin + path, headers=HTML)
    assert answer.status_code in (303, 404)
    if answer.status_code == 303:
        assert answer.headers["location"] == "/sign-in"
    assert "rx_state" not in answer.text


def test_looking_at_the_link_does_not_use_the_code(origin: str):
    page = httpx.get(f"{origin}/sign-in?code=Ann", headers=HTML)
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "no-store"


def test_the_code_cannot_carry_markup(origin: str):
    page = httpx.get(f"{origin}/sign-in", params={"code": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text
    again = httpx.post(
        f"{origin}/sign-in", data={"email": '"><script>alert(1)</script>', "password": "x"}, headers={"origin": origin}
    )
    assert "&lt;script&gt;" in again.text
    assert "<script>" not in again.text


def test_a_wrong_code_is_refused_in_a_sentence(origin: str):
    answer = httpx.post(f"{origin}/sign-in", data={"code": "nobody"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert "used or is too old" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_form_of_a_stranger_is_read_only_so_far(origin: str):
    answer = httpx.post(f"{origin}/sign-in", content=b"code=" + b"x" * 10_000, headers={"origin": origin})
    assert answer.status_code == 413


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
def test_no_other_site_can_sign_anyone_in_or_out(origin: str, ann: str, path: str, headers: dict[str, str]):
    answer = httpx.post(origin + path, data={"code": "Ben"}, headers={**headers, "cookie": f"__Host-greenlane={ann}"})
    assert answer.status_code == 403
    assert httpx.get(origin, headers={"cookie": f"__Host-greenlane={ann}"}).status_code == 200


def test_signing_in_ends_the_session_before(origin: str, ann: str):
    httpx.post(
        f"{origin}/sign-in", data={"code": "Ann"}, headers={"origin": origin, "cookie": f"__Host-greenlane={ann}"}
    )
    assert httpx.get(origin, headers={"cookie": f"__Host-greenlane={ann}"}).status_code == 401


def test_a_planted_second_cookie_signs_nobody_in(origin: str, ann: str, ben: str):
    both = f"__Host-greenlane={ann}; __Host-greenlane={ben}"
    assert httpx.get(origin, headers={"cookie": both}).status_code == 401


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing", "/api/effects"])
def test_every_answer_carries_the_security_headers(origin: str, ann: str, path: str):
    headers = httpx.get(origin + path, headers={"cookie": f"__Host-greenlane={ann}"}).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy.partition("script-src")[2].partition(";")[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "permissions-policy" in headers


def test_no_other_site_may_read_an_answer(origin: str, ann: str):
    answer = httpx.get(origin, headers={"origin": "https://evil.example", "cookie": f"__Host-greenlane={ann}"})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_a_foreign_host_name_is_answered_with_nothing(origin: str):
    assert httpx.get(f"{origin}/ping", headers={"host": "rebound.example"}).status_code == 421


def test_a_server_with_an_open_handler_does_not_start():
    folder = gate_server.prepared_folder("gate_app_ungated")
    server = gate_server.start(3130 + gate_server.worker_number(), folder, "--backend-only", GATE_APP_UNGATED="1")
    try:
        assert server.wait(60) != 0
    finally:
        gate_server.stop(server)
    assert "Careless.wipe" in gate_server.log(folder)
    assert "@requires" in gate_server.log(folder)
