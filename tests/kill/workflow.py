"""What is run: pure steps, branches, joins, variables, two model calls, and for some a wait for a person; and what must
come out of it."""

from typing import Any

NAME = "kill"

SOURCE = b"""
greenlane: 1
name: kill
words: {title: Kill}
meaning:
  variables:
    total: {kind: number, start: 0}
  steps:
    start:
      type: flow.start
      settings:
        inputs:
          - {name: word, kind: text}
          - {name: number, kind: number}
    one: {type: flow.set_value, settings: {variable: total, operation: add, value: 1}}
    way:
      type: flow.branch
      settings:
        cases:
          - id: high
            conditions: [{left: "{{ start.number }}", operator: greater, right: 5}]
    high: {type: ai.ask_model, settings: {alias: fast, messages: [{role: user, text: "high {{ start.word }}"}]}}
    low: {type: ai.ask_model, settings: {alias: fast, messages: [{role: user, text: "low {{ start.word }}"}]}}
    found: {type: flow.first_available, settings: {values: ["{{ high.text }}", "{{ low.text }}"]}}
    big:
      type: flow.branch
      settings:
        cases:
          - id: ask
            conditions: [{left: "{{ start.number }}", operator: greater, right: 99}]
    ask:
      type: people.approve
      settings: {title: "May {{ start.word }} go on?", approvers: [Killers]}
    ten: {type: flow.set_value, settings: {variable: total, operation: add, value: 10}}
    again: {type: ai.ask_model, settings: {alias: fast, messages: [{role: user, text: "{{ found.output }}!"}]}}
    finish:
      type: flow.finish
      settings:
        outputs:
          - {name: answer, value: "{{ again.text }}"}
          - {name: total, value: "{{ variables.total }}"}
  edges:
    - {from: start, to: one}
    - {from: one, to: way}
    - {from: way.high, to: high}
    - {from: way.else, to: low}
    - {from: high, to: found}
    - {from: low, to: found}
    - {from: found, to: big}
    - {from: big.ask, to: ask}
    - {from: big.else, to: ten}
    - {from: ask.approved, to: ten}
    - {from: ten, to: again}
    - {from: again, to: finish}
"""


ALL = "kill-all"
"""the same with every other kind of step that has an effect: it calls a host, runs code, and waits for a time"""
_MORE = """
    tell:
      type: connect.call_http
      settings:
        method: POST
        url: "{url}/chat/completions"
        body: json
        value: {{model: told, messages: [{{role: user, content: "{{{{ start.word }}}}"}}]}}
    twice:
      type: data.code
      settings:
        inputs: [{{name: number, value: "{{{{ start.number }}}}"}}]
        code: "def main(number):\n    return {{'twice': number * 2}}\n"
        outputs: [{{name: twice, kind: number}}]
    rest: {{type: flow.wait, settings: {{amount: "{{{{ start.rest }}}}", unit: seconds}}}}
    finish:"""
_EDGES = """{from: again, to: tell}
    - {from: tell, to: twice}
    - {from: twice, to: rest}
    - {from: rest, to: finish}"""
RESTS, BLINKS = 11, 0.01
"""seconds: longer than a run stays in memory for, and shorter"""


def everything(url: str) -> bytes:
    """The workflow `ALL`, whose host is the scripted model's."""
    changes = (
        ("name: kill\nwords: {title: Kill}", f"name: {ALL}\nwords: {{title: Kill all}}"),
        ("{name: number, kind: number}\n", "{name: number, kind: number}\n          - {name: rest, kind: number}\n"),
        ("\n    finish:", _MORE.format(url=url)),
        ('value: "{{ variables.total }}"}\n', 'value: "{{ variables.total }}"}\n          - {name: told,'
         ' value: "{{ tell.status_code }}"}\n          - {name: twice, value: "{{ twice.twice }}"}\n'),
        ("{from: again, to: finish}", _EDGES),
    )  # fmt: skip
    source = SOURCE.decode()
    for before, after in changes:
        assert source.count(before) == 1, f"where is {before!r}?"
        source = source.replace(before, after)
    return source.encode()


def inputs_of(number: int, *, asks: bool = False, rest: float | None = None) -> dict[str, Any]:
    """The inputs of the client's nth start; a run that asks waits for a person. `rest` is for `ALL`."""
    inputs = {"word": f"w{number}", "number": 100 if asks else number % 11}
    return inputs if rest is None else inputs | {"rest": rest}


def outputs_of(inputs: dict[str, Any]) -> dict[str, Any]:
    """What a run with these inputs must hand back; the scripted model repeats what it is asked."""
    way = "high" if inputs["number"] > 5 else "low"
    outputs = {"answer": f"You said: You said: {way} {inputs['word']}!", "total": 11}
    return outputs | {"told": 200, "twice": inputs["number"] * 2} if "rest" in inputs else outputs
