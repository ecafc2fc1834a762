"""One run: what came out, each step in the order it went, and live while it runs."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypedDict

import reflex as rx

from builder import routes
from builder.components.files import Handle
from builder.components.inputs import handles_in
from builder.components.toast import told
from builder.components.tree import Line, lines_of
from builder.screens.run_called import Called, in_places, named, views_of
from builder.screens.run_items import RunItems, counted, status_of
from builder.screens.run_step import NOTHING_OPEN, Inspected, inspected_of, label_of, spoken
from builder.screens.runs import who_started
from builder.session import current_actor, internal, requires
from builder.session.gathering import gathered
from builder.texts import duration, money
from builder.wiring import runtime
from runtime.errors import NotFound
from runtime.operations import erasing, overseeing, rights, runs, sources, traces
from runtime.operations.called import CalledView, in_called
from runtime.operations.traces import RunView, StepView

NOT_TIMED = {"running": "running", "asking": "waits", "skipped": "skipped"}
"""What stands in place of a duration."""

NOT_BEGUN = ("skipped", "waiting")
GATHER_S = 0.3
"""events that come within this time are read together: a run may work on thousands of items"""
ENDED = {"succeeded", "partly_succeeded", "failed", "cancelled"}


class Facts(TypedDict):
    """What stands on top."""

    id: str
    title: str
    workflow: str
    status: str
    who: str
    started: float
    took: str
    tokens: str
    cost: str
    error: str
    hint: str
    error_run: str
    """the run of its error workflow"""
    because: str
    """the run whose failure began it"""


class Step(TypedDict):
    """One step, with its share of the run's time as a bar."""

    id: str
    """its id, behind the place of the workflow where that is called: `call/ask`"""
    title: str
    kind: str
    status: str
    took: str
    begin: float
    end: float
    waits: str
    """whom it waits for"""
    until: float
    depth: int
    """how many containers it lies in"""
    items: str
    """how many items or rounds a container came to"""
    kind_of_items: str
    path: str
    """where it went last; empty: in no container"""
    called: Called
    says: str
    """what became of a failure, and how often it was tried"""


class Given(TypedDict):
    """One value that went in or came out; as text when it is one, as files, else as a tree."""

    name: str
    text: str
    tree: list[Line]
    files: list[Handle]


NO_RUN = Facts(
    id="", title="", workflow="", status="", who="", started=0.0, took="", tokens="", cost="", error="", hint="",
    error_run="", because="",
)  # fmt: skip


class Run(rx.State):
    """The run that is looked at, and the one step that is open."""

    facts: rx.Field[Facts] = rx.field(default_factory=NO_RUN.copy)
    steps: rx.Field[list[Step]] = rx.field(default_factory=list)
    inputs: rx.Field[list[Given]] = rx.field(default_factory=list)
    outputs: rx.Field[list[Given]] = rx.field(default_factory=list)
    inspected: rx.Field[Inspected] = rx.field(default_factory=NOTHING_OPEN.copy)
    inside: bool = True
    """whether this person sees what the steps handed on"""
    origin: str = ""
    """the address of what ran, where this person may open it"""
    origin_words: str = ""
    erased: float = 0.0
    """when its data was removed"""
    erased_by: str = ""
    may_erase: bool = False
    asking: bool = False
    """whether the question is open if its data shall be removed"""
    loaded: bool = False
    cancelling: bool = False
    _watched: str = ""
    _seq: int = 0
    """the newest record that is shown"""
    _labels: dict[str, dict[str, str]]

    @internal
    async def load(self):
        self.loaded, self.inspected, self.cancelling = False, NOTHING_OPEN, False
        self.erased, self.may_erase, self.asking = 0.0, False, False
        self.facts, self.steps, self.inputs, self.outputs, self.origin = NO_RUN, [], [], [], ""
        self._watched = routes.last(self.router.url.path)
        with suppress(NotFound):  # the page says so
            view = await traces.read_run(runtime(), current_actor(), run=self._watched)
            self._show(view, {})
            self.origin, self.origin_words = await _origin_of(view)
            self.may_erase = await erasing.may_erase(runtime(), current_actor(), run=self._watched)
        self.loaded = True
        return Run.follow if self.facts["id"] and self.facts["status"] not in ENDED else None

    @requires("run.see", background=True)
    async def follow(self) -> None:
        """Reads on as records arrive, until the run ends or the person looks at something else."""
        actor = current_actor()
        async with self:
            run, after = self._watched, self._seq
        if not run:
            return
        begun = dict[str, float]()
        async for events in gathered(runs.follow_run(runtime(), actor, run=run, after=after, patient=True), GATHER_S):
            # the pieces of an answer are left out: here people look at steps
            told = [event for event in events if event["kind"] not in ("text", "answer")]
            news = [event for event in told if event["kind"] != "quiet"]
            for event in news:
                note_begun(begun, event)
            if not told:
                continue
            if not news:
                async with self:
                    if self._watched != run:
                        return
                continue
            view = await traces.read_run(runtime(), actor, run=run)
            erasable = view.card.status in ENDED and await erasing.may_erase(runtime(), actor, run=run)
            async with self:
                if self._watched != run:
                    return
                self._show(view, begun)
                self.may_erase = erasable

    @requires("run.see")
    async def leave(self) -> None:
        self._watched = ""

    @requires("run.see")
    async def open_step(self, step: str):
        """Open a step, of a container with its items, or close it."""
        row = next((one for one in self.steps if one["id"] == step), None)
        if row is None or self.inspected["step"] == step:
            self.inspected = NOTHING_OPEN
            return None
        async with told(self):
            found = await traces.inspect_step(
                runtime(), current_actor(), run=self.facts["id"], step=step.rpartition("/")[2], path=row["path"]
            )
            self.inspected = Inspected(**{**await self._inspected(found), "step": step, "called": row["called"]})
        return RunItems.look(step, row["kind_of_items"], row["path"]) if row["kind_of_items"] else None

    async def _inspected(self, found: dict[str, Any]) -> Inspected:
        """With the names people know, and links to passages this person may open now."""
        step: StepView = found["step"]
        cited = await sources.sources_of(runtime(), current_actor(), run=self.facts["id"])
        labels = {"flow.start": self._labels.get("inputs"), "flow.finish": self._labels.get("outputs")}
        return inspected_of(
            step, found["input"], fields=_fields(step.type), outputs=labels.get(step.type) or {},
            readable={each.passage for each in cited if each.readable},
        )  # fmt: skip

    @requires("run.cancel")
    async def cancel(self):
        self.cancelling = True
        yield
        async with told(self):
            await runs.cancel_run(runtime(), current_actor(), run=self.facts["id"])
        self.cancelling = False

    @requires("page.see")
    async def ask(self, erase: bool) -> None:
        self.asking = erase

    @requires("run.erase")
    async def erase(self) -> None:
        async with told(self):
            await erasing.erase_run(runtime(), current_actor(), run=self.facts["id"])
            self.asking, self.may_erase, self.inspected = False, False, NOTHING_OPEN
            self._show(await traces.read_run(runtime(), current_actor(), run=self.facts["id"]), {})

    def _show(self, view: RunView, begun: Mapping[str, float]) -> None:
        """`begun` are steps that run right now; what is committed knows nothing of them yet."""
        self.facts, self._labels, self.inside = facts_of(view), view.labels, view.inside
        self._seq = view.seq
        self.erased, self.erased_by = view.erased or 0.0, view.erased_by
        self.inputs = values_of(view.inputs, view.labels.get("inputs", {}))
        self.outputs = values_of(view.outputs or {}, view.labels.get("outputs", {}))
        self.steps = steps_of(
            [
                replace(one, status="running", started=begun[one.step])
                if one.step in begun and one.started is None
                else one
                for one in view.steps
            ],
            now=runtime().clock.now(),
            label=label_of,
            called=view.called,
        )


def note_begun(begun: dict[str, float], event: Mapping[str, Any]) -> None:
    """Keep since when a step runs, until something of it is committed; of steps of called workflows nothing is kept."""
    if in_called(event.get("path", "")):
        return
    if event["kind"] == "step.started":
        begun[event["step"]] = event["started"]
    else:
        begun.pop(event.get("step", ""), None)


def facts_of(view: RunView) -> Facts:
    """The run in a line of figures."""
    card, error = view.card, view.error or {}
    tokens = card.tokens_in + card.tokens_out
    return Facts(
        id=card.run,
        title=card.title,
        workflow=card.name,
        status=card.status,
        who=who_started(card),
        started=card.started or 0.0,
        took=_took(card.started, card.ended),
        tokens=f"{tokens:,}" if tokens else "",
        cost=money(card.cost),
        error=error.get("message", ""),
        hint=error.get("hint", ""),
        error_run=view.error_run,
        because=view.because,
    )


def steps_of(
    found: list[StepView], *, now: float, label: Callable[[str], str], called: Sequence[CalledView] = ()
) -> list[Step]:
    """The steps as they come, each with its share of the run's time; what runs reaches until now. Behind one that calls
    a workflow come the steps of that.

    `label` says what people call a step type.
    """
    timed = [one for one in (*found, *(each for view in called for each in view.steps)) if one.started]
    first = min((one.started for one in timed if one.started), default=now)
    whole = max((one.ended or now for one in timed), default=now) - first or 1.0
    views = views_of(called)

    def drawn(one: StepView, place: str, depth: int) -> Step:
        begin = (one.started - first) / whole if one.started else 0.0
        end = ((one.ended or now) - first) / whole if one.started else 0.0
        called_there = named(views.get((place, one.step)))
        kind = " · ".join(filter(None, [label(one.type), called_there["name"]]))
        title = label(one.type) if one.title == one.step else one.title
        return Step(
            id=f"{place}/{one.step}" if place else one.step,
            title=title,
            kind=kind if not one.origin else one.origin if kind == title else f"{kind} · {one.origin}",
            status=status_of(one),
            took=_took(one.started, one.ended) or NOT_TIMED.get(one.status, ""),
            begin=round(begin, 4),
            end=round(end, 4),
            waits=one.asked.waits_for if one.asked and one.status == "asking" else "",
            until=(one.asked.deadline or 0.0) if one.asked else 0.0,
            depth=depth,
            items="" if one.origin or (one.status in NOT_BEGUN and not _ended(one)) else counted(one.items),
            kind_of_items=one.items.kind if one.items else "",
            path=one.path or place,
            says=_says(one),
            called=called_there,
        )

    return [drawn(one, place, depth) for one, place, depth in in_places(found, called)]


def _ended(one: StepView) -> bool:
    """Whether any item or round of it has."""
    return one.items is not None and one.items.done + one.items.failed > 0


def _says(one: StepView) -> str:
    """What became of a failure, and how often it was tried."""
    went = "went on by its exit “Failed”" if one.exit == "error" else "went on with its fallback"
    parts = [f"{one.tries} tries" if one.tries > 1 else "", f"failed, {went}" if one.handled else ""]
    return " · ".join(each for each in parts if each)


def values_of(values: Mapping[str, Any], labels: Mapping[str, str] = MappingProxyType({})) -> list[Given]:
    """Named values for reading, called as people call them: text stays text, a file a file, all else becomes a tree."""
    return [_given(labels.get(name) or spoken(name), value) for name, value in values.items()]


def _given(name: str, value: Any) -> Given:
    files, text = handles_in(value), value if isinstance(value, str) else ""
    plain = bool(files) or isinstance(value, str)
    return Given(name=name, text=text, tree=[] if plain else lines_of(value), files=files)


def _fields(type_id: str) -> dict[str, str]:
    """What the form of a step type calls its settings."""
    described = next((each for each in runtime().catalogue.describe() if each["type"] == type_id), None)
    return {each["name"]: each["label"] for each in described["fields"]} if described else {}


async def _origin_of(view: RunView) -> tuple[str, str]:
    """Where what ran can be opened by this person, and what the link says; nothing where it cannot."""
    if view.app:
        ways = await overseeing.ways_in(runtime(), current_actor(), app=view.app)
        return (routes.app(view.app), "Open app") if ways.runs or ways.oversees else ("", "")
    with suppress(NotFound):
        if (await rights.why(runtime(), current_actor(), action="workflow.see", name=view.card.name)).allowed:
            return routes.editor(view.card.name), "Open workflow"
    return "", ""


def _took(started: float | None, ended: float | None) -> str:
    return duration(ended - started) if started and ended else ""
