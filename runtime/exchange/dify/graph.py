"""All of a file put together: every step mapped, joined and placed, and what stands beside the steps."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

from runtime.exchange.dify import flow
from runtime.exchange.dify.aside import put_aside
from runtime.exchange.dify.containers import kind_of
from runtime.exchange.dify.http import retried
from runtime.exchange.dify.kinds import mapper
from runtime.exchange.dify.notes import box_of, words_of
from runtime.exchange.dify.references import SYSTEM_FILES, add_input, handed_on
from runtime.exchange.dify.source import BEGINNINGS, CONTAINERS, ROOTS, Node, Source
from runtime.exchange.dify.work import ASK, PLACEHOLDER, Here, Work, free_name
from runtime.exchange.loose import from_json, mapping, mappings, number, selector, slug, text, whole, yes
from runtime.exchange.report import Fate, Report
from runtime.graph.document import Document, OnFailure

_SHARED = {"texts": "list", "numbers": "list", "yes_nos": "list", "objects": "list"}
_FEATURES = {
    "opening_statement": "a greeting", "suggested_questions": "suggested questions",
    "suggested_questions_after_answer": "questions suggested after an answer", "speech_to_text": "speech to text",
    "text_to_speech": "text to speech", "sensitive_word_avoidance": "a filter for words",
    "annotation_reply": "answers by annotation", "more_like_this": "more of the same",
}  # fmt: skip
_GREETING = ("opening_statement", "suggested_questions")
"""what a chat shows before anybody has said anything: the start knows it"""
WIDE, APART = 240.0, 60.0
HEAD = 120.0
"""pixels: how far down in a container its first step may stand"""


def document_of(source: Source, report: Report) -> Document:
    """The whole document. Everything that could not be kept is in the report."""
    work = Work(source, report)
    work.name_steps()
    _declare(work)
    _begin(work)
    for node in source.nodes.values():
        if node.id in work.ids:
            _place_step(work, node)
    heres: dict[str, Here] = {}
    for node in source.nodes.values():
        if node.id in work.ids and work.ids[node.id] != work.start:
            heres[node.id] = _map(work, node)
    for name, here in heres.items():
        report.steps[name] = here.fate()
    _finish_start(work)
    edges = _edges(work)
    _tell_the_rest(work)
    return _document(work, edges)


def _declare(work: Work) -> None:
    """The variables of the file."""
    workflow, report = work.source.workflow, work.report
    for each in mappings(workflow.get("environment_variables")):
        name, given = text(each.get("name")), text(each.get("value_type"))
        kind = kind_of(given)
        secret = given == "secret"
        start = None if secret else _started(each.get("value"), kind)
        mine = work.environment[name] = work.variable(name, _SHARED.get(kind, kind), start)
        if secret:
            work.secrets.add(name)
            report.note("secret_to_enter", f"“{name[:60]}” was a secret, which no file carries.",
                        f"Put a credential into a connection; where {{{{ variables.{mine} }}}} is read, it holds"
                        " nothing.")  # fmt: skip
        elif isinstance(each.get("value"), str):
            work.plain_environment[name] = each["value"]
    for each in mappings(workflow.get("conversation_variables")):
        name = text(each.get("name"))
        kind = kind_of(each.get("value_type"))
        wanted = slug(name) or "value"
        mine = free_name((wanted if wanted[0].isalpha() else f"value_{wanted}")[:60], work.conversation)
        work.conversation_names[name] = mine
        work.conversation[mine] = {"kind": _SHARED.get(kind, kind), "start": _started(each.get("value"), kind)}
        if mine != name:
            report.note("renamed", f"The conversation variable “{name[:60]}” is called “{mine}” here.")
    for each in mappings(workflow.get("rag_pipeline_variables")):
        flow.take_input(Here(work, Node("", "start", {})), each)


def _started(given: Any, kind: str) -> Any:
    """What a variable begins with: of its kind, or nothing."""
    found: Any = given if kind in ("text", "any") else from_json(given)
    if kind == "text":
        return text(given)
    wrong = {"number": not isinstance(found, int | float) or isinstance(found, bool),
             "yes_no": not isinstance(found, bool), "object": not isinstance(found, dict)}  # fmt: skip
    return None if wrong.get(kind, kind != "any" and not isinstance(found, list)) else cast("Any", found)


def _begin(work: Work) -> None:
    """The inputs of the start, or of all there are."""
    source = work.source
    roots = [each for each in source.nodes.values() if each.kind in ROOTS and each.kind != "datasource"]
    for node in source.nodes.values():
        chosen = selector(node.data.get("iterator_selector"))
        if len(chosen) > 1 and chosen[0] in [each.id for each in roots]:
            work.lists.add(chosen[1])
    for node in roots:
        here = Here(work, node)
        flow.begin(here)
        work.report.steps[node.id] = here.fate()
    if len(roots) > 1:
        work.report.note("several_roots", f"The file begins at {len(roots)} steps; they are one start here.",
                         "Look at what follows it.", step=work.start)  # fmt: skip
    upload = mapping(mapping(source.workflow.get("features")).get("file_upload"))
    if source.chat and yes(upload.get("enabled")):
        add_input(work, SYSTEM_FILES, "files")


def _map(work: Work, node: Node) -> Here:
    here = Here(work, node)
    step = work.steps[here.step]
    made = mapper(node.kind)(here)
    step.made = made
    step.on_failure = _on_failure(here)
    if step.on_failure.then == "exit":
        made.exits["fail-branch"] = "error"
    return here


def _on_failure(here: Here) -> OnFailure:
    """What becomes of the step when it fails."""
    data, config = here.node.data, mapping(here.node.data.get("retry_config"))
    made: dict[str, Any] = {}
    if retried(data):
        made["retries"] = whole(config.get("max_retries"), 3, 0, 10)
        wait = number(config.get("retry_interval"))
        if wait is not None:
            made["wait_s"] = max(0, min(300, wait / 1000))
        backoff = mapping(config.get("exponential_backoff"))
        if yes(backoff.get("enabled")):
            made["factor"] = max(1, min(10, number(backoff.get("multiplier")) or 2))
    strategy = text(data.get("error_strategy"))
    if strategy == "fail-branch":
        made["then"] = "exit"
    elif strategy == "default-value":
        made |= {"then": "fallback", "fallback": _fallback(here)}
    return OnFailure.model_validate(made)


def _fallback(here: Here) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in mappings(here.node.data.get("default_value")):
        handed = handed_on(here.node, [text(each.get("key"))])
        if handed:
            given = each.get("value")
            found[handed[0]] = given if text(each.get("type")) == "string" else from_json(given)
    return found


def _place_step(work: Work, node: Node) -> None:
    step = work.steps[work.ids[node.id]]
    step.inside = work.ids.get(node.parent, "")
    step.title = step.title or node.title
    step.place = step.place or node.place


def _finish_start(work: Work) -> None:
    kinds = [each.kind for each in work.source.nodes.values() if each.kind in ROOTS]
    start = work.steps[work.start]
    start.made = flow.started(work, kinds)
    start.inside = ""
    start.labels = work.labels
    if start.place is None:
        places = [each.place for each in work.steps.values() if each.place and not each.inside]
        start.place = (min(x for x, _ in places) - WIDE - APART, min(y for _, y in places)) if places else None


def _edges(work: Work) -> set[tuple[str, str]]:
    """The connections, from our ways out; what begins inside a container is led to by none."""
    source, edges = work.source, set[tuple[str, str]]()
    for link in source.links:
        one, other = source.nodes[link.source], source.nodes[link.target]
        if one.kind in BEGINNINGS or other.kind in BEGINNINGS:
            continue
        start, end = work.ids[one.id], work.ids[other.id]
        if work.steps[start].inside != work.steps[end].inside or end == work.start:
            _drop(work, one, other, "it would cross the border of a container")
            continue
        exits = {"source": "done"} if start == work.start else work.steps[start].made.exits
        way = exits.get(link.handle)
        if way is None:
            _drop(work, one, other, f"“{one.title or start}” has no way out “{link.handle[:60]}”")
            continue
        edges.add((f"{start}.{way}", _first(work, end)))
    _lead_to_roots(work, edges)
    for step, before in work.before.items():
        chain = [*before, step]
        if not any(target == chain[0] for _, target in edges) and not work.steps[step].inside:
            edges.add((f"{work.start}.done", chain[0]))
        edges.update((f"{one}.done", other) for one, other in pairwise(chain))
    put_aside(work, edges)
    return edges


def _first(work: Work, step: str) -> str:
    """What is reached first of a step and those put before it."""
    return (work.before.get(step) or [step])[0]


def _drop(work: Work, one: Node, other: Node, why: str) -> None:
    sentence = f"The connection from “{one.title or one.id}” to “{other.title or other.id}” is left out: {why}."
    work.report.note("bad_edge", sentence, step=work.ids.get(one.id))


def _lead_to_roots(work: Work, edges: set[tuple[str, str]]) -> None:
    """A start of ours leads to what began by itself: data sources, or in a graph without any root all first steps."""
    source = work.source
    roots = [each for each in source.nodes.values() if each.kind in ROOTS]
    targets = {link.target for link in source.links}
    if roots:
        first = [each for each in roots if each.kind == "datasource"]
    else:
        mine = [each for each in source.nodes.values() if each.id in work.ids and not each.parent]
        first = [each for each in mine if each.id not in targets]
    for each in first:
        edges.add((f"{work.start}.done", _first(work, work.ids[each.id])))
    if len(first) > 1 and roots:
        work.report.note("several_roots", f"The file begins at {len(first)} data sources, of which one is used at a "
                         "time.", "Keep the one you need.", step=work.start)  # fmt: skip


def _tell_the_rest(work: Work) -> None:
    """What stands beside the steps and has no counterpart."""
    source, report = work.source, work.report
    for name, each in mapping(source.workflow.get("features")).items():
        if source.chat and name in _GREETING:
            continue
        words, on = _FEATURES.get(name), mapping(each).get("enabled") if isinstance(each, dict) else each
        if words and on:
            shown = f": “{' '.join(text(on).split())[:300]}”" if isinstance(on, str) else ""
            report.note("feature_left_out", f"The app had {words}{shown}.", "That has no counterpart here.")
    for each in source.dependencies:
        found = mapping(each.get("value"))
        name = next((text(found[key]) for key in found if key.endswith("unique_identifier")), "")
        name = name or text(found.get("repo")) or text(each.get("type"))
        report.note("plugin_missing", f"The app used the plug-in “{name.partition('@')[0][:120]}”.",
                    "Plug-ins are not installed here; look at the placeholders, if there are any.")  # fmt: skip
    for node in source.nodes.values():
        if node.kind in BEGINNINGS:
            around = work.ids.get(node.parent, work.start)
            report.steps[node.id] = Fate(around, "mapped", "It is where the steps inside begin.")


def _document(work: Work, edges: set[tuple[str, str]]) -> Document:
    steps: dict[str, Any] = {}
    words: dict[str, Any] = {}
    for name, step in work.steps.items():
        made = step.made
        if made.type in (PLACEHOLDER, ASK):
            made.settings["outputs"] = list(work.asked.get(name, {}))[:200]
        steps[name] = {"type": made.type, "version": made.version, "settings": made.settings, "inside": step.inside,
                       "on_failure": step.on_failure}  # fmt: skip
        labels = {key: {"label": label} for key, label in step.labels.items()}
        if step.title or labels:
            words[name] = {"title": step.title, "labels": labels}
    notes = {f"note_{number}": each for number, each in enumerate(work.source.notes, 1) if words_of(each)}
    return Document.model_validate({
        "name": name_of(work.source),
        "words": {
            "title": work.source.name[:200], "description": work.source.description, "icon": work.source.icon,
            "steps": words, "notes": {name: words_of(each) for name, each in notes.items()},
        },
        "meaning": {
            "steps": steps, "edges": [{"from": start, "to": end} for start, end in edges],
            "variables": work.variables, "conversation": work.conversation,
        },
        "layout": {
            "steps": _places(work),
            "sizes": _sizes(work),
            "notes": {name: box_of(each, work.source) for name, each in notes.items()},
        },
    })  # fmt: skip


def _lower(work: Work) -> dict[str, float]:
    """By how much the steps in each container have to stand lower, so that its head does not hide them."""
    tops: dict[str, float] = {}
    for step in work.steps.values():
        if step.inside and step.place:
            tops[step.inside] = min(step.place[1], tops.get(step.inside, step.place[1]))
    return {container: HEAD - top for container, top in tops.items() if top < HEAD}


def _places(work: Work) -> dict[str, tuple[float, float]]:
    lower = _lower(work)
    placed = {name: (step.place, step.inside) for name, step in work.steps.items() if step.place}
    return {name: (x, y + lower.get(inside, 0)) for name, ((x, y), inside) in placed.items()}


def _sizes(work: Work) -> dict[str, tuple[float, float]]:
    lower = _lower(work)
    nodes = {work.ids[each.id]: each.size for each in work.source.nodes.values() if each.kind in CONTAINERS}
    return {name: (size[0], size[1] + lower.get(name, 0)) for name, size in nodes.items() if size}


def name_of(source: Source) -> str:
    """The name of the workflow: that of the app in small letters."""
    name = slug(source.name, "-")[:64].strip("-")
    name = name if name[:1].isalpha() else f"imported-{name}".strip("-")
    return name[:64].strip("-")
