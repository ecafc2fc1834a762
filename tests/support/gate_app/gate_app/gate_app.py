"""Two states: what may be called, what may not, and a page that shows both."""

import asyncio
import os

import reflex as rx

from builder.session import close_surface, current_actor, internal, our_address, requires
from gate_app.people import People, controls
from runtime.settings import Settings

EFFECTS: list[str] = []
"""Every handler that ran leaves a line here; a test reads it under /api/effects."""


class Desk(rx.State):
    note: str = ""
    _secret: str = "canary-of-a-backend-var"

    @requires("desk.write")
    async def write(self, text: str, times: int = 1):
        EFFECTS.append(f"write {text} {times} by {current_actor().name}")
        self.note = text * times

    @requires("desk.write")
    async def begin(self):
        return Desk.finish("begun")

    @internal
    async def finish(self, how: str):
        EFFECTS.append(f"finish {how} by {current_actor().name}")

    @requires("desk.write")
    async def take(self, files: list[dict[str, str]]):
        EFFECTS.append(f"take {files} by {current_actor().name}")


class Drawer(rx.State):
    opened: int = 0

    @requires("drawer.open")
    async def open_it(self):
        EFFECTS.append(f"open by {current_actor().name}")
        self.opened += 1

    @requires("page.see")
    async def arrived(self):
        EFFECTS.append(f"arrived {current_actor().name}")

    @requires("page.see", background=True)
    async def tick(self, seconds: float, times: int):
        for _ in range(times):
            await asyncio.sleep(seconds)
            async with self:
                self.opened += 1


def forgotten(self, text: str = "") -> None:
    EFFECTS.append("forgotten")


def register_late() -> None:
    """A handler that appears after the boot check, as one made by a library while the server runs would."""
    Desk._add_event_handler("forgotten", forgotten)


def index() -> rx.Component:
    return rx.el.main(
        rx.el.p(Desk.note, id="note"),
        rx.el.button("write", id="write", on_click=Desk.write("hello", 2)),
        rx.el.button("open", id="open", on_click=Drawer.open_it),
        rx.el.p(Drawer.opened, id="opened"),
        rx.el.p(rx.cond(rx.State.is_hydrated, "ready", ""), id="state"),
    )


app = rx.App()
app.add_page(index, route="/")
app.add_page(index, route="/second", on_load=Drawer.arrived)

if os.environ.get("GATE_APP_UNGATED"):

    class Careless(rx.State):
        async def wipe(self):
            EFFECTS.append("wiped")


people = People()
close_surface(
    app,
    people,
    our_address(Settings(port=int(os.environ.get("GATE_APP_PORT", "3110")))),
    beside={"/api/": controls(people, EFFECTS, register_late)},
)
