"""`data.code`: compute with a few lines of Python or JavaScript."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, cast

from nodes.sdk import (
    TEXT,
    Context,
    Control,
    Effect,
    Example,
    Language,
    Node,
    Result,
    Shape,
    StepFailed,
    Trouble,
    field,
)
from nodes.sdk.fields import Source
from nodes.sdk.named import Declared, Given, Kind, misfit, name_troubles, spoken, values_of
from nodes.sdk.words import listed, quoted

MAIN, PRINTED = "main", "printed"
_HAS_MAIN = re.compile(r"\bmain\b")


class Written(StrEnum):
    """In what the code is written."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"

    @property
    def label(self) -> str:
        """The word in the form and in sentences."""
        return {"python": "Python", "javascript": "JavaScript"}[self]


_AS: dict[Written, Language] = {Written.PYTHON: "python", Written.JAVASCRIPT: "javascript"}


class Code(Node, label="Code", icon="code", effects=(Effect.COMPUTE,)):
    """Compute with a few lines of Python or JavaScript.

    Write a function `main`. In Python it takes the inputs by name, `def main(amount, rate):`; in JavaScript as one
    object, `function main({amount, rate}) {`. It returns an object with exactly the outputs you declare, each of its
    kind or null. The code runs in a closed cage: it reaches no file, no network and no other step. Python has the
    language without `yield` and without classes that inherit, its texts, lists and dictionaries, and modules such as
    `json`, `re`, `datetime`, `math`, `random`, `base64`, `collections` and `urllib.parse`; no other libraries. What it
    prints is kept with the step.
    """

    inputs: list[Given] = field("Inputs", "What the code may use, by name.", default=[], row="input", max_length=50)
    language: Written = field("Language", default=Written.PYTHON)
    code: Source = field("Code", default="", control=Control.CODE, max_length=60_000)
    # in a document this setting is `outputs`; that name belongs to the method of every node
    results: list[Declared] = field(
        "Outputs", "What main returns, by name.", default=[], row="output", alias="outputs", max_length=50
    )
    seconds: float = field("Longest time", "In seconds.", default=2.0, gt=0, le=60, advanced=True)

    examples = (
        Example(
            "Add tax to every item (Python)",
            settings={
                "inputs": [{"name": "items", "value": [{"net": 100}, {"net": 19.5}]}, {"name": "rate", "value": 0.19}],
                "code": (
                    "def main(items, rate):\n"
                    "    net = sum(item['net'] for item in items)\n"
                    "    print('items:', len(items))\n"
                    "    return {'net': net, 'gross': round(net * (1 + rate), 2)}\n"
                ),
                "outputs": [{"name": "net", "kind": "number"}, {"name": "gross", "kind": "number"}],
            },
            output={"net": 119.5, "gross": 142.2, "printed": "items: 2\n"},
        ),
        Example(
            "The initials of a name (JavaScript)",
            settings={
                "inputs": [{"name": "fullName", "value": "Ada King Lovelace"}],
                "language": "javascript",
                "code": (
                    "function main({fullName}) {\n"
                    "  const words = fullName.split(' ');\n"
                    "  return {initials: words.map((word) => word[0]).join('')};\n"
                    "}\n"
                ),
                "outputs": [{"name": "initials", "kind": "text"}],
            },
            output={"initials": "AKL", "printed": ""},
        ),
    )

    def outputs(self) -> dict[str, Shape]:
        """What was declared, and what the code printed."""
        found = {each.name: each.kind.shape for each in self.results}
        return found | {PRINTED: TEXT.model_copy(update={"description": "What the code printed"})}

    def troubles(self) -> list[Trouble]:
        """No `main`, no outputs, or names code cannot use."""
        found: list[Trouble] = []
        if not self.code.strip():
            found.append(Trouble("code", "missing", "Write the code: a function called main."))
        elif not _HAS_MAIN.search(self.code):
            found.append(Trouble("code", "no_main", "The code needs a function called main."))
        found += name_troubles([each.name for each in self.inputs], "inputs", "input", {MAIN: "the function"})
        if not self.results:
            found.append(Trouble("outputs", "missing", "Declare what the code hands on: a name and a kind each."))
        names = [each.name for each in self.results]
        found += name_troubles(names, "outputs", "output", {PRINTED: "what the code prints"}, keys=True)
        return found

    def explain(self) -> str:
        """What code computes from what."""
        made = listed([f"“{each.name}” ({each.kind.word})" for each in self.results]) or "nothing"
        given = listed([f"{quoted(each.value)} (as “{each.name}”)" for each in self.inputs])
        lines = len(self.code.strip().splitlines())
        with_ = f" from {given}" if given else ""
        return (
            f"Runs {lines} line{'' if lines == 1 else 's'} of {self.language.label}"
            f" in the sandbox and takes {made}{with_}."
        )

    async def run(self, ctx: Context) -> Result:
        """Run it, and check what it returns."""
        ran = await ctx.sandbox.run(
            _AS[self.language], self.code, values_of(self.inputs), entry=MAIN, seconds=self.seconds
        )
        return self._checked(ran.value) | {PRINTED: ran.printed}

    def _checked(self, value: Any) -> dict[str, Any]:
        """Exactly the declared outputs, each of its kind or nothing; yes counts as 1 where a number is declared. Raises
        `StepFailed`."""
        if not isinstance(value, dict):
            raise _wrong(f"The function main returned {spoken(value)}, and not an object with the outputs by name.")
        made = cast("dict[str, Any]", value)
        declared = {each.name: each.kind for each in self.results}
        if missing := [f"“{name}”" for name in declared if name not in made]:
            raise _wrong(f"The function main did not return {listed(missing)}.")
        if more := [f"“{name}”" for name in made if name not in declared]:
            raise _wrong(f"The function main returned {listed(more)}, which is not declared as an output.")
        for name, kind in declared.items():
            if kind is Kind.NUMBER and isinstance(made[name], bool):
                made[name] = int(made[name])
            if made[name] is not None and (wrong := misfit(made[name], kind)):
                raise _wrong(f"The output “{name}” {wrong}.")
        return made


def _wrong(sentence: str) -> StepFailed:
    return StepFailed(sentence, code="code_output_wrong", hint="Change what main returns, or the declared outputs.")
