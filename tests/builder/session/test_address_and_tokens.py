"""Who we are, and whose token is whose."""

import pytest

from builder.session.address import our_address
from builder.session.tokens import COOKIE, cookie_for, owned, owner_mark, session_token_in
from runtime.errors import Misconfigured
from runtime.settings import Settings


def test_this_machine_has_three_names():
    address = our_address(Settings(port=3001))
    assert address.origins == {"http://127.0.0.1:3001", "http://localhost:3001", "http://[::1]:3001"}
    assert address.hosts == {"127.0.0.1:3001", "localhost:3001", "[::1]:3001"}
    assert not address.is_https


def test_behind_a_proxy_only_the_public_name_is_ours():
    address = our_address(Settings(public_url="https://Flows.Example:443/"))
    assert address.origins == {"https://flows.example"}
    assert address.is_https


def test_browsers_leave_out_the_port_that_goes_without_saying():
    assert "localhost" in our_address(Settings(port=80)).hosts


def test_other_machines_are_let_in_by_https_only():
    with pytest.raises(Misconfigured, match=r"192\.0\.2\.1"):
        our_address(Settings(host="192.0.2.1"))


def test_a_client_token_is_another_one_for_every_session():
    assert owned("tab", "ann") != owned("tab", "ben")
    assert owned("tab", "ann") != owned("tab2", "ann")
    assert owned(owned("tab", "ann"), "ben").startswith(owner_mark("ben"))
    assert "_" not in owned("a_b", "ann"), "Reflex splits a token from a state name at the underscore"


def test_the_cookie_is_read_back():
    header = cookie_for("secret", 1767225600)
    assert session_token_in([(b"Cookie", f"a=b; {header.partition(';')[0]}; c=d".encode())]) == "secret"
    assert "Expires=Thu, 01 Jan 2026 00:00:00 GMT" in header


@pytest.mark.parametrize("cookies", ["", "greenlane=x", f"{COOKIE}=", f"{COOKIE}=a; {COOKIE}=b", f"x{COOKIE}=a"])
def test_what_is_not_one_session_is_none(cookies: str):
    assert session_token_in([(b"cookie", cookies.encode())]) is None


def test_two_cookie_headers_with_two_sessions_are_none():
    assert session_token_in([(b"cookie", f"{COOKIE}={who}".encode()) for who in "ab"]) is None
