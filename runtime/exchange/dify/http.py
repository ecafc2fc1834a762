"""Calls over HTTP."""

from __future__ import annotations

import json
import re
from typing import Any, cast

from nodes.sdk import PLATFORM_HEADERS
from nodes.sdk.flows import host_of
from runtime.exchange.dify.references import path_of, reference, template, value
from runtime.exchange.dify.work import Here, Made
from runtime.exchange.loose import mapping, mappings, number, text, yes
from runtime.graph.references import escape

NOWHERE = "https://write-the-host.invalid/"
"""where an address leads whose host nobody has written out: nowhere"""
MOST_LINES = 500
"""names and values; a step of ours takes fewer, and says so"""
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
_FROM_ENVIRONMENT = re.compile(r"^\s*\{\{#env\.(\w+)#\}\}")
_REFERENCE = re.compile(r"\{\{#([^{}#\n]{1,400})#\}\}")
_MARK = re.compile("\x01(\\d+)\x02")
_QUOTE = re.compile(r'(?<!\\)(?:\\\\)*"')
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}")
_BODIES = {"form-data": "multipart", "x-www-form-urlencoded": "form"}
_KEYS = frozenset({"authorization", "x-api-key", "api-key", "apikey", "x-auth-token", "x-access-token", "cookie"})
"""headers that hold credentials"""


def call(here: Here) -> Made:
    """One call."""
    data = here.node.data
    method = text(data.get("method")).upper() or "GET"
    if method not in _METHODS:
        here.lose("setting_left_out", f"“{here.called}” called by {method[:20]}.", "It gets the address now.", "method")
        method = "GET"
    settings: dict[str, Any] = {"method": method, "url": _address(here, text(data.get("url")))}
    if query := _pairs(here, data.get("params"), "query"):
        settings["query"] = query
    headers = _headers(here, data.get("headers"))
    body = _body(here, mapping(data.get("body")), headers)
    if method in ("GET", "HEAD") and body:
        here.lose("setting_left_out", f"“{here.called}” sent something along although it only looks.", field="body")
        body = {}
    if body.get("body") == "multipart":
        headers = [each for each in headers if each["name"].lower() != "content-type"]
    settings |= body
    if headers:
        settings["headers"] = headers
    _connect(here, mapping(data.get("authorization")))
    if not (text(data.get("error_strategy")) in ("fail-branch", "default-value") or retried(data)):
        settings["fine"] = "any"
    seconds = number(mapping(data.get("timeout")).get("read"))
    if seconds and seconds > 0:
        settings["timeout_s"] = min(600, seconds)
    if data.get("ssl_verify") is False:
        here.lose("setting_left_out", f"“{here.called}” did not look at the certificate of the other system.")
    return Made("connect.call_http", settings)


def retried(data: dict[str, Any]) -> bool:
    """Whether a step is tried again when it fails."""
    config = mapping(data.get("retry_config"))
    return yes(config.get("retry_enabled")) or yes(config.get("enabled"))


def _address(here: Here, url: str) -> str:
    found = _FROM_ENVIRONMENT.match(url)
    host = here.work.plain_environment.get(found[1], "") if found else ""
    if found and host:
        here.notes.append(f"The address of “env.{found[1]}” is written out.")
        url = host + url[found.end() :]
    made = template(here, url.strip())
    if host_of(made):
        return made
    here.lose("host_to_write", f"“{here.called}” calls {made[:120] or 'nothing'}, whose host is not written out.",
              "Write the host in the address, so that all can see where the data goes.", "url")  # fmt: skip
    rest = made.partition("://")[2] if made.startswith(("http://", "https://")) else made
    return NOWHERE + rest.lstrip("/")


def _lines(given: Any) -> list[tuple[str, str]]:
    """Names and values: the first colon of a line separates them."""
    if isinstance(given, dict):
        return [(name, text(each)) for name, each in cast("dict[str, Any]", given).items()]
    pairs = [line.partition(":") for line in text(given).splitlines() if line.strip()][:MOST_LINES]
    return [(name.strip(), each.strip()) for name, _, each in pairs]


def _pairs(here: Here, given: Any, field: str) -> list[dict[str, str]]:
    made: list[dict[str, str]] = []
    for name, each in _lines(given):
        if not name or "{{#" in name:
            here.lose("setting_left_out", f"“{here.called}”: “{name[:60]}” cannot be a name.", field=field)
        else:
            made.append({"name": name[:200], "value": template(here, each)})
    return made


def _headers(here: Here, given: Any) -> list[dict[str, str]]:
    made: list[dict[str, str]] = []
    for each in _pairs(here, given, "headers"):
        name = each["name"]
        if name.lower() in _KEYS:
            here.lose("credential_to_connect", f"“{here.called}” sent a credential in its header “{name}”.",
                      "Put it into a connection to this host; it is not kept in the workflow.", "headers")  # fmt: skip
        elif not _HEADER.fullmatch(name) or name.lower() in PLATFORM_HEADERS:
            here.lose("setting_left_out", f"“{here.called}”: the header “{name[:60]}” is set by the platform.",
                      field="headers")  # fmt: skip
        else:
            made.append(each)
    return made


def _connect(here: Here, given: dict[str, Any]) -> None:
    config = mapping(given.get("config"))
    if text(given.get("type")) != "api-key" and not config.get("api_key"):
        return
    header = text(config.get("header")) or "Authorization"
    what = f"“{here.called}” sent a key in the header “{header[:60]}”."
    if not text(config.get("api_key")):
        what += " An API key is required, and the file holds none."
    here.lose("credential_to_connect", what, "Put it into a connection to this host; it is not kept in the workflow.")


def _body(here: Here, body: dict[str, Any], headers: list[dict[str, str]]) -> dict[str, Any]:
    kind, data = text(body.get("type")), body.get("data")
    if kind in _BODIES:
        return {"body": _BODIES[kind], "fields": _fields(here, data)}
    first = mapping(mappings(data)[0]) if mappings(data) else {}
    words = text(first.get("value")) if isinstance(data, list) else text(data)
    media = _media(headers)
    match kind:
        case "json" if words.strip():
            found = _from_json(here, words)
            return {"body": "json", "value": found} if found is not None else {
                "body": "text", "text": template(here, words), "media": media or "application/json"}  # fmt: skip
        case "raw-text" | "raw" if words:
            return {"body": "text", "text": template(here, words)} | ({"media": media} if media else {})
        case "binary" if first:
            return {"body": "file", "file": value(here, first.get("file"), "file") or ""}
        case _:
            return {}


def _media(headers: list[dict[str, str]]) -> str:
    """The content type, taken out of the headers."""
    found = next((each for each in headers if each["name"].lower() == "content-type"), None)
    if found is None or "{{" in found["value"]:
        return ""
    headers.remove(found)
    return found["value"][:100]


def _fields(here: Here, data: Any) -> list[dict[str, Any]]:
    if not isinstance(data, list):
        return [{"name": name, "value": template(here, each)} for name, each in _lines(data)]
    return [
        {
            "name": text(each.get("key"))[:200],
            "value": value(here, each.get("file"), "fields")
            if text(each.get("type")) == "file"
            else template(here, each.get("value")),
        }
        for each in mappings(data)
        if text(each.get("key"))
    ]


def _from_json(here: Here, words: str) -> Any:
    """JSON with references in it as a value: a reference alone keeps its kind, one in quotes is text. None where the
    text is no JSON before the values are put in."""
    paths: list[tuple[str, bool]] = []
    at, inside = 0, False

    def mark(found: re.Match[str]) -> str:
        nonlocal at, inside
        inside ^= len(_QUOTE.findall(words, at, found.start())) % 2 == 1
        at, quoted = found.end(), inside
        inner = found[1].strip()
        path = path_of(here, [each.strip() for each in inner.split(".")])
        paths.append((reference(path) if path else escape(inner), quoted or not path))
        sign = f"\\u0001{len(paths) - 1}\\u0002"
        return sign if quoted else f'"{sign}"'

    try:
        return _filled(json.loads(_REFERENCE.sub(mark, words), strict=False), paths)
    except (ValueError, RecursionError):
        return None


def _filled(given: Any, paths: list[tuple[str, bool]]) -> Any:
    if isinstance(given, list):
        return [_filled(each, paths) for each in cast("list[Any]", given)]
    if isinstance(given, dict):
        entries = cast("dict[str, Any]", given).items()
        if any(_MARK.search(name) for name, _ in entries):
            raise ValueError("a name cannot be put in")
        return {name: _filled(each, paths) for name, each in entries}
    if not isinstance(given, str):
        return given
    if alone := _MARK.fullmatch(given):
        path, quoted = paths[int(alone[1])]
        return path.removesuffix(" }}") + " | python }}" if quoted and path.endswith(" }}") else path
    made, at = "", 0
    for found in _MARK.finditer(given):
        made += escape(given[at : found.start()]) + paths[int(found[1])][0]
        at = found.end()
    return made + escape(given[at:])
