"""The reference page of all step types, as Markdown: `docs/steps.md` is this and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator

from nodes.catalogue.description import Described, DescribedOutput
from nodes.catalogue.field_specs import FieldSpec
from nodes.catalogue.loading import CATEGORIES, Catalogue

_EFFECTS = {
    "spend": "costs money or tokens",
    "network": "sends something out",
    "read": "reads what Greenlane keeps",
    "write": "changes something elsewhere",
    "compute": "runs code that a person wrote, in a sandbox",
    "wait": "may wait for a time or a person",
}


def document(catalogue: Catalogue) -> str:
    """Every step type with its settings, outputs and examples."""
    lines = ["# Step types", "", "<!-- Made from the classes in nodes/ by `greenlane docs`. Do not edit. -->"]
    described = catalogue.describe()
    for category, title in CATEGORIES.items():
        steps = [each for each in described if each["category"] == category]
        if steps:
            lines += ["", f"## {title}"]
        for each in steps:
            lines += _step(each)
    return "\n".join(lines) + "\n"


def _step(each: Described) -> Iterator[str]:
    yield from ("", f"### {each['label']}", "", f"`{each['type']}` · version {each['version']}")
    if each["broken"]:
        yield from ("", f"**Cannot be used:** {each['broken']}")
        return
    yield from ("", each["summary"])
    if each["help"]:
        yield from ("", each["help"])
    if each["effects"]:
        yield from ("", f"This step {' and '.join(_EFFECTS[effect] for effect in each['effects'])}.")
    if each["fields"]:
        yield from ("", "| Setting | | |", "| --- | --- | --- |", *_fields(each["fields"]))
    if each["outputs"]:
        yield from ("", "| Output | | |", "| --- | --- | --- |", *_outputs(each["outputs"]))
    for example in each["examples"]:
        leaves = "" if example["exit"] == "done" else f" (leaves by `{example['exit']}`)"
        yield from ("", f"**{example['title']}**{leaves}", "")
        yield from ("```json", _json(example["settings"]), "```", "")
        if example["fails"]:
            yield f"fails (`{example['fails']}`)."
        else:
            yield from ("gives", "", "```json", _json(example["output"]), "```")


def _fields(fields: list[FieldSpec], inside: str = "") -> Iterator[str]:
    for each in fields:
        name = f"{inside}{each['name']}"
        kind = (
            each["control"]
            + (", required" if each["required"] else "")
            + (", takes references" if each["dynamic"] else "")
        )
        words = " ".join(part for part in (f"**{each['label']}.**", each["help"], _choices(each)) if part)
        yield f"| `{name}` | {kind} | {_cell(words)} |"
        yield from _fields(each["fields"], f"{name}[]." if each["control"] == "rows" else f"{name}.")


def _choices(each: FieldSpec) -> str:
    options = "; ".join(f"`{option['value']}` {option['label']}" for option in each["options"])
    return f"One of: {options}." if options else ""


def _outputs(outputs: list[DescribedOutput], inside: str = "") -> Iterator[str]:
    for each in outputs:
        yield f"| `{inside}{each['name']}` | {each['kind']} | {_cell(each['description'])} |"
        yield from _outputs(each["fields"], f"{inside}{each['name']}.")


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
