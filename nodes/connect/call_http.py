"""`connect.call_http`: ask another system, or tell it something."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict

from nodes.sdk import (
    ANY,
    DONE,
    NUMBER,
    OBJECT,
    PLATFORM_HEADERS,
    TEXT,
    Context,
    Control,
    Draw,
    Effect,
    Example,
    Exit,
    Leave,
    Node,
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
from nodes.sdk.words import listed, quoted, shortened

ERROR = Exit("error", "No success")
LARGEST_JSON = 1_000_000
"""characters of an answer that is read as data"""
_NO_ANSWER = frozenset({"host_unreachable", "host_interrupted", "host_timeout", "answer_too_large"})


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


class Body(StrEnum):
    """What is sent along."""

    NONE = "none"
    FIELDS = "fields"
    JSON = "json"
    TEXT = "text"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"none": "Nothing", "fields": "Named values, as JSON", "json": "One value, as JSON", "text": "Text"}[
            self
        ]


class Failure(StrEnum):
    """What becomes of a call without success."""

    FAIL = "fail"
    EXIT = "exit"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"fail": "Stop the run", "exit": "Go on another way"}[self]


class Parameter(BaseModel):
    """One name with its text, in the query or in the headers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Name", default="", max_length=200)
    value: Text = field("Value", default="")


class Named(BaseModel):
    """One named value of the body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = field("Name", default="", max_length=200)
    value: Value = field("Value", default=None)


class CallHttp(Node, label="Call HTTP", icon="globe", effects=(Effect.NETWORK, Effect.WRITE)):
    """Get something from another system, or send something to it, over HTTP.

    Only hosts that IT has made a connection for can be called. The connection adds the credential; write none here.
    Redirects are not followed. Each call carries an `Idempotency-Key`, so that a system that knows it takes a repeated
    call for the same one.
    """

    method: Method = field("What to do", default=Method.GET)
    url: Text = field(
        "Address", "Scheme and host are written out; values may stand behind them.", default="", control=Control.LINE,
        max_length=8000, example="https://api.example.com/orders/{{ start.number }}",
    )  # fmt: skip
    query: list[Parameter] = field(
        "Query", "Added to the address, safely written.", default=[], row="parameter", max_length=100
    )
    headers: list[Parameter] = field("Headers", default=[], row="header", max_length=50, advanced=True)
    body: Body = field("Send along", default=Body.NONE)
    fields: list[Named] = field("Named values", default=[], row="value", max_length=200, when=("body", Body.FIELDS))
    value: Value = field("Value", default=None, when=("body", Body.JSON))
    text: Text = field("Text", default="", control=Control.PARAGRAPH, when=("body", Body.TEXT))
    on_error: Failure = field(
        "When it does not succeed", "At a status of 400 or more, or no answer. The other way leaves by “No success”.",
        default=Failure.FAIL,
    )  # fmt: skip
    timeout_s: float = field("Seconds to wait", default=30.0, gt=0, le=600, advanced=True)
    repeatable: bool = field(
        "The system recognises a repeated call",
        "It knows the Idempotency-Key. Otherwise you are asked before a call that changes something is repeated.",
        default=False, advanced=True,
    )  # fmt: skip

    examples = (
        Example(
            "Look up an order",
            settings={"url": "https://api.example.com/orders/17", "query": [{"name": "fields", "value": "state"}]},
            answers=({"status": 200, "headers": {"content-type": "application/json"}, "text": '{"state": "sent"}'},),
            output={
                "status_code": 200,
                "body": '{"state": "sent"}',
                "headers": {"content-type": "application/json"},
                "json": {"state": "sent"},
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
                "error": "desk.example.com answered with status 422.",
            },
            exit="error",
        ),
    )

    def exits(self) -> tuple[Exit, ...]:
        """One, or two where it may go on without success."""
        return (DONE, ERROR) if self.on_error is Failure.EXIT else (DONE,)

    def outputs(self) -> dict[str, Shape]:
        """The answer, whatever it is."""
        found = {
            "status_code": (NUMBER, "The status; 0 when no answer came"),
            "body": (TEXT, "The answer as text"),
            "headers": (OBJECT, "The answer's headers, names in small letters"),
            "json": (ANY, "The answer as data, where it is JSON"),
        }
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
        found = [*_address_troubles(self.url), *_name_troubles("query", [each.name for each in self.query])]
        found += _name_troubles("headers", [each.name for each in self.headers])
        found += [
            Trouble(f"headers.{at}.name", "bad_header", f"“{each.name}” is not the name of a header.")
            for at, each in enumerate(self.headers)
            if each.name.strip() and not _is_header(each.name)
        ]
        found += [
            Trouble(f"headers.{at}.name", "bad_header", f"“{each.name}” is set by the platform. Take it away.")
            for at, each in enumerate(self.headers)
            if each.name.lower() in PLATFORM_HEADERS
        ]
        if self.body is Body.FIELDS:
            names = [each.name for each in self.fields]
            found += _name_troubles("fields", names)
            found += [
                Trouble(f"fields.{at}.name", "name_taken", f"There is already a value “{name}”. Rename this one.")
                for at, name in enumerate(names)
                if name.strip() and name in names[:at]
            ]
        if self.body is not Body.NONE and self.method in (Method.GET, Method.HEAD):
            sentence = "Nothing can be sent along when something is only looked at. Choose Send (POST)."
            found.append(Trouble("body", "unread_body", sentence))
        return found

    def explain(self) -> str:
        """Who is called, and what is sent."""
        sent: list[str] = [f"“{each.name}” ({quoted(each.value)})" for each in self.query]
        match self.body:
            case Body.FIELDS:
                sent += [f"“{each.name}” ({quoted(each.value)})" for each in self.fields]
            case Body.JSON:
                sent.append(quoted(self.value))
            case Body.TEXT:
                sent.append(quoted(self.text))
            case Body.NONE:
                pass
        verb = {"GET": "Gets", "HEAD": "Looks at", "DELETE": "Deletes"}.get(self.method, f"Calls ({self.method.value})")
        told = f" and sends {listed(sent)}" if sent else ""
        other = " Without success it goes on by “No success”." if self.on_error is Failure.EXIT else ""
        return f"{verb} {shortened(self.url, 200)}{told}.{other}"

    async def run(self, ctx: Context) -> Result:
        """Call, and hand the answer on."""
        content, media = self._content()
        headers = {each.name: each.value for each in self.headers}
        if media and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = media
        try:
            answer = await ctx.http.send(
                Request(
                    method=self.method.value,
                    address=self.url,
                    query=tuple((each.name, each.value) for each in self.query),
                    headers=headers,
                    body=content,
                    timeout_s=self.timeout_s,
                    repeatable=self.repeatable or self.method in (Method.GET, Method.HEAD, Method.PUT),
                )
            )
        except StepFailed as error:
            if self.on_error is Failure.FAIL or error.code not in _NO_ANSWER:
                raise
            return Leave("error", _handed(Received(0, {}, ""), error.message))
        trouble = _trouble(answer, host_of(self.url))
        if trouble is None:
            return _handed(answer) if self.on_error is Failure.FAIL else _handed(answer, "")
        if self.on_error is Failure.FAIL:
            raise trouble
        return Leave("error", _handed(answer, trouble.message))

    def _content(self) -> tuple[str | None, str]:
        """The body and its media type."""
        match self.body:
            case Body.NONE:
                return None, ""
            case Body.TEXT:
                return self.text, "text/plain; charset=utf-8"
            case Body.JSON:
                return json.dumps(self.value, ensure_ascii=False), "application/json"
            case Body.FIELDS:
                whole = {each.name: each.value for each in self.fields}
                return json.dumps(whole, ensure_ascii=False), "application/json"


def _address_troubles(url: str) -> list[Trouble]:
    if not url.strip():
        return [Trouble("url", "missing", "Write the address to call, such as https://api.example.com/orders.")]
    if host_of(url):
        return []
    sentence = (
        "Write scheme and host out, as in https://api.example.com/…. Values may stand only behind them, so that all"
        " can see where the data goes."
    )
    return [Trouble("url", "bad_address", sentence)]


def _name_troubles(place: str, names: list[str]) -> list[Trouble]:
    return [
        Trouble(f"{place}.{at}.name", "missing", "Give it a name.") for at, name in enumerate(names) if not name.strip()
    ]


def _trouble(answer: Received, host: str) -> StepFailed | None:
    """Why an answer is no success."""
    if answer.status < 300 or answer.status == 304:
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


def _handed(answer: Received, error: str | None = None) -> dict[str, Any]:
    found = {
        "status_code": answer.status,
        "body": answer.text,
        "headers": dict(answer.headers),
        "json": _data(answer),
    }
    return found if error is None else found | {"error": error}


def _data(answer: Received) -> Any:
    """The answer as data where it is JSON, else nothing."""
    text = answer.text.strip()
    if (
        not text
        or len(text) > LARGEST_JSON
        or ("json" not in answer.headers.get("content-type", "") and text[0] not in "{[")
    ):
        return None
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _is_header(name: str) -> bool:
    return name.isascii() and all(each.isalnum() or each in "!#$%&'*+-.^_`|~" for each in name)
