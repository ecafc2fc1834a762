"""The session cookie, and the client token that only its own session can address."""

import hashlib
import hmac
from email.utils import formatdate

COOKIE = "__Host-greenlane"
"""The prefix makes browsers insist on Secure, Path=/ and no Domain: no sibling host can plant a session."""

_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"


def session_token_in(headers: list[tuple[bytes, bytes]]) -> str | None:
    """The session token in a request's cookies. Two different ones are none: one of them was planted."""
    found = set[str]()
    for name, value in headers:
        if name.lower() == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                key, _, token = pair.strip().partition("=")
                if key == COOKIE and token:
                    found.add(token)
    return found.pop() if len(found) == 1 else None


def cookie_for(session_token: str, expires: float) -> str:
    """The header that sets the cookie; `expires` in seconds since 1970."""
    return f"{COOKIE}={session_token}; Expires={formatdate(expires, usegmt=True)}; {_ATTRIBUTES}"


def cookie_gone() -> str:
    """The header that takes the cookie away."""
    return f"{COOKIE}=; Max-Age=0; {_ATTRIBUTES}"


def owner_mark(session_token: str) -> str:
    """What the client tokens of a session begin with: nobody without its cookie can make it, and it betrays nothing."""
    return hmac.new(session_token.encode(), b"greenlane client token", hashlib.sha256).hexdigest()


def owned(client_token: str, session_token: str) -> str:
    """The client token as Reflex gets to see it.

    Reflex keeps one state per client token and takes the token from the browser. Rewritten like this, a token that
    was stolen, guessed or planted addresses another state as soon as another session sends it.
    """
    return f"{owner_mark(session_token)}.{hashlib.sha256(client_token.encode()).hexdigest()}"
