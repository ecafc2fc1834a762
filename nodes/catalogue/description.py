"""A step type as data: what palette, form, help and command line are made from."""

from __future__ import annotations

from typing import Any, TypedDict

from nodes.catalogue.conventions import summary_and_help
from nodes.catalogue.field_specs import FieldSpec, field_specs
from nodes.sdk import Example, Node, Shape


class DescribedExit(TypedDict):
    """A way out."""

    id: str
    label: str


class DescribedOutput(TypedDict):
    """One value later steps may refer to; `fields` are those of an object."""

    name: str
    kind: str
    description: str
    fields: list[DescribedOutput]


class DescribedExample(TypedDict):
    """One shown use."""

    title: str
    settings: dict[str, Any]
    output: dict[str, Any]
    exit: str
    fails: str
    """the code of the failure it ends with; empty: it works"""


class Described(TypedDict):
    """A step type. `broken` is the sentence that says why it cannot be used, and how to repair it."""

    type: str
    version: int
    label: str
    icon: str
    category: str
    summary: str
    help: str
    effects: list[str]
    container: str
    """how it holds other steps: `each`, `repeat`; empty: it holds none"""
    fields: list[FieldSpec]
    exits: list[DescribedExit]
    outputs: list[DescribedOutput]
    examples: list[DescribedExample]
    broken: str | None


def described(node: type[Node]) -> Described:
    """A step type; exits and outputs are those of a step that was just dropped."""
    blank = node.blank()
    summary, help_ = summary_and_help(node)
    return Described(
        type=node.type_id,
        version=node.version,
        label=node.label,
        icon=node.icon,
        category=node.type_id.partition(".")[0],
        summary=summary,
        help=help_,
        effects=sorted(node.effects),
        container=node.container,
        fields=field_specs(node),
        exits=[DescribedExit(id=each.id, label=each.label) for each in blank.exits()],
        outputs=described_outputs(blank.outputs()),
        examples=[_example(each) for each in node.examples],
        broken=None,
    )


def described_broken(type_id: str, sentence: str) -> Described:
    """A file that is no step type yet: shown, so that it is missed by nobody, and not usable."""
    category, _, name = type_id.partition(".")
    return Described(
        type=type_id, version=0, label=name.replace("_", " ").capitalize(), icon="box", category=category, summary="",
        help="", effects=[], container="", fields=[], exits=[], outputs=[], examples=[], broken=sentence,
    )  # fmt: skip


def described_outputs(outputs: dict[str, Shape]) -> list[DescribedOutput]:
    """What a step hands on, with the insides of its objects."""
    return [
        DescribedOutput(
            name=name, kind=str(shape.kind), description=shape.description, fields=described_outputs(shape.fields)
        )
        for name, shape in outputs.items()
    ]


def _example(each: Example) -> DescribedExample:
    return DescribedExample(
        title=each.title, settings=each.settings, output=each.output, exit=each.exit, fails=each.fails
    )
