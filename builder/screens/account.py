"""Account: who I am, how it looks, and keys for programs that act for me."""

from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import button
from builder.components.card import card
from builder.components.copy import copy_button
from builder.components.dialog import confirm, dialog, form_dialog
from builder.components.empty import empty
from builder.components.field import text_input
from builder.components.post_form import post_button
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.theme_choice import theme_choice
from builder.components.toast import notice, tell, told
from builder.components.when import when
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.operations import keys

COLUMNS = (Column("Name", lead=True), Column("Begins with"), Column("Created"), Column("Expires"), Column(""))


class Key(TypedDict):
    """A key, without its secret."""

    id: str
    label: str
    begins: str
    created: float
    expires: float
    revoked: bool


class Account(rx.State):
    """This person and their keys; the secret of a new key only until its dialog closes."""

    name: str = ""
    keys: rx.Field[list[Key]] = rx.field(default_factory=list)
    asking: str = ""
    chosen: str = ""
    chosen_label: str = ""
    new_key: str = ""

    @internal
    async def load(self) -> None:
        self.name = current_actor().name
        self.asking = self.new_key = ""
        async with told(self):
            await self._refresh()

    async def _refresh(self) -> None:
        self.keys = [_key(found) for found in await keys.list_keys(runtime(), current_actor())]

    @requires("page.see")
    async def ask_new(self) -> None:
        self.asking = "new"

    @requires("page.see")
    async def ask_revoke(self, key: str, label: str) -> None:
        self.asking, self.chosen, self.chosen_label = "revoke", key, label

    @requires("page.see")
    async def close(self) -> None:
        self.asking = self.new_key = ""

    @requires("key.create")
    async def create(self, form: dict[str, str]) -> None:
        async with told(self):
            made = await keys.create_key(runtime(), current_actor(), label=form["label"])
            self.new_key, self.asking = made.text, "made"
            await self._refresh()

    @requires("key.revoke")
    async def revoke(self) -> None:
        async with told(self):
            await keys.revoke_key(runtime(), current_actor(), key=self.chosen)
            self.asking = ""
            await self._refresh()
            await tell(self, "Key revoked", "Programs that use it are refused from now on.")


def _key(found: keys.KeyCard) -> Key:
    return Key(
        id=found.id,
        label=found.label,
        begins=f"{found.prefix}…",
        created=found.created,
        expires=found.expires or 0.0,
        revoked=found.revoked is not None,
    )


def screen() -> rx.Component:
    return page(
        "Account",
        card(_person(), _appearance()),
        _keys(),
        _new_dialog(),
        _made_dialog(),
        _revoke_dialog(),
        here=routes.ACCOUNT,
    )


def _person() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(Account.name[:1].upper(), class_name="gl-avatar", aria_hidden=True),
            rx.el.div(
                rx.el.p(Account.name, class_name="gl-strong"),
                rx.el.p("Signed in on this browser", class_name="gl-muted gl-small"),
            ),
            class_name="gl-row",
        ),
        post_button("Sign out", routes.SIGN_OUT, icon_name="log-out"),
        class_name="gl-setting",
    )


def _appearance() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p("Appearance", class_name="gl-strong"),
            rx.el.p("Kept in this browser.", class_name="gl-muted gl-small"),
        ),
        theme_choice(),
        class_name="gl-setting",
    )


def _keys() -> rx.Component:
    create = button("Create key", icon_name="plus", on_click=Account.ask_new)
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2("API keys"),
                rx.el.p("Let a program start runs and read them, as you.", class_name="gl-muted gl-small"),
                class_name="gl-grow",
            ),
            create,
            class_name="gl-row gl-row--wrap",
        ),
        rx.cond(
            Account.keys,
            table("API keys", COLUMNS, rx.foreach(Account.keys, _drawn)),
            rx.el.div(
                empty("No keys yet", "Create one when a program should run your workflows.", icon_name="key-round"),
                class_name="gl-card",
            ),
        ),
        class_name="gl-stack",
    )


def _drawn(key: ObjectVar[Key]) -> rx.Component:
    return row(
        COLUMNS,
        rx.el.span(key["label"], class_name="gl-strong"),
        rx.el.code(key["begins"]),
        when(key["created"].to(float)),
        rx.cond(key["expires"].to(float) > 0, when(key["expires"].to(float)), "never"),
        rx.cond(
            key["revoked"],
            badge("Revoked"),
            button(
                "Revoke",
                kind="quiet",
                small=True,
                on_click=Account.ask_revoke(key["id"].to(str), key["label"].to(str)),
            ),
        ),
    )


def _new_dialog() -> rx.Component:
    return form_dialog(
        text_input("Name", "label", placeholder="Nightly import", max_length=80, help="What will use it."),
        open=Account.asking == "new",
        title="Create an API key",
        verb="Create key",
        on_submit=Account.create,
        on_close=Account.close,
    )


def _made_dialog() -> rx.Component:
    return dialog(
        notice("This key is shown only now. Copy it before you close this.", "amber", icon_name="triangle-alert"),
        rx.el.div(
            rx.el.code(Account.new_key, class_name="gl-code"), copy_button(Account.new_key), class_name="gl-secret"
        ),
        open=Account.asking == "made",
        title="Your new key",
        on_close=Account.close,
        foot=button("Done", kind="primary", on_click=Account.close),
    )


def _revoke_dialog() -> rx.Component:
    return confirm(
        rx.el.p(
            "Programs that use ", rx.el.strong(Account.chosen_label), " are refused at once.", class_name="gl-muted"
        ),
        open=Account.asking == "revoke",
        title="Revoke this key?",
        verb="Revoke key",
        on_confirm=Account.revoke,
        on_close=Account.close,
    )
