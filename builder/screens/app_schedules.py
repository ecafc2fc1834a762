"""The schedules of an app: when its runs begin by themselves. How it looks is in `app_schedules_view`."""

import json
from collections.abc import Mapping
from typing import Any, TypedDict

import reflex as rx

from builder.components.asking import Asking
from builder.components.inputs import FILES, Asked, asked_of, values_of, with_errors
from builder.components.toast import tell_error, told
from builder.session import current_actor, requires
from builder.wiring import runtime
from runtime.errors import BadInput, GreenlaneError
from runtime.operations import schedules
from runtime.operations.forms import FormField
from runtime.operations.schedules import Rule, ScheduleCard

PREFIX = "when_"
"""how the names of the fields begin that say when, so that none is taken for an input of the app"""
LONGEST = 120


class Scheduled(TypedDict):
    """A schedule in the table."""

    id: str
    words: str
    zone: str
    inputs: str
    next_due: float
    stopped: str
    last_due: float
    last_run: str
    last_status: str


class Schedules(Asking, rx.State):
    """Those of the app that is looked after, and the one that is being made."""

    rows: rx.Field[list[Scheduled]] = rx.field(default_factory=list)
    asked: rx.Field[list[Asked]] = rx.field(default_factory=list)
    every: str = "week"
    zone: str = "UTC"
    chosen: str = ""
    busy: bool = False
    wants_file: str = ""
    """the input whose file nobody would bring; empty where there is none, or it may be left out"""
    _app: str = ""
    _fields: list[FormField] = []  # noqa: RUF012 - Reflex copies it for each session

    async def _show(self, app: str, fields: list[FormField]) -> None:
        """Those of this app, whose runs take these inputs; none where `app` is empty."""
        self._app, self._fields, self.asking, self.rows, self.busy = app, fields, "", [], False
        self.wants_file = next((each.label for each in fields if each.kind in FILES and each.required), "")
        if app:
            async with told(self):
                await self._refresh()

    async def _refresh(self) -> None:
        found = await schedules.list_schedules(runtime(), current_actor(), app=self._app)
        labels = {each.name: each.label for each in self._fields}
        self.rows = [_row(each, labels) for each in found]

    @requires("page.see")
    async def ask_new(self) -> None:
        typed = [each for each in self._fields if each.kind not in FILES]
        self.asking, self.every, self.asked = "new", "week", asked_of(typed)
        self.zone = self.rows[-1]["zone"] if self.rows else schedules.home_zone()

    @requires("page.see")
    async def choose_every(self, every: str) -> None:
        self.every = every

    @requires("page.see")
    async def ask_remove(self, schedule: str) -> None:
        self.asking, self.chosen = "remove", schedule

    @requires("schedule.create")
    async def create(self, form: dict[str, str | bool]):
        self.busy, self.asked = True, with_errors(self.asked, [])
        yield
        try:
            await schedules.create_schedule(
                runtime(), current_actor(), app=self._app, rule=rule_from(form), zone=str(form.get("when_zone", "")),
                inputs=values_of(self._fields, form),
            )  # fmt: skip
            await self._done("The schedule is set", "Its runs begin by themselves from now on.")
        except BadInput as error:
            self.asked = with_errors(self.asked, error.details.get("problems", []))
            if not any(one["error"] for one in self.asked):
                await tell_error(self, error)
        except GreenlaneError as error:
            await tell_error(self, error)
        self.busy = False

    @requires("schedule.change")
    async def stop(self, schedule: str) -> None:
        async with told(self):
            await schedules.stop_schedule(runtime(), current_actor(), app=self._app, schedule=schedule)
            await self._done("The schedule is off", "It begins no run until somebody switches it on.")

    @requires("schedule.change")
    async def resume(self, schedule: str) -> None:
        async with told(self):
            await schedules.resume_schedule(runtime(), current_actor(), app=self._app, schedule=schedule)
            await self._done("The schedule is on")

    @requires("schedule.change")
    async def remove(self) -> None:
        async with told(self):
            await schedules.remove_schedule(runtime(), current_actor(), app=self._app, schedule=self.chosen)
            await self._done("The schedule is removed", "The runs it began stay.")


def rule_from(form: Mapping[str, str | bool]) -> Rule:
    """When, as the form says it: of each rule only what belongs to it."""
    said = {name.removeprefix(PREFIX): str(value).strip() for name, value in form.items() if name.startswith(PREFIX)}
    given: dict[str, object] = {"every": said.get("every", "")}
    match given["every"]:
        case "cron":
            given["cron"] = said.get("cron", "")
        case "hour":
            given["at"] = f"00:{said.get('minute', '0'):0>2}"
        case _:
            given["at"] = said.get("at", "")[:5]
    for name in ("weekday", "day"):
        if said.get(name, "").isdigit():
            given[name] = int(said[name])
    return schedules.rule_of(**given)


def _row(card: ScheduleCard, labels: Mapping[str, str]) -> Scheduled:
    said = {labels.get(name, name): value for name, value in card.inputs.items() if value is not None}
    given = ", ".join(f"{label}: {_written(value)}" for label, value in said.items())
    return Scheduled(
        id=card.id, words=card.words, zone=card.zone,
        inputs=given if len(given) <= LONGEST else f"{given[:LONGEST]}…", next_due=card.next_due or 0.0,
        stopped=card.stopped, last_due=card.last_due or 0.0, last_run=card.last_run, last_status=card.last_status,
    )  # fmt: skip


def _written(value: Any) -> str:
    """What was filled in: text as it is, a yes or no in words."""
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case _:
            return json.dumps(value, ensure_ascii=False)
