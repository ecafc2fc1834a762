"""Their mocks as our pins: what chosen steps give instead of being run."""

import re
from collections.abc import Mapping
from typing import Any

from runtime.graph.document import Document

WORDS = "mocked llm response"
_REFERENCE = re.compile(r"\\\{\\\{.*?\\\}\\\}")
_EXITS = {"question-classifier": "class_id"}


def pins_of(
    mocks: Mapping[str, Any], kinds: Mapping[str, str], steps: Mapping[str, str], document: Document
) -> dict[str, dict[str, Any]]:
    """Pins by our ids. `kinds` and `steps` say what each of their nodes was, and what became of it."""
    pins: dict[str, dict[str, Any]] = {}
    for node, kind in kinds.items():
        given = mocks.get("nodes", {}).get(node) or mocks.get("types", {}).get(kind) or _default(mocks, kind)
        if given is None and kind == "http-request" and node in steps and "http" in mocks:
            given = _answered(mocks["http"], document, steps[node])
        if given is not None and node in steps and "handler" not in given:
            pins[steps[node]] = _pin(given, kind)
    return pins


def _default(mocks: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
    auto = mocks.get("auto")
    said = mocks.get("defaults", {}).get({"tool": "tool", "llm": "llm"}.get(kind, ""))
    if said is not None:
        return {"outputs": said if isinstance(said, dict) else {"text": said}}
    match kind:
        case "llm" if auto:
            return {"outputs": {"text": WORDS}}
        case "tool" if auto:
            return {"outputs": {"result": "mocked tool output", "text": "mocked tool output"}}
        case "http-request" if auto:
            return {"outputs": {"status_code": 200, "body": "mocked response", "headers": {}}}
        case _:
            return None


def _pin(given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    pin = {name: given[name] for name in ("outputs", "error", "delay_s", "chunks") if given.get(name)}
    outputs = dict(pin.get("outputs", {}))
    if kind == "llm":
        if "chunks" in pin and "text" not in outputs:
            outputs["text"] = "".join(pin["chunks"])
        if "structured_output" in outputs:
            outputs["data"] = outputs.pop("structured_output")
        if not pin.get("chunks") and isinstance(outputs.get("text"), str):
            pin["chunks"] = re.findall(r"\s*\S+\s*$|\s*\S+", outputs["text"]) or [""]
    if kind in _EXITS and _EXITS[kind] in outputs:
        pin["exit"] = str(outputs[_EXITS[kind]])
    if outputs:
        pin["outputs"] = outputs
    return pin


def _answered(answers: list[dict[str, Any]], document: Document, step: str) -> dict[str, Any]:
    """What an outside host answers, where the address can be the one that is mocked; any other call is blocked."""
    settings = document.meaning.steps[step].settings
    for each in answers:
        address = _REFERENCE.sub(".*", re.escape(settings.get("url", "")).replace("\\ ", " "))
        same = each["match"].get("method", "GET") == settings.get("method", "GET")
        if same and re.fullmatch(address, each["match"]["url"]):
            return {"outputs": each["response"]}
    return {"error": f"The call of {settings.get('url')} is blocked: no answer to it is mocked."}
