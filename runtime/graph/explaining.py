"""Explaining: what a workflow does, in plain sentences, the same for everybody who asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from nodes.sdk import DONE, Control, Effect, Node
from nodes.sdk.reading import as_text
from runtime.graph.binding import Use
from runtime.graph.checking_edges import Ways
from runtime.graph.checking_steps import Catalogue, Checked
from runtime.graph.compiling import Library, error_workflow_of, examine, nowhere
from runtime.graph.document import ANSWER, FINISH, START, Document, Variable
from runtime.graph.naming import base_titles, shown
from runtime.graph.problems import Problem, errors
from runtime.graph.references import Reference, parse_template
from runtime.graph.touching import touch_of

ENDS = (FINISH, ANSWER)
"""step types that hand something to whoever runs the workflow"""
LONGEST_PROMPT = 8_000
"""characters of what a model is told; the rest is left out, and an ellipsis says so"""
_CUT = re.compile(r"\{\{[^{}]*…")
_OUTSIDE = {
    Effect.NETWORK: "sends something out of Greenlane",
    Effect.WRITE: "changes something elsewhere",
    Effect.SPEND: "costs money",
}
_INSIDE = {
    Effect.READ: "reads what Greenlane keeps",
    Effect.COMPUTE: "runs code that a person wrote, in a sandbox",
    Effect.WAIT: "waits",
}


def explain(
    document: Document, catalogue: Catalogue, titles: Mapping[str, str] | None = None, library: Library = nowhere
) -> str:
    """A walk through a workflow for somebody who has to judge it: what comes in, every step in reading order with
    what it draws on, what leaves, what comes out. Also of a workflow that cannot run yet. `titles` say what people call
    knowledge bases (`base:handbook`) and connections; `library` finds the workflows that are called: they are told as
    well."""
    steps, ways, problems = examine(document, catalogue, library)
    failing, wrong = error_workflow_of(document, catalogue, library)
    problems = (*wrong, *problems)
    teller = _Teller(document, steps, ways, titles or {})
    reached = [step for step in ways.order if ways.reached(step)]
    aside = [step for step in ways.order if not ways.reached(step)]
    parts = [
        ("", teller.heading()),
        ("What comes in", [line for step in reached if steps[step].type == START for line in teller.does(step)]),
        ("Step by step", [line for step in reached for line in teller.step(step)]),
        ("Not connected: these steps never run", [line for step in aside for line in teller.step(step)]),
        ("What it remembers while it runs", teller.variables(document.meaning.variables)),
        ("What it remembers from message to message", teller.variables(document.meaning.conversation)),
        ("What leaves Greenlane while it runs", [line for step in reached for line in teller.leaves(step)]),
        ("Who is asked while it runs", [line for step in reached for line in teller.asks(step)]),
        ("What it does inside Greenlane", [line for step in reached for line in teller.stays(step)]),
        ("What comes out", [line for step in reached if steps[step].type in ENDS for line in teller.does(step)]),
        ("Limits of a run", teller.limits()),
        ("When a run fails", list(teller.fails_as_a_whole(failing))),
        (_verdict(problems), [f"- {each.sentence} {each.hint}".rstrip() for each in problems]),
    ]
    told = ["\n".join([*([title] if title else []), *lines]) for title, lines in parts if lines]
    return "\n\n".join(told) + "\n"


def _verdict(problems: tuple[Problem, ...]) -> str:
    return "It cannot run yet" if errors(problems) else "Worth a look"


class _Teller:
    """Tells about one document."""

    def __init__(self, document: Document, steps: Mapping[str, Checked], ways: Ways, titles: Mapping[str, str]) -> None:
        self.document, self.steps, self.ways, self.titles = document, steps, ways, titles
        self.number: dict[str, str] = {}
        for step in ways.order:
            around = self.number.get(steps[step].inside, "")
            last = sum(each.rpartition(".")[0] == around for each in self.number.values())
            self.number[step] = f"{around}.{last + 1}" if around else str(last + 1)

    def heading(self) -> list[str]:
        """What the workflow is called and said to do."""
        words = self.document.words
        return [words.title or self.document.name, *words.description.strip().splitlines()]

    def does(self, step: str) -> list[str]:
        """What a step does, in its own words, with titles in place of references."""
        checked = self.steps[step]
        if checked.node is None:
            return [f"  Its type “{checked.type}” is not known here, so nobody can say what it does."]
        try:
            said = self.titled(checked.shown or checked.node.blank()).explain()
        except Exception:  # noqa: BLE001 - a node half filled in may fail to explain itself
            said = f"{checked.node.label}; its settings are not complete."
        return [f"  {self.told(said)}"]

    def titled(self, node: Node) -> Node:
        """A step with what people call knowledge bases in place of their names."""
        values = ((name, getattr(node, name), info.alias or name) for name, info in type(node).model_fields.items())
        told = {name: base_titles(type(node), key, value, self.titles) for name, value, key in values}
        return node.model_copy(update={name: each for name, each in told.items() if each is not getattr(node, name)})

    def step(self, step: str) -> list[str]:
        """One step: title, what it does, what it draws on, where it leads."""
        checked = self.steps[step]
        label = checked.node.label if checked.node else checked.type
        kind = f" ({label})" if label != checked.title else ""
        words = self.document.words.steps.get(step)
        note = " ".join(words.note.split()) if words else ""
        return [
            f"{self.number[step]}. {checked.title}{kind}",
            *self.does(step),
            *self.inside(step),
            *self.calls(checked),
            *([f"  Note: {note}"] if note else []),
            *self.prompt(checked),
            *self.code(checked),
            *self.draws(checked),
            *self.fails(checked),
            *self.leads(step),
        ]

    def inside(self, step: str) -> Iterator[str]:
        """With what the inside of a container begins."""
        if entries := self.ways.bodies.get(step):
            yield f"  Inside it begins with {self.listed(entries)}."

    def calls(self, checked: Checked) -> Iterator[str]:
        """What a workflow that is called does, step by step, further to the right."""
        if checked.called is None:
            return
        called = checked.called
        teller = _Teller(called.document, called.steps, called.ways, self.titles)
        yield "  That workflow does this:"
        for step in called.ways.order:
            for each in teller.step(step):
                yield "\n".join(f"    {line}" for line in each.splitlines())

    def fails(self, checked: Checked) -> Iterator[str]:
        """What becomes of it when it fails, where anything was said."""
        on = checked.on_failure
        said = [f"is stopped after {on.timeout_s:g} seconds"] if on.timeout_s else []
        if on.retries:
            longer = f", each time {on.factor:g} times as long" if on.factor > 1 else ""
            said.append(f"is tried {on.retries} more time{'' if on.retries == 1 else 's'} when it fails, after"
                        f" {on.wait_s:g} seconds{longer}")  # fmt: skip
        if said:
            yield f"  It {' and '.join(said)}."
        if on.then == "fallback":
            values = ", ".join(f"“{name}” = {as_text(each)[:60]}" for name, each in on.fallback.items()) or "nothing"
            yield f"  Where it fails for good, the run goes on with {values}."
        elif on.then == "exit":
            yield "  Where it fails for good, the run goes on by its way out for failures."

    def listed(self, steps: Iterable[str]) -> str:
        """Steps with their numbers."""
        return ", ".join(f"{self.number[each]}. {self.steps[each].title}" for each in steps)

    def prompt(self, checked: Checked) -> Iterator[str]:
        """What a model is told, line by line: who judges it reads it as it was written."""
        if not self.alias(checked):
            return
        for text in checked.binding.texts:
            told = self.told(text).strip()
            told = told if len(told) <= LONGEST_PROMPT else told[:LONGEST_PROMPT].rstrip() + "…"
            first, *more = told.splitlines() or [""]
            yield "\n".join([f"    > {first}", *(f"      {line}" for line in more)])

    def code(self, checked: Checked) -> Iterator[str]:
        """Code and templates line by line, as they were written: who judges them reads them."""
        for name, info in checked.node.model_fields.items() if checked.node else ():
            written = getattr(checked.shown, name, "") if shown(info).get("control") == Control.CODE else ""
            for line in as_text(written)[:LONGEST_PROMPT].strip("\n").splitlines():
                yield f"    | {line}"

    def alias(self, checked: Checked) -> str:
        """The model alias a step asks, or nothing."""
        if not any(each.kind == "model" for each in touch_of(checked).reaches):
            return ""
        fields = checked.node.model_fields if checked.node else {}
        named = [name for name, info in fields.items() if shown(info).get("control") == Control.ALIAS]
        return as_text(getattr(checked.shown, named[0], "")) if named else ""

    def draws(self, checked: Checked) -> list[str]:
        """Which data a step draws on."""
        data = self.data(checked.binding.uses)
        return [f"  It draws on {', '.join(data)}."] if data else []

    def data(self, uses: list[Use]) -> list[str]:
        """Each value once, in words."""
        return list(dict.fromkeys(self.named(use.reference) for use in uses))

    def leads(self, step: str) -> Iterator[str]:
        """Where it goes on."""
        exits = self.ways.behind[step]
        labels = self.document.words.steps[step].labels if step in self.document.words.steps else {}
        own = {each.id: each.label for each in self.steps[step].exits}
        for name, others in exits.items():
            ends = "nothing" if list(exits) == ["done"] else "nothing follows, and this way ends"
            then = self.listed(others) or ends
            label = (labels[name].label if name in labels else "") or own.get(name)
            yield f"  If “{label or name}”: {then}." if label or name != DONE.id else f"  Then: {then}."

    def leaves(self, step: str) -> Iterator[str]:
        """What goes out, or happens outside, because of a step."""
        checked = self.steps[step]
        yield from self.of_called(checked, _Teller.leaves)
        does = [words for effect, words in _OUTSIDE.items() if effect in checked.does()]
        if not does or checked.called is not None:
            return
        if alias := self.alias(checked):
            does = [f"asks the model “{alias}”", *[each for each in does if each != _OUTSIDE[Effect.NETWORK]]]
        elif hosts := [each.name for each in touch_of(checked).reaches if each.kind == "host" and each.name]:
            named = ", ".join(self.titles.get(f"connection:{host}", host) for host in hosts)
            does = [f"sends something to {named}" if each == _OUTSIDE[Effect.NETWORK] else each for each in does]
        yield self.given(checked, does)

    def asks(self, step: str) -> Iterator[str]:
        """Who gets to see something, because a step asks them."""
        checked = self.steps[step]
        yield from self.of_called(checked, _Teller.asks)
        people = [each.name for each in touch_of(checked).reaches if each.kind == "people"]
        if people:
            who = ", ".join(f"“{each}”" for each in people if each) or "nobody yet"
            yield self.given(checked, [f"asks {self.told(who)}"])

    def stays(self, step: str) -> Iterator[str]:
        """What a step does that nobody outside takes notice of."""
        checked = self.steps[step]
        yield from self.of_called(checked, _Teller.stays)
        does = [words for effect, words in _INSIDE.items() if effect in checked.does()]
        if does and checked.called is None:
            yield self.given(checked, does)

    def of_called(self, checked: Checked, asked: Callable[[_Teller, str], Iterator[str]]) -> Iterator[str]:
        """The same of the steps of a workflow that is called."""
        if checked.called is None:
            return
        called = checked.called
        teller = _Teller(called.document, called.steps, called.ways, self.titles)
        for step in called.ways.order:
            for each in asked(teller, step):
                yield f"  In “{checked.title}”: {each.strip()}"

    def given(self, checked: Checked, does: list[str]) -> str:
        """What a step does, and with what."""
        data = ", ".join(self.data(checked.binding.uses)) or "no data of the run"
        return f"  “{checked.title}” {' and '.join(does)}. It is given {data}."

    def variables(self, variables: Mapping[str, Variable]) -> list[str]:
        """Variables, with what they begin with."""
        return [
            f"  “{name}” ({each.kind})" + ("" if each.start is None else f", at first {as_text(each.start)[:60]}") + "."
            for name, each in variables.items()
        ]

    def limits(self) -> list[str]:
        """The limits the workflow sets itself."""
        run = self.document.meaning.run
        said = {
            "seconds": run.time_limit_s,
            "steps": run.step_limit,
            "tokens": run.token_limit,
            "of cost, in the currency of the price list": run.cost_limit,
        }
        return [f"  At most {as_text(limit)} {what}." for what, limit in said.items() if limit is not None]

    def fails_as_a_whole(self, on_error: Checked | None) -> Iterator[str]:
        """What runs then, step by step, and what it does outside."""
        chosen = self.document.meaning.run.error_workflow
        if chosen is None:
            return
        yield f"  It runs the workflow “{chosen.name}” (version {chosen.content[:8]})."
        if on_error is None or on_error.called is None:
            return
        yield from self.calls(on_error)
        for asked in (_Teller.leaves, _Teller.asks, _Teller.stays):
            yield from self.of_called(on_error, asked)

    def told(self, text: str) -> str:
        """A text with titles in place of references."""
        parts = parse_template(_CUT.sub("…", text)).parts
        return "".join(each if isinstance(each, str) else f"[{self.named(each)}]" for each in parts)

    def named(self, reference: Reference) -> str:
        """A reference in words."""
        name = ".".join(reference.keys)
        match reference.root:
            case "variables":
                return f"the variable “{name}”"
            case "conversation":
                return f"what the conversation remembers as “{name}”"
            case "run":
                return f"the run's {name}"
            case root:
                title = self.steps[root].title if root in self.steps else root
                return f"“{name}” from “{title}”" if name else f"“{title}”"
