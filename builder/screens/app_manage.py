"""Looking after an app: what it ran, what stops it, who may run it, the keys that start it."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal, TypedDict

import reflex as rx

from builder import routes
from builder.components.api_keys import Keys, keys_of
from builder.components.toast import told
from builder.screens.app_limits import Limits
from builder.screens.app_schedules import Schedules
from builder.session import current_actor, internal, requires
from builder.texts import count
from builder.wiring import runtime
from runtime.errors import NotFound
from runtime.operations import erasing, keys, overseeing, publishing, stops
from runtime.operations.forms import FormField
from runtime.operations.overseeing import Oversight

_EXAMPLES: dict[str, Any] = {"number": 1, "yes_no": True, "date": "2027-01-31", "list": ["…"], "json": {},
                            "file": "file_…", "files": ["file_…"]}  # fmt: skip
"""what an input of a kind could be"""


class Release(TypedDict):
    """One release."""

    number: int
    version: str
    at: float
    who: str
    reason: str
    now: bool
    stands: bool
    sentence: str


class Manage(Keys, rx.State):
    """The app that is looked after, and the question that is open."""

    name: str = ""
    """empty where this person does not look after it"""
    title: str = ""
    stopped: str = ""
    by_switch: bool = False
    """whether somebody stopped it, rather than time or a change"""
    until: float = 0.0
    """when its approval ends by itself"""
    steers: bool = False
    shares: bool = False
    owns: bool = False
    submission: int = 0
    releases: rx.Field[list[Release]] = rx.field(default_factory=list)
    keep_days: int = 0
    """days after its end at which the data of a run is removed; 0: it is kept"""
    example: str = ""
    """how a program starts the app"""
    release: int = 0
    """number of the release that is asked about"""
    busy: bool = False
    _asks: list[FormField] = []  # noqa: RUF012 - Reflex copies it for each session

    @internal
    async def clear(self) -> None:
        """Who only runs the app sees nothing of this."""
        self.name, self.asking, self.new_key, self.busy = "", "", "", False
        self.releases, self.keys = [], []
        await self._show_parts("", False, False)

    @internal
    async def load(self) -> None:
        await self.clear()
        name = routes.last(self.router.url.path)
        with suppress(NotFound):
            await self._refresh(name)
            await self._show_parts(self.name, self.owns, self.steers)

    async def _show_parts(self, name: str, owns: bool, steers: bool) -> None:
        """What only its owner, and what only IT sees of it."""
        await (await self.get_state(Schedules))._show(name if owns else "", self._asks)
        await (await self.get_state(Limits))._show(name if steers else "")

    async def _refresh(self, name: str = "") -> None:
        found = await overseeing.oversee_app(runtime(), current_actor(), app=name or self.name)
        self.name, self.title, self.stopped = found.card.name, found.card.title, found.card.stopped
        self.by_switch, self.until = found.switched_off, found.until or 0.0
        self.steers, self.shares, self.owns = found.steers, found.level in ("share", "own"), found.level == "own"
        self.submission, self.keep_days = found.submission, found.keep_days or 0
        self.releases, self.keys = releases_of(found), keys_of(found.keys)
        url = self.router.url
        self.example = curl_of(f"{url.scheme}://{url.netloc}", found.card.name, found.asks)
        self._asks = found.asks

    @requires("page.see")
    async def ask(self, what: Literal["stop", "resume", "keep"]) -> None:
        self.asking = what

    @requires("page.see")
    async def ask_back(self, release: int) -> None:
        self.asking, self.release = "back", release

    @requires("app.stop")
    async def stop(self, form: dict[str, str]):
        self.busy = True
        yield
        async with told(self):
            done = await stops.stop_app(runtime(), current_actor(), app=self.name, reason=form.get("why_stop", ""))
            ended = f"{count(done.runs, 'run')} ended." if done.runs else "Nothing was running."
            await self._done("The app is stopped", ended)
        self.busy = False

    @requires("app.resume")
    async def resume(self, form: dict[str, str]) -> None:
        async with told(self):
            await stops.resume_app(runtime(), current_actor(), app=self.name, reason=form.get("why_resume", ""))
            await self._done("The app may run again")

    @requires("app.roll_back")
    async def roll_back(self, form: dict[str, str]) -> None:
        async with told(self):
            done = await publishing.roll_back(
                runtime(), current_actor(), app=self.name, release=self.release, reason=form.get("why_back", "")
            )
            await self._done("Rolled back", f"Release {done.release} runs what release {self.release} ran.")

    @requires("app.keep")
    async def keep(self, form: dict[str, str]) -> None:
        said = form.get("keep_days", "").strip()
        async with told(self):
            days = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else None if not said else 0
            await erasing.keep_runs(runtime(), current_actor(), app=self.name, days=days)
            kept = f"Removed {count(days, 'day')} after a run has ended." if days else "Kept until somebody removes it."
            await self._done("Changed how long data is kept", kept)

    @requires("app.key")
    async def make_key(self, form: dict[str, str]) -> None:
        async with told(self):
            made = await keys.create_key(runtime(), current_actor(), label=form.get("label", ""), app=self.name)
            self.new_key, self.asking = made.text, "made"
            await self._refresh()

    @requires("app.revoke")
    async def revoke(self) -> None:
        async with told(self):
            await overseeing.revoke_app_key(runtime(), current_actor(), app=self.name, key=self.chosen)
            await self._done("Key revoked", "Programs that use it are refused from now on.")


def releases_of(found: Oversight) -> list[Release]:
    return [
        Release(
            number=each.number, version=f"version {each.version}", at=each.at, who=each.who, reason=each.reason,
            now=each.now, stands=each.stands, sentence="" if each.stands else each.sentence,
        )
        for each in found.releases
    ]  # fmt: skip


def curl_of(origin: str, app: str, asks: Sequence[FormField]) -> str:
    """How a program starts the app, to copy: with what a start cannot do without."""
    given = {each.name: _EXAMPLES.get(each.kind, each.options[0] if each.options else "…")
             for each in asks if each.required and each.default is None}  # fmt: skip
    body = json.dumps({"inputs": given, "mode": "wait"}, ensure_ascii=False).replace("'", "’")
    brought = (
        f'curl "{origin}/api/v1/files?name=invoice.pdf" \\\n'
        '  -H "Authorization: Bearer $GREENLANE_KEY" \\\n'
        "  --data-binary @invoice.pdf\n\n"
        if any(each.kind in ("file", "files") for each in asks)
        else ""
    )
    return (
        f"{brought}curl {origin}/api/v1/apps/{app}/runs \\\n"
        '  -H "Authorization: Bearer $GREENLANE_KEY" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f"  -d '{body}'"
    )
