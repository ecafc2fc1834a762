"""The canvas as Reflex sees it: what goes down, and what comes up."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar, VarData

from builder.canvas import LIBRARY
from builder.components.files import Bring, Kept
from builder.components.prose import Prose

REACT_FLOW = "@xyflow/react@12.12.1"
LUCIDE = "lucide-react@1.26.0"
"""the version Reflex brings; two of them would ship every icon twice"""
DEPENDENCIES = [REACT_FLOW, LUCIDE]
PROSE = rx.Var("Prose", _var_data=VarData(imports={str(Prose.library): "Prose"}))
"""the component that shows a text with marks, as a value: the canvas knows no other component"""
BRING = rx.Var("Bring", _var_data=VarData(imports={str(Bring.library): "Bring"}))
KEPT = rx.Var("Kept", _var_data=VarData(imports={str(Kept.library): "Kept"}))
"""the components that take files and show them"""

Sent = ObjectVar[dict[str, Any]]


def _edits(sent: Sent) -> tuple[rx.Var[int], rx.Var[str], rx.Var[list[dict[str, Any]]]]:
    """saw, batch, edits"""
    return sent["saw"].to(int), sent["batch"].to(str), sent["edits"].to(list[dict[str, Any]])


def _inputs(sent: Sent) -> tuple[rx.Var[dict[str, Any]], rx.Var[bool], rx.Var[bool]]:
    """inputs, fresh: whether a chat begins another conversation, pinned: whether pinned steps give what is pinned"""
    return sent["inputs"].to(dict[str, Any]), sent["fresh"].to(bool), sent["pinned"].to(bool)


def _run(sent: Sent) -> tuple[rx.Var[str]]:
    return (sent["run"].to(str),)


def _step(sent: Sent) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    """run, step, path: empty for the last time it ran"""
    return sent["run"].to(str), sent["step"].to(str), sent["path"].to(str)


def _tried(sent: Sent) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str], rx.Var[bool]]:
    """step, run (empty: none), path of the item, sure"""
    return sent["step"].to(str), sent["run"].to(str), sent["path"].to(str), sent["sure"].to(bool)


def _pinned(sent: Sent) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    """step, run, path"""
    return sent["step"].to(str), sent["run"].to(str), sent["path"].to(str)


def _from(sent: Sent) -> tuple[rx.Var[str], rx.Var[str]]:
    """step, run"""
    return sent["step"].to(str), sent["run"].to(str)


def _of_run(sent: Sent) -> tuple[rx.Var[str], rx.Var[str]]:
    """run, step"""
    return sent["run"].to(str), sent["step"].to(str)


def _unpinned(sent: Sent) -> tuple[rx.Var[str]]:
    return (sent["step"].to(str),)


def _inside(sent: Sent) -> tuple[rx.Var[str], rx.Var[str]]:
    """name, content of a workflow that is called"""
    return sent["name"].to(str), sent["content"].to(str)


def _page(sent: Sent) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str], rx.Var[bool], rx.Var[int]]:
    """run, step, around, failed, after"""
    place = sent["run"].to(str), sent["step"].to(str), sent["around"].to(str)
    return *place, sent["failed"].to(bool), sent["after"].to(int)


def _item(sent: Sent) -> tuple[rx.Var[str], rx.Var[str]]:
    """run, path"""
    return sent["run"].to(str), sent["path"].to(str)


def _said(sent: Sent) -> tuple[rx.Var[str], rx.Var[str]]:
    """title, note"""
    return sent["title"].to(str), sent["note"].to(str)


def _version(sent: Sent) -> tuple[rx.Var[str]]:
    return (sent["version"].to(str),)


def _two(sent: Sent) -> tuple[rx.Var[str], rx.Var[str]]:
    """before, after: ids of versions; `none` before is nothing at all, an empty after is the draft"""
    return sent["before"].to(str), sent["after"].to(str)


def _case(sent: Sent) -> tuple[rx.Var[str], rx.Var[str], rx.Var[dict[str, Any]], rx.Var[list[dict[str, Any]]]]:
    """The case (empty for a new one), title, inputs, expected"""
    expected = sent["expected"].to(list[dict[str, Any]])
    return sent["case"].to(str), sent["title"].to(str), sent["inputs"].to(dict[str, Any]), expected


def _removed(sent: Sent) -> tuple[rx.Var[str]]:
    return (sent["case"].to(str),)


class Canvas(rx.NoSSRComponent):
    """The whole editor. Each var replaces the one before; what must not be missed carries a number to notice it by."""

    library = LIBRARY
    tag = "Canvas"
    lib_dependencies: list[str] = DEPENDENCIES

    at: rx.Var[str]
    """the address of the page; what comes down for another one is not shown"""
    opened: rx.Var[dict[str, Any]]
    """document, revision, nonce: the draft as a whole, at the beginning and after a gap"""
    sync: rx.Var[dict[str, Any]]
    """revision, changes (of everybody), refused (own batches, with both values)"""
    check: rx.Var[dict[str, Any]]
    """revision, problems, outputs and exits of each step"""
    catalogue: rx.Var[list[dict[str, Any]]]
    prose: rx.Var[Any]
    """the component that shows what models write, see builder/components/prose.jsx"""
    bring: rx.Var[Any]
    kept: rx.Var[Any]
    """the components that take files and show them, see builder/components/files.py"""
    largest: rx.Var[int]
    """bytes a file may have"""
    aliases: rx.Var[list[dict[str, str]]]
    """value, label of the models this person may use"""
    bases: rx.Var[list[dict[str, str]]]
    """value, label of the knowledge bases this person may read"""
    workflows: rx.Var[list[dict[str, Any]]]
    """name, title, content, number, inputs of the workflows a step may call"""
    people: rx.Var[list[dict[str, Any]]]
    """value, label, group: whom a step may ask"""
    hosts: rx.Var[list[dict[str, str]]]
    """value, label of the systems this person's steps may call: value is how their addresses begin"""
    origin: rx.Var[dict[str, Any]]
    """name, title, renewed of the template it was started from; empty for none"""
    run: rx.Var[dict[str, Any]]
    """the run that is shown: status, steps, outputs, error; of a chat also talk: what was said so far"""
    filled: rx.Var[dict[str, Any]]
    """n, inputs: what to try an example on, once asked for"""
    spoken: rx.Var[dict[str, Any]]
    """run, n, deltas: text while it is written"""
    inspected: rx.Var[dict[str, Any]]
    """one step of the run with input, output, error, usage, model_calls"""

    items: rx.Var[dict[str, Any]]
    """a page of the items or rounds of a container: run, step, around, failed, after, items, more"""
    item: rx.Var[dict[str, Any]]
    """one of them: run, path, status, result, error, steps"""
    tried: rx.Var[dict[str, Any]]
    """name of the workflow they belong to, pins, said (what was asked or refused last), items to try a step with"""
    inside: rx.Var[dict[str, Any]]
    """a called workflow that is looked at: n, name, title, number, document"""
    governed: rx.Var[dict[str, Any]]
    """name of the workflow they belong to, versions, cases, compared, testing"""

    on_edits: rx.EventHandler[_edits]
    on_resync: rx.EventHandler[rx.event.no_args_event_spec]
    on_run: rx.EventHandler[_inputs]
    on_fill_in: rx.EventHandler[rx.event.no_args_event_spec]
    on_cancel: rx.EventHandler[_run]
    on_inspect: rx.EventHandler[_step]
    on_items: rx.EventHandler[_page]
    on_item: rx.EventHandler[_item]
    on_run_step: rx.EventHandler[_tried]
    on_run_from: rx.EventHandler[_from]
    on_pin: rx.EventHandler[_pinned]
    on_unpin: rx.EventHandler[_unpinned]
    on_keep: rx.EventHandler[rx.event.no_args_event_spec]
    """what was asked is not done"""
    on_tried_items: rx.EventHandler[_of_run]
    on_look_inside: rx.EventHandler[_inside]
    on_stay: rx.EventHandler[rx.event.no_args_event_spec]
    """every 20 seconds while the page is open: whoever watches for this person may go on"""

    on_versions: rx.EventHandler[rx.event.no_args_event_spec]
    on_save_version: rx.EventHandler[_said]
    on_restore: rx.EventHandler[_version]
    on_compare: rx.EventHandler[_two]
    on_tests: rx.EventHandler[rx.event.no_args_event_spec]
    on_save_test: rx.EventHandler[_case]
    on_remove_test: rx.EventHandler[_removed]
    on_run_tests: rx.EventHandler[rx.event.no_args_event_spec]
