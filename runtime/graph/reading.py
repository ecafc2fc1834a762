"""Reading: bytes of a file to a document, with every problem at once and no traceback, whatever the bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from pydantic import ValidationError

from runtime.graph.document import FORMAT, Document
from runtime.graph.parsing import Parsed, Path, line_at, parse
from runtime.graph.problems import MOST_HINTS, Problem
from runtime.graph.upgrades import upgrade
from runtime.graph.wording import demand, did_you_mean

_NAMES = "Use small letters, digits and underscores, beginning with a letter."
_HINTS = {
    "name": "Use small letters, digits and single hyphens, like “ticket-triage”.",
    "from": "Write the id of a step, or id.exit.",
    "to": "Write the id of a step.",
}
_ENTRIES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    (): ("greenlane", "name", "words", "meaning", "layout"),
    ("words",): ("title", "description", "icon", "steps", "notes"),
    ("meaning",): ("steps", "edges", "variables", "run"),
    ("layout",): ("steps", "notes"),
    ("meaning", "steps", ""): ("type", "version", "settings"),
    ("meaning", "edges", ""): ("from", "to"),
    ("words", "steps", ""): ("title", "note", "labels"),
}


class Reading(NamedTuple):
    """A document where the file holds one, and all that is wrong with the file."""

    document: Document | None
    problems: tuple[Problem, ...]


def read(content: bytes) -> Reading:
    """The document in a file of YAML or JSON. With a problem of severity error there is no document."""
    parsed = parse(content)
    if parsed.problems:
        return Reading(None, tuple(parsed.problems))
    data = _current(parsed)
    if data is None:
        return Reading(None, tuple(parsed.problems))
    strangers = _strangers(data, parsed)
    try:
        document = Document.model_validate(data)
    except ValidationError as error:
        found = [_problem(each, parsed) for each in cast("list[Mapping[str, Any]]", error.errors(include_url=False))]
        return Reading(None, tuple(found))
    return Reading(document, strangers)


def _current(parsed: Parsed) -> dict[str, Any] | None:
    """The data in today's format, or None with the problem noted."""
    data = parsed.data
    if data is None:
        parsed.refuse("empty_file", "the file is empty.")
    elif not isinstance(data, dict) or not {"greenlane", "name", "meaning"} & cast("dict[str, Any]", data).keys():
        parsed.refuse("not_a_workflow", "this is no workflow file.", f"A workflow begins with “greenlane: {FORMAT}”.")
    else:
        entries = cast("dict[str, Any]", data)
        number = entries.get("greenlane")
        line = parsed.lines.get(("greenlane",))
        if number is None:
            parsed.refuse("missing_entry", "the format number is missing.", f"Write “greenlane: {FORMAT}” at the top.")
        elif type(number) is not int or number < 1:
            hint = f"Write “greenlane: {FORMAT}”."
            parsed.refuse("invalid_entry", "the format number must be a whole number.", hint, line)
        elif number > FORMAT:
            sentence = f"the file has format {number}, but this Greenlane reads up to format {FORMAT}."
            parsed.refuse("newer_format", sentence, "Open it with a newer Greenlane.", line)
        else:
            return upgrade(entries)
    return None


def _strangers(data: dict[str, Any], parsed: Parsed) -> tuple[Problem, ...]:
    """Takes words and places of what is not there out of the data: they would come back on the wrong step."""
    found: list[Problem] = []
    meaning, words, layout = (_inside(data, each) for each in ("meaning", "words", "layout"))
    steps, notes = _inside(meaning, "steps"), _inside(words, "notes")
    for part, entries, known, what in (
        ("words", _inside(words, "steps"), steps, "step"),
        ("layout", _inside(layout, "steps"), steps, "step"),
        ("layout", _inside(layout, "notes"), notes, "note"),
    ):
        for name in [each for each in entries if each not in known]:
            line = line_at(parsed.lines, (part, f"{what}s", name))
            found.append(
                Problem(
                    "words_without_step",
                    f"{_line(line)}there is no {what} “{name}”, so its {part} are left out.",
                    did_you_mean(name, known if len(found) < MOST_HINTS else ()),
                    "warning",
                )
            )
            del entries[name]
    return tuple(found)


def _inside(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _problem(error: Mapping[str, Any], parsed: Parsed) -> Problem:
    """What the model found, as a problem at its step, with its line."""
    path: Path = tuple(each for each in error["loc"] if each != "[key]")
    kind, about_key = error["type"], "[key]" in error["loc"]
    line, name = line_at(parsed.lines, path), str(path[-1]) if path else ""
    step = str(path[2]) if path[1:2] == ("steps",) and len(path) > 2 else None
    owner = f" of the step “{step}”" if step and len(path) > 3 else ""
    field = ".".join(str(each) for each in path[4:]) if path[3:4] == ("settings",) else None
    place = f"{_line(line)}“{name if owner else '.'.join(str(each) for each in path)}”{owner}"
    match kind:
        case "extra_forbidden":
            known = _ENTRIES.get(tuple("" if index == 2 else str(each) for index, each in enumerate(path[:-1])), ())
            hint = did_you_mean(name, known) or "Remove it."
            return Problem("unknown_entry", f"{place} is an entry nobody knows.", hint, step=step)
        case _ if path[:2] == ("layout", "steps") and step and not about_key:
            sentence = f"{_line(line)}the place of the step “{step}” must be two numbers, like [120, 80]."
            return Problem("invalid_entry", sentence, step=step)
        case "missing":
            return Problem("missing_entry", f"{place} is missing.", step=step)
        case "string_pattern_mismatch" if about_key:
            return Problem("invalid_entry", f"{_line(line)}“{name}” cannot be used as an id.", _NAMES)
        case "string_pattern_mismatch":
            shown = str(error.get("input"))[:80]
            return Problem("invalid_entry", f"{place} cannot be “{shown}”.", _HINTS.get(name, _NAMES), step=step)
        case _:
            sentence = f"{place} {demand(error)}." if name else f"{_line(line)}the file {demand(error)}."
            return Problem("invalid_entry", sentence, step=step, field=field)


def _line(line: int | None) -> str:
    return f"Line {line}: " if line else ""
