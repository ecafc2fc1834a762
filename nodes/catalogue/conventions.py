"""What a step type's file must keep. Every breach is a sentence that says how to repair it."""

from __future__ import annotations

from inspect import cleandoc, iscoroutinefunction
from types import ModuleType

from nodes.catalogue.field_specs import FieldSpec, field_specs
from nodes.sdk import Control, Effect, Node, Output
from nodes.sdk.words import is_name

LONGEST_SUMMARY = 90
"""characters of the docstring's first line: it is the tooltip in the palette"""


class Broken(Exception):
    """A file that is no step type; the message says the fix."""


def the_node_of(module: ModuleType, type_id: str) -> type[Node]:
    """The one node class of a file, with its type id set. Raises `Broken` with everything that has to be repaired."""
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Node) and each.__module__ == module.__name__
    ]
    if len(found) != 1:
        classes = "no class" if not found else f"{len(found)} classes ({', '.join(each.__name__ for each in found)})"
        raise Broken(f"A file is one step type, but this one has {classes} that inherit from Node. Keep exactly one.")
    (node,) = found
    node.type_id = type_id
    if breaches := [*_breaches_of_words(node), *_breaches_of_fields(node), *_breaches_of_work(node)]:
        raise Broken(" ".join(breaches))
    return node


def summary_and_help(node: type[Node]) -> tuple[str, str]:
    """The docstring as tooltip (first line) and help (the rest)."""
    summary, _, rest = cleandoc(node.__doc__ or "").partition("\n")
    return summary.strip(), rest.strip()


def _breaches_of_words(node: type[Node]) -> list[str]:
    name, found = node.__name__, list[str]()
    summary, _ = summary_and_help(node)
    if "__doc__" not in vars(node) or not summary:
        found.append(f"Give {name} a docstring: its first line is the tooltip, the rest the help.")
    elif len(summary) > LONGEST_SUMMARY:
        found.append(
            f"Shorten the first line of the docstring of {name} from {len(summary)} to {LONGEST_SUMMARY} characters."
        )
    if not node.label:
        found.append(f'Name the step: class {name}(Node, label="…", icon="…").')
    if node.icon == "box":
        found.append(f'Give the step a picture: class {name}(Node, label="…", icon="…").')
    if not node.examples:
        found.append(f"Show how {name} is used: examples = (Example(…),).")
    return found


def _breaches_of_fields(node: type[Node]) -> list[str]:
    found: list[str] = []
    waiting: list[tuple[str, FieldSpec]] = [("", each) for each in field_specs(node)]
    while waiting:
        inside, each = waiting.pop(0)
        name = f"{inside}{each['name']}"
        if not is_name(each["name"]):
            found.append(f"Rename the field “{name}”: small letters, digits and underscores.")
        if not each["label"]:
            found.append(f"Give the field “{name}” a label: {each['name']}: … = field(“Label”, …).")
        waiting += [(f"{name}.", inner) for inner in each["fields"]]
    return found


def _breaches_of_work(node: type[Node]) -> list[str]:
    name, found = node.__name__, list[str]()
    if not iscoroutinefunction(node.run) or node.run is Node.run:
        found.append(f"Write “async def run(self, ctx: Context) -> Result” in {name}.")
    declared = getattr(node, "Output", None)
    if declared is not None and not (isinstance(declared, type) and issubclass(declared, Output)):
        found.append(f"Write “class Output(Output)” inside {name}, with the base from nodes.sdk.")
    elif declared is not None:
        silent = [field for field, info in declared.model_fields.items() if not info.description]
        found += [f"Say what the output “{field}” holds: {field}: … = output(“…”)." for field in silent]
    elif node.outputs is Node.outputs:
        found.append(f"Say what {name} hands on: a class Output inside it, or its own outputs().")
    asks = any(each["control"] == Control.ALIAS for each in field_specs(node))
    if asks and not {Effect.SPEND, Effect.NETWORK} <= node.effects:
        found.append(f"{name} asks a model: declare effects=(Effect.SPEND, Effect.NETWORK).")
    return found
