"""What another system answered: whether that is a success, and what later steps get of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NoReturn

from nodes.sdk.context import Context
from nodes.sdk.node import StepFailed
from nodes.sdk.outside import Received
from nodes.sdk.words import shortened

LARGEST_JSON = 1_000_000
"""characters of an answer that is read as data without being asked for"""
LARGEST_TEXT = 10_000_000
"""characters of an answer that is handed on as text"""
APART = f"{__name__}:data_of"
NOBODY = Received(0, {}, "")
"""where no answer came"""
_STATUSES = re.compile(r"[1-5][0-9][0-9](?:\s*-\s*[1-5][0-9][0-9])?")


class Take(StrEnum):
    """What the answer is taken for."""

    AUTO = "auto"
    TEXT = "text"
    DATA = "data"
    FILE = "file"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"auto": "What it says it is", "text": "Text", "data": "Data (JSON)", "file": "A file"}[self]


def statuses_of(written: str) -> list[range]:
    """The statuses of `404, 409, 300-399`; `any` is all. Raises `ValueError` for what is none."""
    if written.strip().lower() == "any":
        return [range(100, 600)]
    found: list[range] = []
    for each in filter(None, (each.strip() for each in written.split(","))):
        if not _STATUSES.fullmatch(each):
            raise ValueError(each)
        first, _, last = each.partition("-")
        found.append(range(int(first), int(last or first) + 1))
    return found


def trouble_of(answer: Received, host: str, fine: str) -> StepFailed | None:
    """Why an answer is no success; `fine` are the statuses that are one beside the usual ones."""
    if answer.status < 300 or answer.status == 304 or any(answer.status in each for each in statuses_of(fine)):
        return None
    if answer.status < 400:
        return StepFailed(
            f"{host} answered that what is asked for is elsewhere (status {answer.status}).",
            code="redirected",
            hint="Redirects are not followed. Write the address it has moved to.",
        )
    said = shortened(answer.text, 200)
    return StepFailed(
        f"{host} answered with status {answer.status}.",
        code="http_status",
        hint=f"It said: “{said}”" if said else "",
        retry=answer.status in (429, 502, 503, 504),
    )


async def taken(answer: Received, take: Take, ctx: Context, host: str, *, data: bool = False) -> dict[str, Any]:
    """What later steps get. With `data` it has to be data, whatever it is taken for. Raises `StepFailed`."""
    found: dict[str, Any] = {"status_code": answer.status, "body": "", "headers": dict(answer.headers), "json": None}
    found["files"] = []
    if take is Take.FILE or (take is Take.AUTO and answer.content and not answer.text):
        if answer.content:
            media = answer.headers.get("content-type", "").partition(";")[0].strip()
            found["files"] = [await ctx.files.keep(answer.name or "answer", answer.content, media)]
        return found
    found["body"] = answer.text or answer.content.decode(errors="replace")
    if len(found["body"]) > LARGEST_TEXT:
        raise StepFailed(
            f"{host} answered with more than {LARGEST_TEXT // 1_000_000} million characters of text.",
            code="answer_too_large",
            hint="Take the answer as a file, or ask for less, by page or by filter.",
        )
    wanted = data or take is Take.DATA
    if len(found["body"]) <= LARGEST_JSON:
        found["json"] = data_of(_said(answer, wanted))
    elif wanted:
        found["json"] = await ctx.sandbox.apart(APART, _said(answer, wanted))
    if wanted and found["json"] is None and found["body"].strip() != "null":
        raise StepFailed(
            f"{host} did not answer with data (JSON).",
            code="not_data",
            hint=f"It said: “{shortened(answer.text, 200)}”",
        )
    return found


def nothing_of(answer: Received) -> dict[str, Any]:
    """What later steps get of an answer that is no success: what can be read of it."""
    said = answer.text[:LARGEST_JSON]
    whole = {"body": said, "media": answer.headers.get("content-type", ""), "wanted": False}
    found = {"status_code": answer.status, "body": said, "headers": dict(answer.headers)}
    return found | {"json": data_of(whole), "files": []}


def data_of(said: Mapping[str, Any]) -> Any:
    """The answer as data where it is JSON, else nothing. Pure."""
    text: str = said["body"].strip()
    if not text or not (said["wanted"] or "json" in said["media"] or text[0] in "{["):
        return None
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _said(answer: Received, wanted: bool) -> dict[str, Any]:
    return {"body": answer.text, "media": answer.headers.get("content-type", ""), "wanted": wanted}


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")
