"""Checking steps one by one: type, version, settings; what each hands on and where it may lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Protocol, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from nodes.sdk import DONE, TEXT, Dynamic, Effect, Exit, Node, Shape, StepFailed
from nodes.sdk.fields import Inside
from nodes.sdk.reading import as_text
from nodes.sdk.sizes import LONGEST_TEXT, ROOM
from runtime.graph.binding import Binding, Path, Read, bind
from runtime.graph.document import FINISH, ROOTS, START, Document, OnFailure, Step
from runtime.graph.marks import marks_of
from runtime.graph.naming import called, keys_of
from runtime.graph.problems import MOST_HINTS, Problem
from runtime.graph.wording import choices, demand, did_you_mean, listed, meant

_T = TypeVar("_T")
DEEPEST = 10
"""containers in one another"""
ERROR = Exit("error", "Failed")
"""the way out of a step that fails, where it has one"""
ERROR_OUTPUTS = {
    "error_message": TEXT.model_copy(update={"description": "Why it failed; nothing where it did not"}),
    "error_code": TEXT.model_copy(update={"description": "A word for why it failed"}),
}
"""what a step hands on beside its own outputs, where the run goes on after a failure"""
_STAND_INS: tuple[Any, ...] = (0, False, "", [], {}, "2026-11-03", None)


class Catalogue(Protocol):
    """The step types there are."""

    def get(self, type_id: str) -> type[Node] | None:
        """The class of a step type; None for an unknown one."""
        ...

    @property
    def digest(self) -> str:
        """Changes whenever what a step type does may have changed."""
        ...

    @property
    def types(self) -> Iterable[str]:
        """The ids of all step types."""
        ...


@dataclass(slots=True)
class Checked:
    """A step as far as it could be understood."""

    id: str
    title: str
    type: str
    node: type[Node] | None = None
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    """in the shape of today's version"""
    binding: Binding = field(default_factory=Binding)
    shown: Node | None = None
    """the node with references as they are written, where its settings allow it"""
    sure: bool = False
    """whether the settings are sound, so that exits and outputs are what they will be"""
    outputs: dict[str, Shape] = field(default_factory=dict[str, Shape])
    exits: tuple[Exit, ...] = ()
    inside: str = ""
    """the container it lies in"""
    inner: dict[str, Shape] = field(default_factory=dict[str, Shape])
    """what steps inside may refer to of it, where it is a container"""
    on_failure: OnFailure = field(default_factory=OnFailure)
    called: Any = None
    """the workflow it calls, compiled (`compiling.Compiled`), where it calls one"""
    problems: list[Problem] = field(default_factory=list[Problem])

    @property
    def holds_steps(self) -> bool:
        """Whether steps may be drawn inside it."""
        return self.node is not None and self.node.container in ("each", "repeat")

    def is_inside(self, path: Path) -> bool:
        """Whether a setting is read inside the container, at the end of an item or a round."""
        return bool(path) and path[0] in read_inside(self.node)

    def does(self) -> frozenset[Effect]:
        """What it does, as far as its settings tell; else whatever its type may do. What a workflow does that it
        calls, it does."""
        if self.called is not None:
            inside: list[Checked] = list(self.called.steps.values())
            return frozenset(effect for each in inside for effect in each.does())
        if self.shown is not None:
            return self.shown.does()
        return self.node.effects if self.node else frozenset()

    def note(self, code: str, sentence: str, hint: str = "", path: Path | None = None) -> None:
        """Note an error, at a place in the settings if one is given."""
        place = ".".join(str(each) for each in path) if path else None
        self.problems.append(Problem(code, sentence, hint, step=self.id, field=place))


def check_steps(document: Document, catalogue: Catalogue) -> dict[str, Checked]:
    """Every step by itself."""
    found: dict[str, Checked] = {}
    problems = 0
    for step_id, step in document.meaning.steps.items():
        known = catalogue.types if problems < MOST_HINTS else ()
        found[step_id] = _check_step(step_id, step, document.title(step_id), catalogue, known)
        problems += len(found[step_id].problems)
    for checked in found.values():
        _check_place(checked, found)
    return found


@cache
def read_inside(node: type[Node] | None) -> frozenset[str]:
    """The settings of a container that are read inside it, by the names they have in a document."""
    fields = node.model_fields.items() if node else ()
    inside = [info.alias or name for name, info in fields if any(isinstance(each, Inside) for each in info.metadata)]
    return frozenset(inside)


def enclosing(steps: Mapping[str, Checked], step: str) -> list[str]:
    """The containers around a step, the nearest first."""
    found: list[str] = []
    here = steps[step].inside
    while here and here not in found and here in steps:
        found.append(here)
        here = steps[here].inside
    return found


def _check_place(checked: Checked, steps: Mapping[str, Checked]) -> None:
    """Whether a step may lie where it lies; one that may not is looked at as if it lay in no container."""
    container = steps.get(checked.inside)
    if not checked.inside:
        return
    if container is None:
        sentence = f"“{checked.title}” lies in the step “{checked.inside}”, which does not exist."
        checked.note("unknown_container", sentence, did_you_mean(checked.inside, steps) or "Move it out of there.")
    elif container.node is not None and not container.holds_steps:
        sentence = f"“{checked.title}” lies in “{container.title}”, which is no container."
        checked.note("unknown_container", sentence, "Move it out of there.")
    elif checked.id in (around := enclosing(steps, checked.id)):
        checked.note("container_circle", f"“{checked.title}” lies inside itself.", "Move it out of there.")
    elif checked.type in (START, FINISH):
        sentence = f"“{checked.title}” lies in “{container.title}”, but a run begins and ends outside of containers."
        checked.note("not_inside", sentence, "Move it out of there.")
        return
    elif len(around) > DEEPEST:
        sentence = f"“{checked.title}” lies in {len(around)} containers; {DEEPEST} are the most."
        checked.note("too_deep_inside", sentence, "Put a part of it into a workflow of its own.")
        return
    else:
        return
    checked.inside = ""


def _check_step(step_id: str, step: Step, title: str, catalogue: Catalogue, known: Iterable[str]) -> Checked:
    """All that can be known of a step by itself."""
    checked = Checked(step_id, title, step.type, settings=step.settings, inside=step.inside, on_failure=step.on_failure)
    if step_id in ROOTS:
        sentence = f"The id “{step_id}” means something else in references, so “{title}” cannot have it."
        checked.note("reserved_id", sentence, "Give the step another id.")
    node = catalogue.get(step.type)
    if node is None:
        near = meant(step.type, known)
        hint = f"Did you mean “{near}”?" if near else "Choose a step from the palette instead."
        checked.note("unknown_type", f"“{title}” is of the type “{step.type}”, which nobody knows here.", hint)
        return checked
    checked.node = node
    if _upgrade(checked, step.version, node):
        _check_settings(checked, node)
    _ask(checked, node)
    _check_failure(checked, node)
    return checked


def _check_failure(checked: Checked, node: type[Node]) -> None:
    """What is said for the case that it fails, and what comes of that: an exit, outputs."""
    on, title = checked.on_failure, checked.title
    if on == OnFailure():
        return
    if checked.type in (START, FINISH):
        checked.note("cannot_recover", f"“{title}” begins or ends the run: nothing can be done when it fails.",
                     "Take back what is said for that case.")  # fmt: skip
        return
    if node.container and (on.retries or on.timeout_s):
        checked.note("cannot_recover", f"“{title}” is a container, and is neither tried again nor stopped by time.",
                     "Say so at the steps inside it.")  # fmt: skip
    if Effect.WAIT in node.effects and on.timeout_s:
        checked.note("cannot_recover", f"“{title}” waits for somebody or something, so a time limit would end it.",
                     "Use its own deadline instead.")  # fmt: skip
    if on.then == "stop":
        return
    own = checked.outputs
    if on.then == "fallback" and checked.sure:
        for name in on.fallback:
            if name not in own:
                hint = did_you_mean(name, own) or (f"It hands on {listed(own)}." if own else "")
                checked.note("unknown_output", f"“{title}” hands on no “{name}”, so it needs no fallback.", hint)
    if on.then == "exit" and ERROR.id not in {each.id for each in checked.exits}:
        checked.exits = (*checked.exits, ERROR)
    checked.outputs = ERROR_OUTPUTS | own


def inner_of(checked: Checked) -> tuple[Node | None, Callable[[Read], Node] | None]:
    """A container as it is seen from inside: with nothing but the settings that are read there."""
    assert checked.node, "ask only for steps without problems"
    inside = read_inside(checked.node)
    return _made(checked, bind({name: checked.settings[name] for name in checked.settings if name in inside},
                               marks_of(checked.node)))  # fmt: skip


def node_of(checked: Checked) -> tuple[Node | None, Callable[[Read], Node] | None]:
    """The node itself, or what builds it from values; of a step without errors."""
    assert checked.node, "ask only for steps without problems"
    inside = read_inside(checked.node)
    if not inside:
        return _made(checked, checked.binding)
    outside = {name: each for name, each in checked.settings.items() if name not in inside}
    return _made(checked, bind(outside, marks_of(checked.node)))


def _made(checked: Checked, binding: Binding) -> tuple[Node | None, Callable[[Read], Node] | None]:
    assert checked.node, "ask only for steps without problems"
    make, node, title = binding.make, checked.node, checked.title
    validate = node.__pydantic_validator__.validate_python
    if make is None:
        return validate(binding.constant), None

    def build(read: Read) -> Node:
        ROOM.left = LONGEST_TEXT
        try:
            return validate(make(read))
        except ValidationError as error:
            raise _unfit(error, node, title) from None

    return None, build


def _unfit(error: ValidationError, node: type[Node], title: str) -> StepFailed:
    first = cast("Mapping[str, Any]", error.errors(include_url=False)[0])
    name = called(node, tuple(first["loc"]))
    shown = as_text(first["input"])[:60]
    return StepFailed(
        f"{name} of “{title}” {demand(first)}, but it is “{shown}”.",
        code="value_does_not_fit",
        hint="Look at what the earlier step gave, or convert it first.",
    )


def _upgrade(checked: Checked, version: int, node: type[Node]) -> bool:
    """Brings the settings to today's version; whether that was possible."""
    if version > node.version:
        sentence = (
            f"“{checked.title}” was made with version {version} of “{node.label}”; here is version {node.version}."
        )
        checked.note("newer_version", sentence, "Open it with a newer Greenlane, or put the step in anew.")
        return False
    if version < node.version:
        try:
            checked.settings = node.upgrade(version, dict(checked.settings))
        except (ValueError, KeyError, TypeError, AttributeError):
            sentence = f"“{checked.title}” was made with version {version} of “{node.label}”, too old to be translated."
            checked.note("old_version", sentence, "Put the step in anew and fill it in again.")
            return False
    return True


def _check_settings(checked: Checked, node: type[Node]) -> None:
    """Validates the settings, with what is written in the place of values that come later."""
    checked.binding = bind(checked.settings, marks_of(node))
    for path, mistake in checked.binding.mistakes:
        checked.note("malformed_reference", f"{called(node, path)} of “{checked.title}”: {mistake.sentence}",
                     mistake.hint, path)  # fmt: skip
    moving = {use.path: use.annotation for use in checked.binding.uses if use.dynamic is Dynamic.VALUE}
    texts = {use.path for use in checked.binding.uses}
    settings = checked.settings
    faults = _faults(node, settings)
    if stand_ins := {path: moving[path] for path, _ in faults if path in moving}:
        for path, annotation in stand_ins.items():
            settings = _with(settings, path, _stand_in(annotation))
        faults = _faults(node, settings)
    faults = [(path, error) for path, error in faults if path not in texts]
    for path, error in faults:
        _note_fault(checked, node, path, error)
    checked.sure = not faults
    checked.shown = _shown(node, settings, {path[0] for path, _ in faults if path})


def _faults(node: type[Node], settings: dict[str, Any]) -> list[tuple[Path, Mapping[str, Any]]]:
    try:
        node.model_validate(settings)
    except ValidationError as error:
        found = cast("list[Mapping[str, Any]]", error.errors(include_url=False))
        return [(_place(each["loc"], settings), each) for each in found]
    return []


def _place(loc: tuple[str | int, ...], settings: Any) -> Path:
    """Where in the settings an error is: pydantic also names the choices of a union on the way."""
    path: list[str | int] = []
    here: Any = settings
    for number, key in enumerate(loc):
        if isinstance(here, dict) and key in here:
            here = cast("dict[Any, Any]", here)[key]
        elif isinstance(here, list) and isinstance(key, int) and key < len(cast("list[Any]", here)):
            here = cast("list[Any]", here)[key]
        elif not (number == len(loc) - 1 and isinstance(here, dict)):
            continue
        path.append(key)
    return tuple(path)


def _note_fault(checked: Checked, node: type[Node], path: Path, error: Mapping[str, Any]) -> None:
    name = called(node, path)
    match error["type"]:
        case "missing":
            checked.note("missing_setting", f"{name} of “{checked.title}” is missing.", "Fill it in.", path)
        case "extra_forbidden":
            hint = did_you_mean(str(path[-1]), keys_of(node, path[:-1])) or "Remove it."
            checked.note("unknown_setting", f"“{checked.title}” has no setting “{path[-1]}”.", hint, path)
        case _:
            given = error.get("input")
            shown = f", but it is “{as_text(given)[:60]}”" if isinstance(given, str | int | float) else ""
            hint = did_you_mean(str(given), choices(error))
            checked.note("invalid_setting", f"{name} of “{checked.title}” {demand(error)}{shown}.", hint, path)


def _with(settings: Any, path: Path, value: Any) -> Any:
    """The settings with another value at a path."""
    made = settings.copy()
    made[path[0]] = _with(settings[path[0]], path[1:], value) if path[1:] else value
    return made


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def _stand_in(annotation: Any) -> Any:
    """A value that fits, for looking at a node before there is one."""
    for value in _STAND_INS:
        try:
            _adapter(annotation).validate_python(value)
        except ValidationError:
            continue
        return value
    return None


def _shown(node: type[Node], settings: dict[str, Any], faulty: set[str | int]) -> Node:
    """The node, without the settings that do not fit."""
    sound = {name: each for name, each in settings.items() if name not in faulty}
    try:
        return node.model_validate(sound)
    except ValidationError:
        kept: dict[str, Any] = {}
        for name, info in node.model_fields.items():
            key = info.alias or name
            if key in sound:
                kept[key] = _adapter(Annotated[info.annotation, "setting"]).validate_python(sound[key])
        return node.model_construct(**kept)


def _ask(checked: Checked, node: type[Node]) -> None:
    """What the node itself says of its settings."""
    shown = checked.shown or node.blank()
    declared = _answer(lambda: node.blank().outputs(), dict[str, Shape]())
    checked.outputs = _answer(shown.outputs, declared)
    checked.exits = _answer(shown.exits, (DONE,))
    checked.inner = _answer(shown.inner, dict[str, Shape]())
    if checked.sure:
        for each in _answer(shown.troubles, []):
            sentence = f"“{checked.title}”: {each.sentence}"
            severity = "warning" if each.warning else "error"
            checked.problems.append(Problem(each.code, sentence, "", severity, checked.id, each.field or None))


def _answer(question: Callable[[], _T], otherwise: _T) -> _T:
    """A node whose settings are half filled in may fail to answer."""
    try:
        return question()
    except Exception:  # noqa: BLE001 - it is the node's own code, and the problems are told already
        return otherwise
