"""What is run: pure steps, branches, joins, variables, two model calls, and for some a wait for a person; and what must
come out of it. `everything` makes more of it."""

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
    one: {type: flow.set_value, version: 2, settings: {changes: [{variable: total, operation: add, value: 1}]}}
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
    ten: {type: flow.set_value, version: 2, settings: {changes: [{variable: total, operation: add, value: 10}]}}
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


def inputs_of(number: int, *, asks: bool = False) -> dict[str, Any]:
    """The inputs of the client's nth start; a run that asks waits for a person."""
    return {"word": f"w{number}", "number": 100 if asks else number % 11}


def outputs_of(inputs: dict[str, Any]) -> dict[str, Any]:
    """What a run with these inputs must hand back; the scripted model repeats what it is asked."""
    way = "high" if inputs["number"] > 5 else "low"
    return {"answer": f"You said: You said: {way} {inputs['word']}!", "total": 11}
