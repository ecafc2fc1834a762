"""What is measured: chains of pure steps, a fan-out of waits, a flow of thirty steps, one call."""

import asyncio
from typing import Any

from nodes.sdk import Effect, Node, Text, field, output
from nodes.sdk import Output as StepOutput
from runtime.graph.plan import Plan
from tests.support.engine_room import Drawn, Give, draw, reading, step

FLOW = "bench-flow"
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
    lines = [
        f"greenlane: 1\nname: {FLOW}\nwords: {{title: {FLOW}}}\nmeaning:\n  steps:",
        "    s0: {type: flow.start, settings: {inputs: [{name: text, kind: text}]}}",
    ]
    for at in range(1, steps - 1):
        value = "{{ s0.text }}" if at == 1 else f"{{{{ s{at - 1}.text }}}}"
        lines.append(f'    s{at}: {{type: data.join_text, settings: {{texts: ["{value}", "x"], between: nothing}}}}')
    last = f"{{{{ s{steps - 2}.text }}}}"
    lines.append(f'    s{steps - 1}: {{type: flow.finish, settings: {{outputs: [{{name: text, value: "{last}"}}]}}}}')
    lines.append("  edges:")
    lines += [f"    - {{from: s{at}, to: s{at + 1}}}" for at in range(steps - 1)]
    return "\n".join(lines).encode()
