"""Connections: the outside hosts that workflows may call. How it looks is in `connections_view`."""

from typing import Literal, TypedDict

import reflex as rx

from builder.components.asking import Asking
from builder.components.checked_form import CheckedForm
from builder.components.toast import told
from builder.session import current_actor, internal, requires
from builder.texts import CLEARANCES
from builder.wiring import runtime
from runtime.operations import connections
from runtime.operations.actors import permit
from runtime.operations.connecting import Connecting
from runtime.operations.connections import ConnectionCard


class Row(TypedDict):
    """A connection in the table. It names the variable that holds the credential, never the credential."""

    id: str
    name: str
    about: str
    host: str
    clearance: str
    sends: str
    """how it shows who we are"""
    internal: bool
    plain: bool
    stopped: float
    key_missing: bool


FIELDS = ("name", "host", "description", "clearance", "probe")
"""What the form asks for, besides the two switches; each is the name of a field of `Connecting`."""

BLANK = dict.fromkeys(FIELDS, "") | {"clearance": "public", "probe": "/"}

WRONG = {
    "name": "A name of 1 to 60 characters.",
    "host": "A host, such as api.example.com.",
    "description": "At most 300 characters.",
    "probe": "A path that begins with /.",
}
"""What a field wants, when what was given does not fit."""


class Connections(Asking, CheckedForm, rx.State):
    """The table, and the connection something is done to."""

    rows: rx.Field[list[Row]] = rx.field(default_factory=list)
    loaded: bool = False
    may_change: bool = False
    chosen: str = ""
    """id of the connection; empty for a new one"""
    inside: bool = False
    plain: bool = False
    _cards: dict[str, ConnectionCard]

    @internal
    async def load(self) -> None:
        self.asking, self.may_change = "", permit(current_actor(), "connection.add").allowed
        async with told(self):
            await self._refresh()

    async def _refresh(self) -> None:
        found = await connections.list_connections(runtime(), current_actor())
        found = [card for card in found if card.connection.kind == "http"]
        self._cards = {card.connection.id: card for card in found}
        self.rows, self.loaded = [_row(card) for card in found], True

    @requires("page.see")
    async def ask_new(self) -> None:
        self._begin(BLANK)
        self.inside, self.plain, self.chosen, self.asking = False, False, "", "connect"

    @requires("page.see")
    async def ask_change(self, connection: str) -> None:
        if card := self._cards.get(connection):
            self._choose(card)
            self.inside, self.plain, self.asking = card.connection.internal, card.connection.plain, "connect"

    @requires("page.see")
    async def ask(self, connection: str, what: Literal["stop", "start", "remove"]) -> None:
        if card := self._cards.get(connection):
            self._choose(card)
            self.asking = what

    def _choose(self, card: ConnectionCard) -> None:
        self.chosen = card.connection.id
        self._begin({name: getattr(card.connection, name) for name in FIELDS})

    @requires("connection.change")
    async def save(self, form: dict[str, str | bool]) -> None:
        connecting = self._read(form, connecting_of, WRONG)
        if connecting is None:
            return
        async with told(self):
            if self.chosen:
                await connections.change_connection(
                    runtime(), current_actor(), connection=self.chosen, connecting=connecting
                )
            else:
                await connections.add_connection(runtime(), current_actor(), connecting=connecting)
            await self._done(f"“{connecting.name}” is saved", "Steps may call its host from now on.")

    @requires("connection.stop")
    async def stop(self, form: dict[str, str]) -> None:
        async with told(self):
            await connections.stop_connection(
                runtime(), current_actor(), connection=self.chosen, reason=form.get("reason", "")
            )
            await self._done("Connection stopped", "Nothing leaves over it from now on.")

    @requires("connection.start")
    async def start(self, form: dict[str, str]) -> None:
        async with told(self):
            await connections.start_connection(
                runtime(), current_actor(), connection=self.chosen, reason=form.get("reason", "")
            )
            await self._done("Connection in use again", "Steps may call its host.")

    @requires("connection.remove")
    async def remove(self) -> None:
        async with told(self):
            await connections.remove_connection(runtime(), current_actor(), connection=self.chosen)
            await self._done("Connection removed", self.given.get("host", ""))


def connecting_of(form: dict[str, str | bool]) -> Connecting:
    """What the form says. Raises pydantic's `ValidationError`, which names the fields."""
    given = {name: str(form[name]).strip() for name in FIELDS if name in form}
    return Connecting.model_validate(
        {**given, "internal": bool(form.get("internal")), "plain": bool(form.get("plain"))}
    )


def _row(card: ConnectionCard) -> Row:
    one = card.connection
    return Row(
        id=one.id,
        name=one.name,
        about=one.description,
        host=one.host,
        clearance=CLEARANCES.get(one.clearance, one.clearance),
        sends=f"{one.credential} {one.key_env}" if one.credential != "none" else "",
        internal=one.internal,
        plain=one.plain,
        stopped=one.stopped or 0.0,
        key_missing=one.credential != "none" and not card.key_found,
    )
