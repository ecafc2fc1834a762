"""What is told after an action, as a toast; what holds all along, as a notice in its place."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from secrets import token_hex
from typing import Literal, TypedDict

import reflex as rx

from builder.components.badge import Tone
from builder.components.icon import icon
from builder.session import internal
from builder.shipped import shipped
from runtime.errors import GreenlaneError, ProveYourself

logger = logging.getLogger(__name__)
_loading: ContextVar[bool] = ContextVar("greenlane_loading", default=False)

KEPT = 3
"""Older ones were shown already; the browser remembers which."""


class Told(TypedDict):
    """One toast."""

    id: str
    kind: Literal["good", "bad"]
    title: str
    text: str


class Notices(rx.State):
    """What this person was told, newest last."""

    told: rx.Field[list[Told]] = rx.field(default_factory=list)
    proof: str = ""
    """why the password is asked for; see `prove`"""

    def _tell(self, title: str, text: str = "", kind: Literal["good", "bad"] = "good") -> None:
        self.told = [*self.told, Told(id=token_hex(8), kind=kind, title=title, text=text)][-KEPT:]

    @internal
    async def tell_failure(self) -> None:
        self._tell("This did not work", "The failure was recorded. Try again, or reload the page.", "bad")


def tell_failure(exception: Exception) -> rx.event.EventSpec:
    """What Reflex calls when a handler fails. Its own way would run text in the browser, which our pages forbid."""
    logger.error("a handler failed", exc_info=exception)
    return Notices.event_handlers["tell_failure"]()


async def tell(state: rx.State, title: str, text: str = "") -> None:
    """Tell that something worked."""
    (await state.get_state(Notices))._tell(title, text)


async def tell_error(state: rx.State, error: GreenlaneError) -> None:
    """Tell what went wrong and what to do next; where a fresh proof is missing, ask for it."""
    notices = await state.get_state(Notices)
    if isinstance(error, ProveYourself):
        notices.proof = error.sentence
    else:
        notices._tell(error.sentence, error.hint, "bad")


@contextmanager
def loading() -> Iterator[None]:
    """Around what a page shows first: what goes wrong is not told in passing, it goes on to who shows the page."""
    before = _loading.set(True)
    try:
        yield
    finally:
        _loading.reset(before)


@asynccontextmanager
async def told(state: rx.State) -> AsyncIterator[None]:
    """Around a call of an operation: its refusal becomes a toast, and the rest of the handler is left out. Not while a
    page loads: see `loading`."""
    try:
        yield
    except GreenlaneError as error:
        if _loading.get():
            raise
        await tell_error(state, error)


class Toasts(rx.Component):
    """See toast.jsx."""

    library = shipped(__file__, "toast.jsx")
    tag = "Toasts"
    notices: rx.Var[list[Told]]


def toasts() -> rx.Component:
    """Where toasts appear; once on every page."""
    return Toasts.create(notices=Notices.told)


def notice(text: str | rx.Var[str] | rx.Component, tone: Tone = "blue", *, icon_name: str = "info") -> rx.Component:
    """Something to know, in its place on the page."""
    return rx.el.div(icon(icon_name, 18), rx.el.div(text), class_name=f"gl-notice gl-tone--{tone}")
