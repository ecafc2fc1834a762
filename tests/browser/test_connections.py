"""A credential is entered once in a real browser: what it sends, what comes back, what is kept, and what is logged."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.server import Server
from tests.support.outside_host import OutsideHost

pytestmark = pytest.mark.slow
CANARY = "sk-canary/+~0123456789-browser"


def forms() -> list[bytes]:
    raw = CANARY.encode()
    packed = base64.b64encode(raw)[:-4]
    return [
        raw,
        quote(CANARY, safe="").encode(),
        raw.hex().encode(),
        packed,
        packed.replace(b"+", b"-").replace(b"/", b"_"),
    ]


def test_a_credential_goes_in_once_and_never_comes_out(page: Page, server: Server):
    sent: list[bytes] = []
    heard: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(_bytes(frame)))
        socket.on("framereceived", lambda frame: heard.append(_bytes(frame)))

    page.on("websocket", listen)
    with OutsideHost() as host:
        page.goto(f"{server.origin}/connections")
        page.get_by_role("button", name="Connect a system").first.click()
        page.get_by_role("textbox", name="Name").fill("Ticket desk")
        page.get_by_label("Host", exact=True).fill(host.name)
        for name in ("A host of our own network", "Without encryption"):
            page.get_by_role("switch", name=name).check()
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="Credential of “Ticket desk”")).to_be_visible()
        page.get_by_label("Token", exact=True).fill(CANARY)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Set just now")).to_be_visible()
        page.get_by_role("button", name="Actions for Ticket desk").click()
        expect(page.get_by_role("menuitem").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("accepts the credential")).to_be_visible()
        assert host.got[0].headers["authorization"] == f"Bearer {CANARY}"

        page.get_by_role("button", name="Actions for Ticket desk").click()
        page.get_by_role("menuitem", name="Set its credential").click()
        expect(page.get_by_label("Token", exact=True)).to_have_value("")
        page.keyboard.press("Escape")
        page.reload()
        expect(page.get_by_text("Bearer token")).to_be_visible()
        shown = page.content()

    assert sum(CANARY.encode() in each for each in sent) == 1, "from the browser to the server, once"
    for form in forms():
        assert not any(form in each for each in heard)
        assert form.decode() not in shown
        for path in server.data.rglob("*"):
            if path.is_file():
                assert form not in path.read_bytes(), path.name
    assert (server.data / "vault.key").stat().st_mode & 0o777 == 0o600


def _bytes(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()
