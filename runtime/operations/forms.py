"""The form a run is started with: what the start step asks for, in its author's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nodes.sdk import is_file
from runtime.graph.document import ANSWER, START, Document

__all__ = ["FILES", "FormField", "Greeting", "answers_of", "chat_of", "form_of", "greeting_of", "is_file"]


FILES = ("file", "files")
"""kinds of inputs that are brought, not typed"""


@dataclass(frozen=True, slots=True)
class FormField:
    """One input. `kind` is text, paragraph, number, choice, yes_no, date, file, files, list or json."""

    name: str
    kind: str
    label: str
    help: str
    required: bool
    default: Any
    options: list[str]
    min: float | None
    max: float | None
    max_length: int | None
    data_class: str = "internal"
    """how confidential what is entered may be"""
    file_kinds: list[str] = field(default_factory=list[str])
    """which files it takes: image, document, audio, video; with `extensions` empty, too: any"""
    extensions: list[str] = field(default_factory=list[str])
    """beside those kinds, files that end so: `.pdf`"""


MESSAGE = FormField("message", "paragraph", "Your message", "", True, None, [], None, None, None)
"""what a chat asks for by itself"""


def form_of(document: Document) -> list[FormField]:
    """The inputs of the start step that people are asked for, in its order; of a chat, the message first."""
    step = next((name for name, each in document.meaning.steps.items() if each.type == START), None)
    if step is None:
        return []
    words = document.words.steps.get(step)
    labels = words.labels if words else {}
    found: list[FormField] = [MESSAGE] if chat_of(document) else []
    for each in document.meaning.steps[step].settings.get("inputs", []):
        if each.get("hidden"):
            continue
        said = labels.get(each["name"])
        found.append(
            FormField(
                name=each["name"],
                kind=each.get("kind", "text"),
                label=(said.label if said else "") or each["name"].replace("_", " ").capitalize(),
                help=said.help if said else "",
                required=each.get("required", True),
                default=each.get("default"),
                options=list(each.get("options", [])),
                min=each.get("min"),
                max=each.get("max"),
                max_length=each.get("max_length"),
                data_class=each.get("data_class", "internal"),
                file_kinds=[str(one) for one in each.get("file_kinds") or ()],
                extensions=[str(one) for one in each.get("extensions") or ()],
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Greeting:
    """What whoever chats sees before they have said anything."""

    opening: str = ""
    suggestions: tuple[str, ...] = ()


def greeting_of(document: Document) -> Greeting:
    """As the start step says it."""
    step = next((each for each in document.meaning.steps.values() if each.type == START), None)
    settings: dict[str, Any] = step.settings if step else {}
    given: list[Any] = settings.get("suggestions") or []
    said = [str(each) for each in given]
    return Greeting(str(settings.get("opening") or ""), tuple(each for each in said if each.strip()))


def answers_of(document: Document) -> bool:
    """Whether it answers on the way, and not only with its result."""
    return any(each.type == ANSWER for each in document.meaning.steps.values())


def chat_of(document: Document) -> bool:
    """Whether it begins with a chat message."""
    return any(each.settings.get("kind") == "chat" for each in document.meaning.steps.values() if each.type == START)
