"""The same workflow with every other type of step that has an effect, most of them side by side; and what must come out
of it. Its host answers like the scripted model, and has a table to download."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import Any

from tests.kill import workflow
from tests.kill.workflow import SOURCE
from tests.support.loopback import Request
from tests.support.model_server import Call, ModelServer, _send

ALL = "kill-all"
RESTS, BLINKS = 11, 0.01
"""seconds: longer than a run stays in memory for, and shorter"""
BASE = "killed"
"""title and name of the knowledge base that is searched"""
FACT = "Everybody has thirty days of leave in a year."
TABLE = b"what,amount\nchair,3\ndesk,4\n"

_STEPS = """
    tell:
      type: connect.call_http
      settings:
        method: POST
        url: "{url}/chat/completions"
        body: json
        value: {{model: told, messages: [{{role: user, content: "{{{{ start.word }}}}"}}]}}
    fetch: {{type: connect.call_http, settings: {{url: "{url}/table", take: file}}}}
    read: {{type: data.read_file, settings: {{file: "{{{{ fetch.files.0 }}}}"}}}}
    sum: {{type: data.lists, settings: {{entries: "{{{{ read.rows }}}}", add_up: amount}}}}
    part: {{type: data.json, settings: {{value: '{{"a": {{"b": 5}}}}', path: a.b}}}}
    twice:
      type: data.code
      settings:
        inputs: [{{name: number, value: "{{{{ start.number }}}}"}}]
        code: "def main(number):\\n    return {{'twice': number * 2}}\\n"
        outputs: [{{name: twice, kind: number}}]
    thrice:
      type: data.calculate
      settings: {{inputs: [{{name: number, value: "{{{{ start.number }}}}"}}], formula: number * 3}}
    letter:
      type: data.template
      settings: {{inputs: [{{name: word, value: "{{{{ start.word }}}}"}}], template: "Dear {{{{ word }}}},"}}
    kind:
      type: ai.classify
      settings: {{text: "{{{{ start.word }}}}", classes: [{{id: a, name: A}}, {{id: b, name: B}}]}}
    colour:
      type: ai.extract
      settings: {{text: "{{{{ start.word }}}}", parameters: [{{name: colour, kind: choice, options: [red, blue]}}]}}
    look: {{type: knowledge.search, settings: {{bases: [{base}], query: How many days of leave?, min_score: 0}}}}
    rest: {{type: flow.wait, settings: {{amount: "{{{{ start.rest }}}}", unit: seconds}}}}
    finish:"""
_BESIDE = ("tell", "part", "twice", "thrice", "letter", "colour", "look", "rest")
"""steps between start and finish"""
_EDGES = "".join(f"\n    - {{from: start, to: {step}}}\n    - {{from: {step}, to: finish}}" for step in _BESIDE)
_CHAIN = """{from: again, to: finish}
    - {from: start, to: fetch}
    - {from: fetch, to: read}
    - {from: read, to: sum}
    - {from: sum, to: finish}
    - {from: start, to: kind}
    - {from: kind.a, to: finish}
    - {from: kind.b, to: finish}"""
_OUTPUTS = {
    "told": "tell.status_code", "sum": "sum.sum", "part": "part.output", "twice": "twice.twice",
    "thrice": "thrice.output", "letter": "letter.output", "kind": "kind.class_id", "colour": "colour.colour",
    "found": "look.result.0.content",
}  # fmt: skip


def everything(url: str, base: str = BASE) -> bytes:
    """The workflow `ALL`, whose host is the scripted model's."""
    outputs = "".join(f'\n          - {{name: {name}, value: "{{{{ {where} }}}}"}}' for name, where in _OUTPUTS.items())
    total = '- {name: total, value: "{{ variables.total }}"}'
    changes = (
        ("name: kill\nwords: {title: Kill}", f"name: {ALL}\nwords: {{title: Kill all}}"),
        ("{name: number, kind: number}\n", "{name: number, kind: number}\n          - {name: rest, kind: number}\n"),
        ("\n    finish:", _STEPS.format(url=url, base=base)),
        (total, total + outputs),
        ("{from: again, to: finish}", _CHAIN + _EDGES),
    )
    source = SOURCE.decode()
    for before, after in changes:
        assert source.count(before) == 1, f"where is {before!r}?"
        source = source.replace(before, after)
    return source.encode()


def inputs_of(number: int) -> dict[str, Any]:
    """The inputs of the clients' nth start: one of three waits for a person, one of seventeen for a time."""
    return workflow.inputs_of(number, asks=number % 3 == 0) | {"rest": RESTS if number % 17 == 0 else BLINKS}


def outputs_of(inputs: dict[str, Any]) -> dict[str, Any]:
    """What a run with these inputs must hand back."""
    number, word = inputs["number"], inputs["word"]
    return workflow.outputs_of(inputs) | {
        "told": 200, "sum": 7, "part": 5, "twice": number * 2, "thrice": number * 3, "letter": f"Dear {word},",
        "kind": "a", "colour": "red", "found": FACT,
    }  # fmt: skip


class Host(ModelServer):
    """The scripted model, and a table."""

    async def answer(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if request.path != "/v1/table":
            return await super().answer(request, reader, writer)
        self._note(Call(request.path, request.headers, {"model": "table"}))
        return _send(writer, 200, TABLE, {"Content-Type": "text/csv"})


async def _serve(log: Path, delay_s: float) -> None:
    host = Host(0, log, delay_s)
    async with await host.listen() as listening:
        print(host.url, flush=True)
        await listening.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The host and the model of the workflow that is killed.")
    parser.add_argument("log", type=Path)
    asyncio.run(_serve(parser.parse_args().log, 0.004))
