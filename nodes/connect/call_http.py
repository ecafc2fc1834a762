"""`connect.call_http`: ask another system, or tell it something."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from nodes.sdk import (
    ANY,
    DONE,
    FILE,
    LIST,
    NUMBER,
    OBJECT,
    TEXT,
    YES_NO,
    Address,
    Context,
    Control,
    Draw,
    Effect,
    Example,
    Exit,
    Leave,
    Node,
    Part,
    Reach,
    Received,
    Request,
    Result,
    Shape,
    StepFailed,
    Text,
    Trouble,
    Value,
    field,
    host_of,
)
from nodes.sdk.http_answer import NOBODY, Take, nothing_of, taken, trouble_of
from nodes.sdk.http_body import NAMED, Body, Named, Parameter, as_bytes, as_form, as_json, as_parts
from nodes.sdk.http_pages import Collected, Pages
from nodes.sdk.http_troubles import address_troubles, header_troubles, name_troubles, status_troubles
from nodes.sdk.words import listed, quoted, shortened

ERROR = Exit("error", "No success")
_BILL = {"id": "file_1", "name": "bill.pdf", "type": "application/pdf", "size": 8, "sha256": "…"}
_AS_JSON = {"content-type": "application/json"}
_FILES = LIST.model_copy(update={"items": FILE})
_NO_ANSWER = frozenset({"host_unreachable", "host_interrupted", "host_timeout", "answer_too_large"})
_AGREED = (Pages.FIELD, Pages.NUMBER)
_PAGED = (Pages.LINK, *_AGREED)


class Method(StrEnum):
    """What is done at the address."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"
    HEAD = "HEAD"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"GET": "Get", "POST": "Send (POST)", "PUT": "Put", "PATCH": "Change (PATCH)", "DELETE": "Delete",
                "HEAD": "Look only (HEAD)"}[self]  # fmt: skip


class Failure(StrEnum):
    """What becomes of a call without success."""

    FAIL = "fail"
    EXIT = "exit"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"fail": "Stop the run", "exit": "Go on another way"}[self]


class CallHttp(Node, label="Call HTTP", icon="globe", effects=(Effect.NETWORK, Effect.WRITE)):
    """Get something from another system, or send something to it, over HTTP.

    Only hosts that IT has made a connection for can be called. The connection adds the credential; write none here.
    Redirects are not followed. Each call carries an `Idempotency-Key`, so that a system that knows it takes a repeated
    call for the same one. Files come from file inputs and earlier steps; an answer that is no text is handed on as one.
    """

    method: Method = field("What to do", default=Method.GET)
    url: Address = field(
        "Address", "Scheme and host are written out; each value behind them is one piece of the path or the query.",
        default="", control=Control.ADDRESS, max_length=8000,
        example="https://api.example.com/orders/{{ start.number }}",
    )  # fmt: skip
    query: list[Parameter] = field(
        "Query", "Added to the address, safely written.", default=[], row="parameter", max_length=100
    )
    headers: list[Parameter] = field("Headers", default=[], row="header", max_length=50, advanced=True)
    body: Body = field("Send along", default=Body.NONE)
    fields: list[Named] = field("Named values", default=[], row="value", max_length=200, when=("body", NAMED))
    value: Value = field("Value", default=None, when=("body", Body.JSON))
    text: Text = field("Text", default="", control=Control.PARAGRAPH, when=("body", Body.TEXT))
    file: Value = field(
        "File", "A file input, or a file an earlier step has made.", default="", when=("body", Body.FILE)
    )
    media: str = field(
        "Content type", "Empty: plain text, or what the file is.", default="", example="text/xml", max_length=100,
        when=("body", (Body.TEXT, Body.FILE)), advanced=True,
    )  # fmt: skip
    on_error: Failure = field(
        "When it does not succeed", "At a status of 400 or more, or no answer. The other way leaves by “No success”.",
        default=Failure.FAIL,
    )  # fmt: skip
    pages: Pages = field(
        "More than one page", "Collects a list that is handed out in parts.", default=Pages.ONE,
        when=("method", Method.GET), advanced=True,
    )  # fmt: skip
    items: str = field(
        "Where the list is", "Empty: the answer itself, or the only list in it.", default="", example="data.orders",
        max_length=200, when=("pages", _PAGED), advanced=True,
    )  # fmt: skip
    onward: str = field(
        "Field that leads on", "It holds the next page's address, or what to ask for next.", default="",
        example="meta.next_cursor", max_length=200, when=("pages", Pages.FIELD), advanced=True,
    )  # fmt: skip
    parameter: str = field(
        "Asked for as", "The name in the query by which the next page is asked for.", default="", example="page",
        max_length=200, when=("pages", _AGREED), advanced=True,
    )  # fmt: skip
    first_page: int = field("Number of the first page", default=1, ge=0, le=1_000_000, when=("pages", Pages.NUMBER),
                            advanced=True)  # fmt: skip
    most_pages: int = field("At most so many pages", default=10, ge=1, le=1000, when=("pages", _PAGED), advanced=True)
    take: Take = field("Take the answer as", default=Take.AUTO, advanced=True)
    fine: str = field(
        "Also a success", "Statuses that count as one too; “any” takes every answer.", default="",
        example="404, 409", max_length=200, advanced=True,
    )  # fmt: skip
    largest_mb: float = field("Largest answer in MB", default=2.0, gt=0, le=100, advanced=True)
    timeout_s: float = field("Seconds to wait", default=30.0, gt=0, le=600, advanced=True)
    retries: int = field(
        "Tries again", "When the other system is busy or out of reach; after the pause it asks for.", default=0, ge=0,
        le=10, advanced=True,
    )  # fmt: skip
    repeatable: bool = field(
        "The system recognises a repeated call",
        "It knows the Idempotency-Key. Otherwise you are asked before a call that changes something is repeated.",
        default=False, when=("method", (Method.POST, Method.PATCH)), advanced=True,
    )  # fmt: skip

    examples = (
        Example(
            "Look up an order",
            settings={"url": "https://api.example.com/orders/17", "query": [{"name": "fields", "value": "state"}]},
            answers=({"status": 200, "headers": _AS_JSON, "text": '{"state": "sent"}'},),
            output={
                "status_code": 200,
                "body": '{"state": "sent"}',
                "headers": _AS_JSON,
                "json": {"state": "sent"},
                "files": [],
            },
        ),
        Example(
            "Send an invoice to the archive",
            settings={
                "method": "POST",
                "url": "https://archive.example.com/documents",
                "body": "multipart",
                "fields": [{"name": "kind", "value": "invoice"}, {"name": "document", "value": _BILL}],
            },
            files={"file_1": b"%PDF-1.7"},
            answers=({"status": 201, "headers": _AS_JSON, "text": '{"id": 7}'},),
            output={"status_code": 201, "body": '{"id": 7}', "headers": _AS_JSON, "json": {"id": 7}, "files": []},
        ),
        Example(
            "Collect a list that comes in pages",
            settings={"url": "https://api.example.com/orders", "pages": "field", "onward": "next", "parameter": "from"},
            answers=(
                {"status": 200, "headers": _AS_JSON, "text": '{"orders": [1], "next": "b"}'},
                {"status": 200, "headers": _AS_JSON, "text": '{"orders": [2]}'},
            ),
            output={
                "status_code": 200,
                "body": '{"orders": [2]}',
                "headers": _AS_JSON,
                "json": {"orders": [2]},
                "files": [],
                "items": [1, 2],
                "pages": 2,
                "complete": True,
            },
        ),
        Example(
            "Open a ticket, and go on another way when the system does not take it",
            settings={
                "method": "POST",
                "url": "https://desk.example.com/tickets",
                "body": "fields",
                "fields": [{"name": "title", "value": "Printer out of toner"}, {"name": "priority", "value": 2}],
                "on_error": "exit",
            },
            answers=({"status": 422, "headers": {"content-type": "text/plain"}, "text": "no such queue"},),
            output={
                "status_code": 422,
                "body": "no such queue",
                "headers": {"content-type": "text/plain"},
                "json": None,
                "files": [],
                "error": "desk.example.com answered with status 422.",
            },
            exit="error",
        ),
    )

    def exits(self) -> tuple[Exit, ...]:
        """One, or two where it may go on without success."""
        return (DONE, ERROR) if self.on_error is Failure.EXIT else (DONE,)

    @property
    def paged(self) -> bool:
        """Whether it collects a list from pages."""
        return self.method is Method.GET and self.pages is not Pages.ONE

    def outputs(self) -> dict[str, Shape]:
        """The answer, whatever it is."""
        found: dict[str, tuple[Shape, str]] = {
            "status_code": (NUMBER, "The status; 0 when no answer came"),
            "body": (TEXT, "The answer as text"),
            "headers": (OBJECT, "The answer's headers, names in small letters"),
            "json": (ANY, "The answer as data, where it is JSON"),
            "files": (_FILES, "The answer as a file, where it is one"),
        }
        if self.paged:
            found["items"] = (LIST, "What was on all pages")
            found["pages"] = (NUMBER, "How many pages were read")
            found["complete"] = (YES_NO, "Whether that was all of it")
        if self.on_error is Failure.EXIT:
            found["error"] = (TEXT, "What went wrong; empty when nothing did")
        return {name: shape.model_copy(update={"description": words}) for name, (shape, words) in found.items()}

    def does(self) -> frozenset[Effect]:
        """To look at something changes nothing."""
        looks = self.method in (Method.GET, Method.HEAD)
        return frozenset({Effect.NETWORK}) if looks else frozenset({Effect.NETWORK, Effect.WRITE})

    def reaches(self) -> list[Reach]:
        """The host of the address."""
        return [Reach("host", host)] if (host := host_of(self.url)) else []

    def draws(self) -> list[Draw]:
        """What the host answers."""
        return [Draw("host", host)] if (host := host_of(self.url)) else []

    def troubles(self) -> list[Trouble]:
        """An address whose host is not written out, names that are none, a body nobody would read."""
        found = [*address_troubles(self.url), *name_troubles("query", [each.name for each in self.query])]
        found += header_troubles([each.name for each in self.headers])
        if self.body in NAMED:
            names = [each.name for each in self.fields]
            found += name_troubles("fields", names)
            found += [
                Trouble(f"fields.{at}.name", "name_taken", f"There is already a value “{name}”. Rename this one.")
                for at, name in enumerate(names)
                if name.strip() and name in names[:at] and self.body is Body.FIELDS
            ]
        if self.body is Body.FILE and not self.file:
            found.append(Trouble("file", "missing", "Choose the file to send."))
        if self.body is Body.MULTIPART and any(each.name.lower() == "content-type" for each in self.headers):
            sentence = "The content type of a form with files is set by the platform. Take the header away."
            found.append(Trouble("headers", "bad_header", sentence))
        if self.body is not Body.NONE and self.method in (Method.GET, Method.HEAD):
            sentence = "Nothing can be sent along when something is only looked at. Choose Send (POST)."
            found.append(Trouble("body", "unread_body", sentence))
        return [*found, *self._page_troubles(), *status_troubles(self.fine)]

    def _page_troubles(self) -> list[Trouble]:
        found: list[Trouble] = []
        if self.paged and self.pages is Pages.FIELD and not self.onward.strip():
            found.append(Trouble("onward", "missing", "Name the field of the answer that leads to the next page."))
        if self.paged and self.pages is Pages.NUMBER and not self.parameter.strip():
            found.append(Trouble("parameter", "missing", "Say by which name a page is asked for, such as “page”."))
        if self.paged and self.take is Take.FILE:
            found.append(Trouble("take", "unread_pages", "Pages are read as data; take the answer as data."))
        return found

    def explain(self) -> str:
        """Who is called, and what is sent."""
        sent: list[str] = [f"“{each.name}” ({quoted(each.value)})" for each in self.query]
        match self.body:
            case Body.FIELDS | Body.FORM | Body.MULTIPART:
                sent += [f"“{each.name}” ({quoted(each.value)})" for each in self.fields]
            case Body.JSON:
                sent.append(quoted(self.value))
            case Body.TEXT:
                sent.append(quoted(self.text))
            case Body.FILE:
                sent.append(f"the file {quoted(self.file)}")
            case Body.NONE:
                pass
        verb = {"GET": "Gets", "HEAD": "Looks at", "DELETE": "Deletes"}.get(self.method, f"Calls ({self.method.value})")
        told = f" and sends {listed(sent)}" if sent else ""
        paged = f", page after page, at most {self.most_pages} of them" if self.paged else ""
        kept = " It keeps the answer as a file." if self.take is Take.FILE else ""
        other = " Without success it goes on by “No success”." if self.on_error is Failure.EXIT else ""
        return f"{verb} {shortened(self.url, 200)}{told}{paged}.{kept}{other}"

    async def run(self, ctx: Context) -> Result:
        """Call, page after page where there are several, and hand the answer on."""
        request, host = await self._request(ctx), host_of(self.url)
        pages = self._collected()
        onward: Request | None = pages.first(request) if pages else request
        answer, trouble, handed = NOBODY, None, dict[str, Any]()
        while onward and not trouble:
            answer, trouble = await self._asked(ctx, onward, host)
            if trouble is None:
                try:
                    handed = await taken(answer, self.take, ctx, host, data=bool(pages))
                    onward = pages.take(answer, handed["json"], onward, host) if pages else None
                except StepFailed as error:
                    trouble = error
        if trouble is not None:
            if self.on_error is Failure.FAIL:
                raise trouble
            handed = nothing_of(answer)
        if pages:
            handed |= {"items": pages.items, "pages": pages.count, "complete": pages.complete}
        if self.on_error is Failure.FAIL:
            return handed
        return handed | {"error": ""} if trouble is None else Leave("error", handed | {"error": trouble.message})

    async def _asked(self, ctx: Context, request: Request, host: str) -> tuple[Received, StepFailed | None]:
        """The answer to one request, and why it is no success."""
        try:
            answer = await ctx.http.send(request)
        except StepFailed as error:
            if error.code not in _NO_ANSWER:
                raise
            return NOBODY, error
        return answer, trouble_of(answer, host, self.fine)

    def _collected(self) -> Collected | None:
        if not self.paged:
            return None
        room = int(self.largest_mb * 1_000_000)
        return Collected(
            self.pages, items=self.items, onward=self.onward, parameter=self.parameter, first=self.first_page,
            most=self.most_pages, room=room,
        )  # fmt: skip

    async def _request(self, ctx: Context) -> Request:
        content, media = await self._content(ctx)
        headers = {each.name: each.value for each in self.headers}
        if media and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = media
        return Request(
            method=self.method.value,
            address=self.url,
            query=tuple((each.name, each.value) for each in self.query),
            headers=headers,
            body=content,
            timeout_s=self.timeout_s,
            repeatable=self.repeatable or self.method not in (Method.POST, Method.PATCH),
            retries=self.retries,
            largest=int(self.largest_mb * 1_000_000),
            as_file=self.take is Take.FILE,
        )

    async def _content(self, ctx: Context) -> tuple[str | bytes | Sequence[Part] | None, str]:
        """The body and its media type."""
        match self.body:
            case Body.NONE:
                return None, ""
            case Body.TEXT:
                return self.text, self.media or "text/plain; charset=utf-8"
            case Body.JSON:
                return as_json(self.value), "application/json"
            case Body.FIELDS:
                return as_json({each.name: each.value for each in self.fields}), "application/json"
            case Body.FORM:
                return as_form(self.fields), "application/x-www-form-urlencoded"
            case Body.MULTIPART:
                return await as_parts(self.fields, ctx.files), ""
            case Body.FILE:
                content, media = await as_bytes(self.file, ctx.files)
                return content, self.media or media
