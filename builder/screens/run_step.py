"""One step of a run in full: what went in and came out, what was said to models, which passages it found."""

import json
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, TypedDict

from builder.components.tree import Line, lines_of
from builder.screens.run_called import NOTHING_CALLED, Called
from builder.texts import money
from builder.wiring import runtime
from runtime.operations.comparing import Compared
from runtime.operations.happened import ModelCall, StepView
from runtime.operations.sources import passages_in

SPEAKERS = {"system": "Instruction", "user": "Message", "assistant": "Answer"}
"""who speaks to whom, in plain words"""
NOTHING: Mapping[str, str] = MappingProxyType({})


class Message(TypedDict):
    """One message as it was sent."""

    role: str
    text: str


class Call(TypedDict):
    """One call of a model."""

    alias: str
    model: str
    tokens: str
    cost: str
    messages: list[Message]


class Passage(TypedDict):
    """A passage a search found."""

    number: str
    title: str
    page: str
    score: str
    text: str
    link: str


class Inspected(TypedDict):
    """The open step in full."""

    step: str
    input: list[Line]
    output: list[Line]
    raw: str
    error: str
    hint: str
    went: bool
    """whether the run went on after the error"""
    calls: list[Call]
    passages: list[Passage]
    called: Called
    """the workflow it calls"""


NOTHING_OPEN = Inspected(
    step="", input=[], output=[], raw="", error="", hint="", went=False, calls=[], passages=[],
    called=NOTHING_CALLED,
)  # fmt: skip


def inspected_of(
    step: StepView,
    given: Mapping[str, Any] | None,
    *,
    fields: Mapping[str, str] = NOTHING,
    outputs: Mapping[str, str] = NOTHING,
    readable: Collection[str] = (),
) -> Inspected:
    """One step with what went in, what came out, what was said to models and what was found.

    `fields` and `outputs` say what people call its settings and results; `readable` are the passages this person may
    open now.
    """
    error, found = step.error or {}, passages_in(step.output)
    # what has a place of its own below is not told twice
    apart = {"result"} if found else {"messages", "usage"} if step.calls else set[str]()
    set_here = {name: value for name, value in (given or {}).items() if value is not None}
    shown, given = _without(step.output, apart), _without(set_here, apart)
    return Inspected(
        step=step.step,
        input=lines_of(_called(given, fields)) if given else [],
        output=lines_of(_called(shown, outputs)) if shown is not None else [],
        raw=json.dumps(step.output, indent=2, ensure_ascii=False) if step.output is not None else "",
        error=error.get("message", ""),
        hint=error.get("hint", ""),
        went=step.handled,
        # the log keeps what the step used in all: with one call, that is what the call used
        calls=[_call(one, step.usage if len(step.calls) == 1 else None) for one in step.calls],
        passages=[_passage(number, one, readable) for number, one in enumerate(found, 1)],
        called=NOTHING_CALLED,
    )


def _without(values: Any, names: Collection[str]) -> Any:
    if not isinstance(values, Mapping):
        return values
    return {name: value for name, value in values.items() if name not in names}


def _called(values: Any, labels: Mapping[str, str]) -> Any:
    """The same values under the names people know."""
    if not isinstance(values, Mapping):
        return values
    return {labels.get(name) or spoken(name): value for name, value in values.items()}


def label_of(type_id: str) -> str:
    """What people call a step type; one that is gone keeps its id."""
    node = runtime().catalogue.get(type_id)
    return node.label if node else type_id


def titled(one: StepView | Compared) -> str:
    """A step as people call it: one that nobody named is called by its kind, as on the canvas."""
    return label_of(one.type) if one.title == one.step else one.title


def spoken(name: str) -> str:
    """`finish_reason` as people read it."""
    return name.replace("_", " ").capitalize()


def _call(one: ModelCall, all_used: Mapping[str, Any] | None) -> Call:
    used = one.usage or all_used or {}
    counted = f"{used['tokens_in']:,} in · {used['tokens_out']:,} out" if "tokens_in" in used else ""
    messages = [
        Message(role=SPEAKERS.get(each["role"], each["role"]), text=each.get("content") or each.get("text") or "")
        for each in one.messages
    ]
    return Call(alias=one.alias, model=one.model, tokens=counted, cost=money(used.get("cost")), messages=messages)


def _passage(number: int, one: Mapping[str, Any], readable: Collection[str]) -> Passage:
    place = one["metadata"]
    score, page = place.get("score"), place.get("page")
    return Passage(
        number=str(number),
        title=str(one.get("title") or "A document"),
        page=f"page {page}" if page else "",
        score=f"score {score:.2f}" if isinstance(score, int | float) else "",
        text=str(one.get("content") or ""),
        link=f"/knowledge/{place['base']}/passages/{place['passage']}" if place["passage"] in readable else "",
    )
