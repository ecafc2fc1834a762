"""References of Dify as ours: selectors as a value, templates as text with values in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from runtime.exchange.dify.source import ROOTS, Node
from runtime.exchange.dify.work import Here, Work
from runtime.exchange.loose import listed, selector, text, yes
from runtime.graph.references import escape

_REFERENCE = re.compile(r"\{\{#([^{}#\n]{1,400})#\}\}")
_KEY = re.compile(r"[\w-]+")
_READABLE = re.compile(r"[a-zA-Z0-9_]{1,50}")
"""ids their templates know; with others the text stays as it is"""
_SYSTEM = {
    "workflow_run_id": "id", "timestamp": "started", "conversation_id": "conversation", "user_id": "user",
    "dialogue_count": "turn",
}  # fmt: skip
"""what a run knows of itself, by their names"""
_USAGE = {"prompt_tokens": "tokens_in", "completion_tokens": "tokens_out", "total_price": "cost",
          "latency": "latency_s"}  # fmt: skip
FILE = {"name": "name", "filename": "name", "size": "size", "mime_type": "type", "type": "kind", "id": "id",
        "related_id": "id", "extension": "extension"}  # fmt: skip
"""what may be asked of a file"""
_FAILURE = {"error_message": "error_message", "error_type": "error_code"}
_HANDLED = ("fail-branch", "default-value")
FILES, SYSTEM_FILES = "files", "sys.files"
"""what comes with a message: beside an input that may be called the same"""


def template(here: Here, words: Any, instead: dict[str, str] | None = None) -> str:
    """A text with references in it. `instead` says what stands for names that only this text knows."""
    made, at = "", 0
    written = text(words)
    for found in _REFERENCE.finditer(written):
        fixed, inner = written[at : found.start()], found[1].strip()
        path = (instead or {}).get(inner)
        if path is None:
            parts = [each.strip() for each in inner.split(".")]
            path = path_of(here, parts)
            _mention(here, parts, path)
        if path:
            made += _before_a_reference(escape(fixed)) + reference(path)
        else:
            made += escape(fixed + (inner if path is None else ""))
        at = found.end()
    return made + escape(written[at:])


def reference(path: str) -> str:
    """A path as it stands in a text."""
    return "{{ " + path + " }}"


def value(here: Here, given: Any, field: str | None = None) -> Any:
    """The value a selector names, as a reference; None where it names none."""
    parts = selector(given)
    if len(parts) < 2:
        return None
    path = path_of(here, parts)
    return reference(path) if path else _from_nowhere(here, parts, field)


def constant(given: Any) -> Any:
    """A typed value, in which nothing is a reference."""
    if isinstance(given, str):
        return escape(given)
    if isinstance(given, list):
        return [constant(each) for each in listed(given)]
    if isinstance(given, dict):
        return {name: constant(each) for name, each in given.items()}  # pyright: ignore[reportUnknownVariableType]
    return given


def path_of(here: Here, parts: Sequence[str]) -> str | None:
    """Where a value is to be found here: `ask.text`. None where there is no such value."""
    if len(parts) < 2:
        return None
    work, (root, *keys) = here.work, parts
    found: list[str] | None
    match root:
        case "sys":
            found = _of_the_system(here, keys)
        case "env":
            name = work.environment.get(keys[0])
            found = ["variables", name, *keys[1:]] if name else None
        case "conversation":
            name = work.conversation_names.get(keys[0])
            found = ["conversation", name, *keys[1:]] if name else None
        case "rag":
            found = _of_the_start(here, keys[1:]) if len(keys) > 1 else None
        case _:
            node = work.source.nodes.get(root)
            found = _of_a_step(here, node, keys) if node else None
    return ".".join(found) if found and all(_KEY.fullmatch(each) for each in found) else None


def _of_the_system(here: Here, keys: Sequence[str]) -> list[str] | None:
    work, (name, *rest) = here.work, keys
    if name == "query":
        if not work.source.chat and not work.source.mode:
            work.source.chat = True  # a graph without an app around it: who reads the message is a chat
        if work.source.chat:
            return [work.start, "message", *rest]
        return _of_the_start(here, keys)
    if name == FILES:
        add_input(work, SYSTEM_FILES, "files")
        return [work.start, work.input_names[SYSTEM_FILES], *rest]
    return ["run", _SYSTEM[name], *rest] if name in _SYSTEM else None


def _of_a_step(here: Here, node: Node, keys: Sequence[str]) -> list[str] | None:
    """The value of a step that is there."""
    work, name = here.work, keys[0]
    if node.kind in ROOTS and node.kind != "datasource":
        if name == "sys" and len(keys) > 1:
            return _of_the_system(here, keys[1:])
        if name.startswith("sys."):
            return _of_the_system(here, [name[4:], *keys[1:]])
        return _of_the_start(here, keys)
    step = work.ids.get(node.id)
    handed = handed_on(node, keys) if step else None
    if not step or handed is None:
        return None
    work.asked.setdefault(step, {}).setdefault(handed[0])
    if len(keys) == 2 and _is_a_file(work, node, name):
        return [step, handed[0], FILE[keys[1]]] if keys[1] in FILE else None
    return [step, *handed]


def _is_a_file(work: Work, node: Node, name: str) -> bool:
    """Whether a step hands on a file by that name: one of those it goes through."""
    if node.kind == "iteration" and name == "item":
        return _are_files(work, selector(node.data.get("iterator_selector")))
    return node.kind == "list-operator" and name in ("first_record", "last_record") and _are_files(
        work, selector(node.data.get("variable"))
    )  # fmt: skip


def _are_files(work: Work, parts: Sequence[str]) -> bool:
    """Whether a selector names a list of files."""
    seen: set[str] = set()
    while len(parts) == 2:
        root, name = parts
        node = work.source.nodes.get(root)
        if root == "sys" or (node and node.kind in ROOTS):
            return name == FILES or work.inputs.get(work.input_names.get(name, ""), {}).get("kind") == "files"
        if node is None or node.kind != "list-operator" or name != "result" or root in seen:
            return False
        seen.add(root)
        parts = selector(node.data.get("variable"))
    return False


def _of_the_start(here: Here, keys: Sequence[str]) -> list[str] | None:
    work, (name, *rest) = here.work, keys
    if name not in work.input_names:
        kind = "list" if name in work.lists else "paragraph"
        add_input(work, name, kind)
        work.added.add(name)
        sentence = f"“{name[:60]}” is read from the start, which does not ask for it; an input was added."
        work.report.note("input_added", sentence, step=work.start, field="inputs")
    mine = work.input_names[name]
    if name in work.added and rest and work.inputs[mine]["kind"] == "paragraph":
        work.inputs[mine] = {"name": mine, "kind": "json", "required": False}
    if work.inputs[mine]["kind"] == "file" and rest:
        attribute = FILE.get(rest[0])
        return [work.start, mine, attribute] if attribute else None
    return [work.start, mine, *rest]


def add_input(work: Work, name: str, kind: str) -> None:
    """An input nobody declared: it may be left empty."""
    if name not in work.input_names:
        work.input_names[name] = mine = work.input_name(name.removeprefix("sys."))
        blank = {"blank": True} if kind == "paragraph" else {}
        work.inputs[mine] = {"name": mine, "kind": kind, "required": False, **blank}


def handed_on(node: Node, keys: Sequence[str]) -> list[str] | None:
    """What a step of ours calls the value a step of theirs hands on; None where it hands on no such thing."""
    name, rest = keys[0], list(keys[1:])
    if name in _FAILURE:
        own = name in node.data.get("outputs", {}) if isinstance(node.data.get("outputs"), dict) else False
        if not own:
            return [_FAILURE[name], *rest] if node.data.get("error_strategy") in _HANDLED else None
    renames = _RENAMED.get(node.kind, {})
    match node.kind:
        case "llm" | "question-classifier" if name == "usage" and rest:
            return ["usage", _USAGE[rest[0]]] if rest[0] in _USAGE else None
        case "llm" if name in ("reasoning_content", "files"):
            return None
        case "variable-aggregator" if is_grouped(node):
            return [name, *(rest[1:] if rest[:1] == ["output"] else rest)]
        case "document-extractor" if name == "text" and is_list(node):
            return ["output", *rest]
        case "assigner" | "answer" | "end" | "loop-end" if node.kind != "answer" or name != "answer":
            return None
        case _:
            return [renames.get(name, name), *rest]


_RENAMED = {
    "llm": {"structured_output": "data"},
    "loop": {"loop_round": "round"},
    "answer": {"answer": "text"},
    "question-classifier": {"class_label": "class_name"},
}


def is_grouped(node: Node) -> bool:
    """Whether an aggregator has several groups."""
    settings = node.data.get("advanced_settings")
    return isinstance(settings, dict) and yes(settings.get("group_enabled"))  # pyright: ignore[reportUnknownMemberType]


def is_list(node: Node) -> bool:
    """Whether files are read from a list."""
    return yes(node.data.get("is_array_file"))


def _from_nowhere(here: Here, parts: Sequence[str], field: str | None) -> str:
    """A variable that holds nothing, for a value that nothing hands on."""
    work, name = here.work, ".".join(parts)
    path = f"variables.{work.nowhere(name)}"
    sentence = f"“{here.called}” reads “{name[:80]}”, which nothing hands on."
    here.say("reference_never_there", sentence, f"It reads {reference(path)} now, which holds nothing.", field)
    return reference(path)


def _before_a_reference(fixed: str) -> str:
    """Fixed text whose backslashes at the end are not taken for a sign that no reference follows."""
    bare = fixed.rstrip("\\")
    return bare + "\\" * 2 * (len(fixed) - len(bare))


def _mention(here: Here, parts: Sequence[str], path: str | None) -> None:
    """What a person should know of a reference in a text."""
    name = ".".join(parts)[:80]
    if path is None and parts[0] == "sys" and len(parts) > 1:
        here.lose("reference_never_there", f"“{here.called}” writes “{name}”, which is not known here.",
                  "Its name stands in the text.")  # fmt: skip
    elif path is None and len(parts) > 1:
        here.say("reference_never_there", f"“{here.called}” writes “{name}”, which nothing hands on.",
                 "Its name stands in the text, as it would there.")  # fmt: skip
    if path and not _READABLE.fullmatch(parts[0]):
        sentence = f"“{here.called}” refers to “{parts[0][:60]}”, an id their templates would not have understood."
        here.say("hyphen_in_id", sentence, "It was understood here.")
