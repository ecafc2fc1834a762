"""One app: its form, a run of it while it runs, what came out with its sources, and one's earlier runs."""

import asyncio
from collections.abc import Mapping
from typing import Any, TypedDict

import reflex as rx

from builder import routes
from builder.components.inputs import Asked, asked_of, use_of, values_of, with_errors
from builder.components.toast import tell_error, told
from builder.screens.answer import QUIET, TEXT_S, Cited, Said, cited_of
from builder.screens.app_chat import Chat
from builder.screens.app_manage import Manage
from builder.screens.run import ENDED, Given, note_begun
from builder.screens.run import values_of as given_of
from builder.screens.run_step import titled
from builder.session import current_actor, internal, requires
from builder.texts import duration, money
from builder.wiring import runtime
from runtime.errors import AppStopped, BadInput, GreenlaneError, NotFound
from runtime.operations import apps, exploring, overseeing, runs, sources, traces
from runtime.operations.apps import AppView
from runtime.operations.exploring import Wanted
from runtime.operations.forms import FormField
from runtime.operations.traces import RunView, StepView

INSIDE_S = 0.5
"""how often what happens inside containers is shown: there may be thousands of items"""
PAST = 10
"""earlier runs that are listed"""
DOES = {
    "waiting": "not yet",
    "running": "working on it",
    "asking": "waits for a decision",
    "done": "done",
    "failed": "did not work",
    "skipped": "not needed",
}
"""what a step does, in plain words"""


class Facts(TypedDict):
    """The app."""

    id: str
    name: str
    title: str
    about: str
    icon: str
    owner: str
    stopped: str
    hint: str
    until: float


class Shown(TypedDict):
    """The run that is looked at."""

    id: str
    status: str
    took: str
    cost: str
    error: str
    hint: str
    erased: float
    """when its data was removed"""


class Going(TypedDict):
    """A step as whoever waits for it sees it."""

    title: str
    status: str
    says: str


class Past(TypedDict):
    """An earlier run."""

    id: str
    status: str
    said: str
    created: float
    took: str


NO_APP = Facts(id="", name="", title="", about="", icon="", owner="", stopped="", hint="", until=0.0)
NO_RUN = Shown(id="", status="", took="", cost="", error="", hint="", erased=0.0)


class App(rx.State):
    """The app that is open."""

    facts: rx.Field[Facts] = rx.field(default_factory=NO_APP.copy)
    asked: rx.Field[list[Asked]] = rx.field(default_factory=list)
    use: rx.Field[list[str]] = rx.field(default_factory=list)
    filled: int = 0
    """counts how often the form was filled anew: what is typed belongs to the browser until then"""
    refilled: int = 0
    """counts how often that was asked for"""
    run: rx.Field[Shown] = rx.field(default_factory=NO_RUN.copy)
    steps: rx.Field[list[Going]] = rx.field(default_factory=list)
    writing: str = ""
    outputs: rx.Field[list[Given]] = rx.field(default_factory=list)
    sources: rx.Field[list[Cited]] = rx.field(default_factory=list)
    past: rx.Field[list[Past]] = rx.field(default_factory=list)
    loaded: bool = False
    starting: bool = False
    runs_it: bool = False
    """whether this person may run it, and not only look after it"""
    tab: str = "run"
    _fields: list[FormField] = []  # noqa: RUF012 - Reflex copies it for each session
    _name: str = ""
    _watched: str = ""

    @internal
    async def load(self):
        self._name = routes.last(self.router.url.path)
        self.loaded, self.tab, self.starting = False, "run", False
        self.facts, self.asked, self.use, self.past = NO_APP.copy(), [], [], []
        self.runs_it = False
        self._forget()
        chat = await self.get_state(Chat)
        await chat._open(None)
        ways = await overseeing.ways_in(runtime(), current_actor(), app=self._name)
        if ways.runs or not ways.oversees:  # whoever only looks after it is refused nothing by not running it
            try:
                view = await apps.open_app(runtime(), current_actor(), app=self._name)
                self._open(view)
                await chat._open(view, str(self.router.url.query_parameters.get(routes.CONVERSATION, "")))
                await self._list_past()
            except NotFound:
                pass  # the page says so
            except GreenlaneError as error:
                await tell_error(self, error)
        self.loaded = True
        manage = Manage.load if ways.oversees else Manage.clear
        return [manage, Chat.follow] if chat.going else manage

    def _open(self, view: AppView) -> None:
        card = view.card
        self.facts = Facts(
            id=card.id, name=card.name, title=card.title, about=card.description, icon=card.icon, owner=card.owner,
            stopped=card.stopped, hint=view.hint, until=view.until or 0.0,
        )  # fmt: skip
        self._fields, self.runs_it = view.inputs, view.level != "see"
        self.asked, self.use = asked_of(view.inputs), use_of(view.inputs)
        self.filled += 1

    @requires("page.see")
    async def choose(self, tab: str) -> None:
        self.tab = tab

    @requires("app.run")
    async def start(self, form: dict[str, str | bool]):
        """Run it with what the form says."""
        self.starting, self.asked = True, with_errors(self.asked, [])
        yield
        try:
            started = await apps.start_app_run(
                runtime(), current_actor(), app=self._name, inputs=values_of(self._fields, form)
            )
            self._forget()
            self._watched = started.run
            self._show(await traces.read_run(runtime(), current_actor(), run=started.run), {})
            await self._list_past()
        except BadInput as error:
            problems = error.details.get("problems", [])
            self.asked = with_errors(self.asked, problems)
            if not any(one["error"] for one in self.asked):
                await tell_error(self, error)
        except AppStopped as error:
            self.facts = Facts(**{**self.facts, "stopped": error.sentence, "hint": error.hint})
        except GreenlaneError as error:
            await tell_error(self, error)
        self.starting = False
        if self._watched and self.run["status"] not in ENDED:
            yield App.follow

    @requires("run.see")
    async def look(self, run: str):
        """Show an earlier run again."""
        async with told(self):
            view = await traces.read_run(runtime(), current_actor(), run=run)
            self._forget()
            self._watched = run
            self._show(view, {})
            await self._cite()
        return App.follow if self._watched and self.run["status"] not in ENDED else None

    @requires("run.see")
    async def again(self, run: str) -> None:
        """Fill the form as it was filled for an earlier run."""
        async with told(self):
            view = await traces.read_run(runtime(), current_actor(), run=run)
            self.asked = asked_of(self._fields, view.inputs)
            self.filled += 1
            self.refilled += 1

    @requires("run.cancel")
    async def stop(self) -> None:
        async with told(self):
            await runs.cancel_run(runtime(), current_actor(), run=self._watched)
            self._show(await traces.read_run(runtime(), current_actor(), run=self._watched), {})

    @requires("page.see")
    async def leave(self) -> None:
        self._watched = ""

    @requires("run.see", background=True)
    async def follow(self) -> None:
        """Reads on until the run ends, or this person looks at something else."""
        actor, now = current_actor(), asyncio.get_running_loop().time
        async with self:
            run = self._watched
        if not run:
            return
        begun, said, sent, read = dict[str, float](), Said(), 0.0, 0.0
        async for event in runs.follow_run(runtime(), actor, run=run, patient=True):
            inner = event["kind"] != "text" and event.get("path")
            if event["kind"] == "quiet" or (inner and now() - read < INSIDE_S):
                async with self:
                    if self._watched != run:
                        return
                continue
            if event["kind"] == "text":
                said = said.heard(event)
                if now() - sent < TEXT_S:
                    continue
                sent = now()
                async with self:
                    if self._watched != run:
                        return
                    self.writing = said.text
                continue
            note_begun(begun, event)
            read = now()
            view = await traces.read_run(runtime(), actor, run=run)
            async with self:
                if self._watched != run:
                    return
                self._show(view, begun)
                self.writing = "" if view.card.status in ENDED else said.text
        found = await sources.sources_of(runtime(), actor, run=run)
        async with self:
            if self._watched == run:
                self.sources = cited_of(found)
                await self._list_past(actor)

    async def _cite(self) -> None:
        self.sources = cited_of(await sources.sources_of(runtime(), current_actor(), run=self._watched))

    async def _list_past(self, actor: Any = None) -> None:
        wanted = Wanted(of=self.facts["id"])
        found = await exploring.explore_runs(runtime(), actor or current_actor(), wanted=wanted, limit=PAST)
        self.past = [
            Past(id=one.run, status=one.status, said=one.said, created=one.created, took=took(one.started, one.ended))
            for one in found
        ]  # fmt: skip

    def _forget(self) -> None:
        self.run, self.steps, self.outputs, self.sources, self.writing = NO_RUN.copy(), [], [], [], ""
        self._watched = ""

    def _show(self, view: RunView, begun: Mapping[str, float]) -> None:
        card, error = view.card, view.error or {}
        self.run = Shown(
            id=card.run, status=card.status, took=took(card.started, card.ended), cost=money(card.cost),
            error=error.get("message", ""), hint=error.get("hint", ""), erased=view.erased or 0.0,
        )  # fmt: skip
        self.steps = going_of(view.steps, begun)
        self.outputs = given_of(view.outputs or {}, view.labels.get("outputs", {}))


def going_of(steps: list[StepView], begun: Mapping[str, float]) -> list[Going]:
    """The steps in plain words; `begun` are those that run right now, of which the log knows nothing yet."""
    return [_going(one, "running" if one.step in begun and one.started is None else one.status)
            for one in steps if one.type not in QUIET]  # fmt: skip


def _going(one: StepView, status: str) -> Going:
    waits = one.asked.waits_for if one.asked and status == "asking" else ""
    says = f"waits for {waits}" if waits else DOES.get(status, status)
    return Going(title=titled(one), status="queued" if status == "waiting" else status, says=says)


def took(started: float | None, ended: float | None) -> str:
    return duration(ended - started) if started and ended else ""
