"""What an outside host answered, as a step gets it: without the credential, as text where it is text."""

from __future__ import annotations

import asyncio
from codecs import getincrementaldecoder

from nodes.sdk import Received
from runtime.egress import Reply, file_name
from runtime.engine.masking import Mask

KEPT_BACK = frozenset({"set-cookie", "set-cookie2", "www-authenticate", "proxy-authenticate"})
"""headers of an answer that concern the connection and not the workflow"""
LONG = 500_000
"""bytes from which an answer is cleaned in a thread, so that other runs do not wait"""
_TEXT = ("text/", "application/json", "application/xml", "application/javascript", "application/x-www-form-urlencoded",
         "application/x-ndjson", "application/yaml", "application/graphql")  # fmt: skip
_LOOKED_AT = 8_000


async def received(reply: Reply, path: str, mask: Mask, *, as_file: bool) -> Received:
    """Read a reply to its end. Raises what reading it raises."""
    content = await reply.read()
    headers = {name.lower(): mask.clean(value) for name, value in reply.headers.items()}
    name = mask.clean(file_name(reply.headers, path))
    headers = {name: value for name, value in headers.items() if name not in KEPT_BACK}
    media = reply.headers.get("Content-Type", "")
    if len(content) < LONG:
        text, clean = _read(content, media, mask, as_file)
    else:
        text, clean = await asyncio.to_thread(_read, content, media, mask, as_file)
    return Received(reply.status, headers, text, clean, name)


def _read(content: bytes, media: str, mask: Mask, as_file: bool) -> tuple[str, bytes]:
    text = mask.clean(_decoded(content, media)) if is_text(content, media) else ""
    return text, mask.clean_bytes(content) if as_file or not text else b""


def is_text(content: bytes, media: str) -> bool:
    """Whether an answer is to be read as text: what says so, and what says nothing and looks like it."""
    kind = media.partition(";")[0].strip().lower()
    if kind.startswith(_TEXT) or kind.endswith(("+json", "+xml")) or "charset=" in media.lower():
        return True
    if kind and kind != "application/octet-stream" and not kind.startswith("application/x-"):
        return False
    begin = content[:_LOOKED_AT]
    try:  # a letter may be cut in the middle where only the beginning is looked at
        getincrementaldecoder("utf-8")().decode(begin, final=len(content) <= _LOOKED_AT)
    except UnicodeDecodeError:
        return False
    return b"\0" not in begin


def _decoded(body: bytes, media: str) -> str:
    _, _, rest = media.lower().partition("charset=")
    name = rest.partition(";")[0].strip(" \"'")
    try:
        return body.decode(name or "utf-8", errors="replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", errors="replace")
