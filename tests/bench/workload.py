"""What is measured: chains of pure steps, a fan-out of waits, a flow of thirty steps, one call."""

import asyncio
import json
from typing import Any

from nodes.sdk import Effect, Node, Text, field, output
from nodes.sdk import Output as StepOutput
from runtime.graph.plan import Plan
from tests.support.engine_room import Drawn, Give, draw, reading, step

FLOW = "bench-flow"
WORKING = "bench-working"
CODE = {9: "python", 19: "javascript"}
"""the steps of the working flow that are code, by their place"""
CALL = 14
"""and the one that calls another system"""
_SOURCES = {
    "python": "def main(text):\n    return {'text': (text + 'x')[-50:]}",
    "javascript": "function main({text}) { return {text: (text + 'x').slice(-50)} }",
}
WAIT_S = 0.05


class Join(Node, label="Join"):
    """Joins a text and one more letter, and keeps the last fifty."""

    parts: list[Text] = field("Parts", default=[])

    class Output(StepOutput):
        """The text."""

        text: str = output("The text")

    async def run(self, ctx) -> Any:
        return self.Output(text="".join(self.parts)[-50:])


class Wait(Node, label="Wait", effects=(Effect.WAIT,)):
    """Waits 50 ms."""

    value: Any = None

    async def run(self, ctx) -> Any:
        await asyncio.sleep(WAIT_S)
        return {"value": 1}


def chain(count: int) -> Plan:
    """Each step appends a letter to what the one before gave."""

    def after(before: str) -> Any:
        return lambda read: Join(parts=[str(read(before, ("text",)) or ""), "x"])

    first = step("s0", Join(parts=["a"]))
    rest = [Drawn(f"s{at}", Join, (f"s{at - 1}",), after(f"s{at - 1}"), (f"s{at - 1}",)) for at in range(1, count)]
    return draw(first, *rest)


def fan_out(count: int) -> Plan:
    """One step, then so many waits at once, then a join."""
    names = [f"w{at}" for at in range(count)]
    waits = [step(name, Wait(), "s") for name in names]
    return draw(step("s", Give()), *waits, reading("join", Give, names, *names))


def flow(steps: int = 30) -> bytes:
    """A workflow file: start, joins of text, finish."""
    return _file(FLOW, {at: _join(at) for at in range(1, steps - 1)})


def working_flow(url: str, steps: int = 30) -> bytes:
    """The same with a step of Python, one of JavaScript, and one that calls another system."""
    made = {at: _join(at) for at in range(1, steps - 1)}
    made |= {at: _code(at, language) for at, language in CODE.items()}
    made[CALL] = f'connect.call_http, settings: {{url: "{url}"}}'
    made[CALL + 1] = _join(CALL + 1, f"{{{{ s{CALL}.json.state }}}}")
    return _file(WORKING, made)


def _join(at: int, value: str = "") -> str:
    return f'data.join_text, settings: {{texts: ["{value or _before(at)}", "x"], between: nothing}}'


def _code(at: int, language: str) -> str:
    given, told = f'{{name: text, value: "{_before(at)}"}}', "{name: text, kind: text}"
    source = json.dumps(_SOURCES[language])
    return f"data.code, settings: {{inputs: [{given}], language: {language}, code: {source}, outputs: [{told}]}}"


def _before(at: int) -> str:
    return f"{{{{ s{at - 1}.text }}}}"


def _file(name: str, made: dict[int, str]) -> bytes:
    last = len(made) + 1
    lines = [
        f"greenlane: 1\nname: {name}\nwords: {{title: {name}}}\nmeaning:\n  steps:",
        "    s0: {type: flow.start, settings: {inputs: [{name: text, kind: text}]}}",
        *(f"    s{at}: {{type: {each}}}" for at, each in sorted(made.items())),
        f'    s{last}: {{type: flow.finish, settings: {{outputs: [{{name: text, value: "{_before(last)}"}}]}}}}',
        "  edges:",
        *(f"    - {{from: s{at}, to: s{at + 1}}}" for at in range(last)),
    ]
    return "\n".join(lines).encode()
