"""`flow.start`: what a run is started with."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, cast

from nodes.sdk import Context, Control, Draw, Example, Node, Result, Shape, Trouble, field, is_file
from nodes.sdk.answer import shared_troubles
from nodes.sdk.inputs import OF_FILES, Input, InputError, InputKind, counts, read_input
from nodes.sdk.named import key_troubles
from nodes.sdk.reading import is_empty
from nodes.sdk.words import listed, shortened

MESSAGE = "message"


class Opening(StrEnum):
    """How a run begins."""

    FORM = "form"
    CHAT = "chat"
    WEBHOOK = "webhook"
    SCHEDULE = "schedule"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {
            "form": "A form",
            "chat": "A chat message",
            "webhook": "A call from another system",
            "schedule": "A schedule",
        }[self]


class Start(Node, label="Start", icon="play"):
    """Begin here: what a run needs to know before it starts.

    Each input becomes a field of the form, an argument of the API and a value later steps refer to as
    `{{ start.name }}`. A chat also brings `message`, what the person wrote.
    """

    kind: Opening = field("Begins with", default=Opening.FORM)
    inputs: list[Input] = field(
        "Inputs", "What is asked before the run starts.", default=[], row="input", max_length=100
    )
    opening: str = field(
        "It begins with", "What whoever chats reads before they have said anything.", default="",
        control=Control.PARAGRAPH, when=("kind", Opening.CHAT), max_length=5_000,
    )  # fmt: skip
    suggestions: list[str] = field(
        "Suggested messages", "What may be asked, to be sent with one click.", default=[], row="message",
        when=("kind", Opening.CHAT), max_length=10,
    )  # fmt: skip

    examples = (
        Example(
            "A form with a ticket and its language",
            settings={
                "inputs": [
                    {"name": "ticket", "kind": "paragraph"},
                    {"name": "language", "kind": "choice", "options": ["English", "German"], "default": "English"},
                ]
            },
            inputs={"ticket": "My invoice is wrong.", "language": "German"},
            output={"ticket": "My invoice is wrong.", "language": "German"},
        ),
        Example("A chat", settings={"kind": "chat"}, inputs={"message": "Hello"}, output={"message": "Hello"}),
    )

    def asked(self) -> list[Input]:
        """All inputs, with the message a chat brings by itself."""
        message = [Input(name=MESSAGE, kind=InputKind.PARAGRAPH, blank=True)] if self.kind is Opening.CHAT else []
        return [*message, *self.inputs]

    def outputs(self) -> dict[str, Shape]:
        """One value for each input, by its name."""
        return {each.name: each.kind.shape for each in self.asked()}

    def draws(self) -> list[Draw]:
        """What is entered, input by input."""
        return [Draw("input", each.name, each.data_class, frozenset(each.tags), each.name) for each in self.asked()]

    def check_inputs(self, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Trouble]]:
        """Convert what a form, the API or the command line gives, and name every problem by its input.

        Text is read as the kind asks for ("3" as a number, "yes", "2026-11-03", lines as a list). A missing input
        becomes its default, or nothing. The values are complete only when there are no problems.
        """
        asked = {each.name: each for each in self.asked()}
        values: dict[str, Any] = {}
        problems = [_stranger(name, list(asked)) for name in raw if name not in asked]
        for name, each in asked.items():
            given = raw.get(name)
            try:
                values[name] = read_input(each, each.default if is_empty(given) and not counts(each, given) else given)
            except InputError as error:
                problems.append(Trouble(name, "bad_input", f"“{name}” {error}."))
        return values, problems

    def check_files(self, values: Mapping[str, Any]) -> list[Trouble]:
        """Name every file that is none of those its input takes; to be asked when it is known what the files are."""
        problems: list[Trouble] = []
        for each in self.asked():
            value = values.get(each.name) if each.kind in OF_FILES else None
            for file in cast("list[Any]", value) if isinstance(value, list) else [value]:
                if is_file(file) and (wrong := each.misfit(file)):
                    problems.append(Trouble(each.name, "bad_input", f"“{each.name}” {wrong}."))
        return problems

    def troubles(self) -> list[Trouble]:
        """Names that are taken or no names, choices without options, limits and defaults that contradict."""
        taken = {MESSAGE: "the message"} if self.kind is Opening.CHAT else None
        found = key_troubles([each.name for each in self.inputs], "inputs", "input", taken)
        for number, each in enumerate(self.inputs):
            found += [Trouble(f"inputs.{number}.{name}", code, text) for name, code, text in self._troubles_of(each)]
        return found

    def _troubles_of(self, each: Input) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = []
        if each.kind is InputKind.CHOICE and not each.options:
            found.append(("options", "no_options", f"“{each.name}” is a choice without options. Add at least one."))
        if each.min is not None and each.max is not None and each.min > each.max:
            found.append(
                (
                    "min",
                    "empty_range",
                    f"“{each.name}” must be at least {each.min:g} and at most {each.max:g}: nothing fits.",
                )
            )
        wrong = shared_troubles(each.json_schema, f"The schema of “{each.name}”") if each.json_schema else []
        found += [("json_schema", "bad_schema", sentence) for sentence in wrong]
        if is_empty(each.default) and self.kind is Opening.SCHEDULE and each.required:
            text = f"A schedule asks nobody: give “{each.name}” a default or make it optional."
            found.append(("default", "nobody_asked", text))
        elif not (is_empty(each.default) or wrong):
            found += _trouble_of_default(each)
        return found

    def explain(self) -> str:
        """What begins a run and what is asked."""
        names = [f"“{each.name}”" + ("" if each.required else " (optional)") for each in self.inputs]
        begins = {
            "form": "a form",
            "chat": "a chat message",
            "webhook": "a call from another system",
            "schedule": "a schedule",
        }[self.kind]
        return f"A run begins with {begins}" + (f" and gets {listed(names)}." if names else ".")

    async def run(self, ctx: Context) -> Result:
        """Hand on the inputs, which were checked when the run was started."""
        return {each.name: ctx.inputs.get(each.name) for each in self.asked()}


def _trouble_of_default(each: Input) -> list[tuple[str, str, str]]:
    if each.kind in OF_FILES:
        return [("default", "bad_default", f"“{each.name}” is a file: it has no default.")]
    try:
        read_input(each, each.default)
    except InputError as error:
        return [("default", "bad_default", f"The default of “{each.name}” {error}.")]
    return []


def _stranger(name: str, known: list[str]) -> Trouble:
    inputs = f"The inputs are {listed(known)}." if known else "This workflow has no inputs."
    return Trouble(name, "unknown_input", f"There is no input “{shortened(name)}”. {inputs}")
