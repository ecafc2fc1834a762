"""`data.template`: write a text with repetitions and conditions in it."""

from __future__ import annotations

from enum import StrEnum

from nodes.sdk import Context, Control, Effect, Example, Node, Output, Result, Trouble, field, output
from nodes.sdk.fields import Source
from nodes.sdk.named import Given, name_troubles, values_of
from nodes.sdk.words import listed, quoted


class Missing(StrEnum):
    """What becomes of a name in the template that has no value."""

    FAILS = "fails"
    EMPTY = "empty"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {
            "fails": "Fails the step; a value that is nothing is left out",
            "empty": "Is left out, as in plain Jinja; a value that is nothing is written “None”",
        }[self.value]


class Template(Node, label="Template", icon="file-text", effects=(Effect.COMPUTE,)):
    """Write a text with repetitions and conditions in it.

    The language is Jinja: `{{ name }}` puts a value in, `{% for row in rows %} … {% endfor %}` repeats,
    `{% if total > 100 %} … {% endif %}` decides. For a text with values in it and no more than that, every text field
    of every step will do. It is written in a closed cage that reaches no file, no network and no other step.
    """

    inputs: list[Given] = field("Values", "What the template may use, by name.", default=[], row="value",
                                max_length=50)  # fmt: skip
    template: Source = field("Template", default="", control=Control.CODE, example="Dear {{ name }},",
                             max_length=60_000)  # fmt: skip

    missing: Missing = field("What is missing", default=Missing.FAILS, advanced=True)

    class Output(Output):
        """The text."""

        output: str = output("The text, written")

    examples = (
        Example(
            "A list with a total",
            settings={
                "inputs": [
                    {"name": "rows", "value": [{"what": "Chair", "price": 80}, {"what": "Desk", "price": 320}]},
                    {"name": "customer", "value": "Ada"},
                ],
                "template": (
                    "Dear {{ customer }},\n"
                    "{% for row in rows %}\n"
                    "{{ loop.index }}. {{ row.what }}: {{ row.price }} €\n"
                    "{%- endfor %}\n"
                    "{%- if rows | length > 1 %}\n"
                    "Together {{ rows | sum(attribute='price') }} €.\n"
                    "{%- endif %}"
                ),
            },
            output={"output": "Dear Ada,\n\n1. Chair: 80 €\n2. Desk: 320 €\nTogether 400 €."},
        ),
    )

    def troubles(self) -> list[Trouble]:
        """Nothing to write, or names no template can use."""
        found = [] if self.template.strip() else [Trouble("template", "missing", "Write the template.")]
        return found + name_troubles([each.name for each in self.inputs], "inputs", "value")

    def explain(self) -> str:
        """What is written from what."""
        given = listed([f"{quoted(each.value)} (as “{each.name}”)" for each in self.inputs])
        count = len(self.template.strip().splitlines())
        lines = f"{count} line{'' if count == 1 else 's'}"
        return f"Writes a text by a template of {lines}{f' with {given}' if given else ''}."

    async def run(self, ctx: Context) -> Result:
        """Write it."""
        plain = "plain" if self.missing is Missing.EMPTY else ""
        ran = await ctx.sandbox.run("jinja", self.template, values_of(self.inputs), entry=plain)
        return self.Output(output=ran.value)
