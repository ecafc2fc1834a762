"""Security headers on every answer, and the content security policy."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from builder.session.address import Address

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def security_headers(address: Address, pages: Iterable[Path]) -> list[tuple[bytes, bytes]]:
    """The headers for a server with these built pages."""
    headers = {
        "content-security-policy": content_security_policy(pages),
        "x-content-type-options": "nosniff",
        # not "no-referrer": with it browsers send `Origin: null` from our own forms
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    if address.is_https:
        headers["strict-transport-security"] = "max-age=31536000"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def content_security_policy(pages: Iterable[Path]) -> str:
    """Scripts only from our own files, plus the few inline ones that React Router writes into the built pages.

    Those are known after the build, so each is allowed by its hash and nothing else inline runs. There is no
    'unsafe-eval': `rx.call_script`, `rx.call_function` and `rx.toast` returned from a handler do not work, since
    Reflex hands the text of what to run to `eval` in the browser. Styles have to be 'unsafe-inline': emotion, which
    Reflex styles components with, writes <style> elements while the page runs.
    """
    hashes = sorted({_hash(script) for page in pages for script in inline_scripts(page.read_text("utf-8"))})
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def inline_scripts(html: str) -> list[str]:
    return _INLINE_SCRIPT.findall(html)


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
