"""Models: the aliases that steps name, and what stands behind each. How it looks is in `models_view`."""

from typing import Literal, TypedDict

import reflex as rx

from builder.components.checked_form import CheckedForm
from builder.components.toast import told
from builder.screens.models_local import LocalModelsPart
from builder.session import current_actor, internal, requires
from builder.texts import CLEARANCES, HOSTINGS, money
from builder.wiring import runtime
from runtime.operations import models, stops
from runtime.operations.actors import permit
from runtime.operations.connections import list_connections
from runtime.operations.local_models import is_demo_quality
from runtime.operations.models import AliasCard, Binding


class Row(TypedDict):
    """An alias in the table. It names the variable that holds the key, never the key."""

    name: str
    about: str
    model: str
    over: str
    """name of the connection it leads over"""
    hosting: str
    clearance: str
    price: str
    spent: str
    fast: bool
    demo: bool
    demo_quality: bool
    key_missing: bool
    off: bool


FIELDS = (
    "name", "description", "model", "base_url", "key_env", "price_in", "price_out", "month_limit", "max_tokens",
    "hosting", "clearance", "fallback", "connection",
)  # fmt: skip
"""What the form asks for, besides the switch of the fast path; each is the name of a field of `Binding`."""

BLANK = dict.fromkeys(FIELDS, "") | {"hosting": "external", "clearance": "internal", "max_tokens": "2048"}

NUMBERS = ("price_in", "price_out", "month_limit", "max_tokens")

WRONG = {
    "name": "Small letters, digits, - and _, beginning with a letter.",
    "model": "The name of a model.",
    "key_env": "The name of a variable that begins with GREENLANE_KEY_.",
    "price_in": "A number, such as 0.25.",
    "price_out": "A number, such as 2.",
    "month_limit": "A number, such as 50.",
    "max_tokens": "A whole number from 1 to 1,000,000.",
}
"""What a field wants, when what was given does not fit."""


class Over(TypedDict):
    """A connection an alias may lead over."""

    id: str
    name: str


class Models(LocalModelsPart, CheckedForm, rx.State):
    """The table, and the alias that is being bound."""

    rows: rx.Field[list[Row]] = rx.field(default_factory=list)
    loaded: bool = False
    may_bind: bool = False
    is_new: bool = True
    fast: bool = False
    connections: rx.Field[list[Over]] = rx.field(default_factory=list)
    """those the person may use"""
    over: str = ""
    """id of the one that is chosen in the form; empty: an address of its own"""
    _cards: dict[str, AliasCard]

    @internal
    async def load(self) -> None:
        self.asking, self.may_bind = "", permit(current_actor(), "model.bind").allowed
        async with told(self):
            await self._refresh()

    async def _refresh(self) -> None:
        found = await models.list_aliases(runtime(), current_actor())
        self._cards = {card.alias.name: card for card in found}
        self.rows, self.loaded = [_row(card) for card in found], True
        self.connections = [
            Over(id=each.connection.id, name=each.connection.name)
            for each in await list_connections(runtime(), current_actor())
            if each.connection.kind == "model" and each.level != "see"
        ]
        await self._refresh_local()

    @requires("page.see")
    async def ask_new(self) -> None:
        self._begin(BLANK)
        self.over = self.connections[0]["id"] if self.connections else ""
        self.is_new, self.fast, self.asking = True, False, "bind"

    @requires("page.see")
    async def ask_change(self, name: str) -> None:
        if card := self._cards.get(name):
            self._begin(_given(card))
            self.over = card.alias.connection
            self.is_new, self.fast, self.asking = False, card.alias.fast, "bind"

    @requires("page.see")
    async def choose_over(self, connection: str) -> None:
        self.over = connection

    @requires("page.see")
    async def ask_remove(self, name: str) -> None:
        self.given, self.asking = BLANK | {"name": name}, "remove"

    @requires("page.see")
    async def ask_switch(self, what: Literal["off", "on"], name: str) -> None:
        self.given, self.asking = BLANK | {"name": name}, what

    @requires("model.bind")
    async def bind(self, form: dict[str, str | bool]) -> None:
        binding = self._read(form, binding_of, WRONG)
        if binding is None:
            return
        async with told(self):
            await models.bind_alias(runtime(), current_actor(), binding=binding)
            await self._done(f"“{binding.name}” is bound", "Steps that name it use this model from now on.")

    @requires("model.bind")
    async def remove(self) -> None:
        async with told(self):
            await models.remove_alias(runtime(), current_actor(), name=self.given.get("name", ""))
            await self._done("Alias removed", self.given.get("name", ""))

    @requires("model.stop")
    async def switch(self, form: dict[str, str]) -> None:
        """Off for everybody at once, or on again."""
        off, name = self.asking == "off", self.given.get("name", "")
        async with told(self):
            act = stops.stop_alias if off else stops.resume_alias
            await act(runtime(), current_actor(), alias=name, reason=form.get(f"why_{self.asking}", ""))
            said = "Steps that name it fail from now on." if off else "Steps may use it again."
            await self._done(f"“{name}” is switched {'off' if off else 'on'}", said)


def binding_of(form: dict[str, str | bool]) -> Binding:
    """What the form says. Raises pydantic's `ValidationError`, which names the fields."""
    given = {name: str(form[name]).strip() for name in FIELDS if name in form}
    empty = {name for name in (*NUMBERS, "fallback") if not given.get(name)}
    kept = {name: value for name, value in given.items() if name not in empty}
    return Binding.model_validate({**kept, "fast": bool(form.get("fast"))})


def _row(card: AliasCard) -> Row:
    alias = card.alias
    return Row(
        name=alias.name,
        about=alias.description,
        model=alias.model,
        over=card.over,
        hosting=HOSTINGS.get(alias.hosting, alias.hosting),
        clearance=CLEARANCES.get(alias.clearance, alias.clearance),
        price=_price(alias.price_in, alias.price_out),
        spent=money(card.spent_this_month) if card.spent_this_month else "$0.00",
        fast=alias.fast,
        demo=alias.demo,
        demo_quality=is_demo_quality(alias.model),
        key_missing=bool(alias.key_env or alias.connection) and not card.key_found,
        off=alias.stopped is not None,
    )


def _price(price_in: float | None, price_out: float | None) -> str:
    if price_in is None or price_out is None:
        return "unknown"
    return "free" if not (price_in or price_out) else f"${price_in:g} in · ${price_out:g} out"


def _given(card: AliasCard) -> dict[str, str]:
    values = {name: getattr(card.alias, name) for name in FIELDS}
    return {name: "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
            for name, value in values.items()}  # fmt: skip
