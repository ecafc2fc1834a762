"""The reference pages: made from the code they describe, so that they cannot be out of date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import orjson

from nodes.catalogue import document as steps_page
from nodes.catalogue import load
from runtime.errors import GreenlaneError
from runtime.operations.actors import ACTIONS
from runtime.operations.checking import document_schema, problem_codes
from runtime.operations.importing import import_codes
from runtime.settings import PREFIX, Settings

_PROBLEMS = "What `greenlane check` and the canvas may say."
_IMPORTS = "What `greenlane import` may say, beside the problems of a workflow."
_MADE = "<!-- Made by `greenlane docs` from the code. Edit the code, not this page. -->\n"


def pages() -> dict[str, str]:
    """Every made page by its name under docs/."""
    errors, problems = ("Code", "HTTP status", "Meaning"), ("Code", "Meaning")
    actions = ("Action", "Meaning", "Roles", "By API key")
    return {
        "steps.md": steps_page(load()),
        "settings.md": _page(
            "Settings", "Each is an environment variable.", ("Name", "Default", "Meaning"), _settings()
        ),
        "errors.md": _page("Errors", "Codes never change.", errors, _errors()),
        "problems.md": _page("Problems of a workflow", _PROBLEMS, problems, problem_codes().items()),
        "imports.md": _page("Imports", _IMPORTS, problems, import_codes().items()),
        "actions.md": _page("Actions", "What an actor may do, by role.", actions, _actions()),
        "document.schema.json": orjson.dumps(document_schema(), option=orjson.OPT_INDENT_2).decode() + "\n",
    }


def _settings() -> Iterator[tuple[str, ...]]:
    for name, field in Settings.model_fields.items():
        yield f"`{PREFIX}{name.upper()}`", f"`{field.default}`" if field.default != "" else "–", field.description or ""


def _errors() -> Iterator[tuple[str, ...]]:
    for kind in sorted(_family(GreenlaneError), key=lambda each: (each.status, each.code)):
        yield f"`{kind.code}`", str(kind.status), " ".join((kind.__doc__ or "").split())


def _family(kind: type[GreenlaneError]) -> Iterator[type[GreenlaneError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _family(each)


def _actions() -> Iterator[tuple[str, ...]]:
    for name, action in ACTIONS.items():
        yield f"`{name}`", action.words, ", ".join(sorted(action.roles)), "yes" if action.by_key else "no"


def _page(title: str, words: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_MADE, f"# {title}\n", f"{words}\n", _row(head), _row(["---"] * len(head))]
    return "\n".join([*lines, *(_row(each) for each in rows)]) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"
