"""Account: who I am, how I sign in and where, how it looks, and keys for programs that act for me."""

from dataclasses import asdict
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
from builder.session import current_actor, current_session, internal, requires
from builder.wiring import runtime
from runtime.operations import invitations, keys, people, sessions
from runtime.operations.actors import ROLES

PLACES = (Column("Browser", lead=True), Column("Signed in"), Column("Last used"), Column(""))
COLUMNS = (Column("Name", lead=True), Column("Begins with"), Column("Created"), Column("Expires"), Column(""))


class Key(TypedDict):
    """A key, without its secret."""

    id: str
    label: str
    begins: str
    created: float
    expires: float
    revoked: bool


class Place(TypedDict):
    """Somewhere this person is signed in."""

    id: str
    agent: str
    created: float
    seen: float
    here: bool


class Account(rx.State):
    """This person, where they are signed in, and their keys; the secret of a new key only until its dialog closes."""

    name: str = ""
    email: str = ""
    roles: str = ""
    has_password: bool = False
    places: rx.Field[list[Place]] = rx.field(default_factory=list)
    keys: rx.Field[list[Key]] = rx.field(default_factory=list)
    asking: str = ""
    chosen: str = ""
    chosen_label: str = ""
    new_key: str = ""

    @internal
    async def load(self) -> None:
        self.asking = self.new_key = ""
        async with told(self):
            await self._refresh()

    async def _refresh(self) -> None:
        me = await people.read_myself(runtime(), current_actor())
        self.name, self.email, self.has_password = me.name, me.email, me.has_password
        self.roles = ", ".join(ROLES[role] for role in me.roles)
        found, here = await sessions.list_sessions(runtime(), current_actor()), current_session()
        self.places = [Place(**asdict(each), here=each.id == here) for each in found]
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

    @requires("page.see")
    async def ask_password(self) -> None:
        self.asking = "password"

    @requires("password.change")
    async def set_password(self, form: dict[str, str]) -> None:
        async with told(self):
            await invitations.change_password(
                runtime(),
                current_actor(),
                password=form.get("password", ""),
                email=form.get("email", ""),
                session=current_session(),
            )
            self.asking = ""
            await self._refresh()
            await tell(self, "Password set", "Everywhere else you are signed out.")

    @requires("session.revoke")
    async def end(self, place: str) -> None:
        async with told(self):
            await sessions.revoke_session(runtime(), current_actor(), session_id=place)
            await self._refresh()
            await tell(self, "Signed out there")

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
        card(_person(), _way_in(), _appearance()),
        _places(),
        _keys(),
        _password_dialog(),
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
                rx.el.p(Account.roles, class_name="gl-muted gl-small"),
            ),
            class_name="gl-row",
        ),
        post_button("Sign out", routes.SIGN_OUT, icon_name="log-out"),
        class_name="gl-setting",
    )


def _way_in() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p("Sign-in", class_name="gl-strong"),
            rx.el.p(
                rx.cond(
                    Account.has_password,
                    rx.fragment("By password, as ", Account.email, "."),
                    "Only by one-time links so far. Set a password to sign in by yourself.",
                ),
                class_name="gl-muted gl-small",
            ),
        ),
        button(
            rx.cond(Account.has_password, "Change password", "Set a password"),
            icon_name="lock-keyhole",
            on_click=Account.ask_password,
        ),
        class_name="gl-setting",
    )


def _password_dialog() -> rx.Component:
    return form_dialog(
        rx.cond(
            Account.email == "",
            text_input("E-mail", "email", type="email", help="What you sign in with.", placeholder="ada@example.com"),
        ),
        text_input(
            "New password",
            "password",
            type="password",
            min_length=12,
            max_length=200,
            help="12 characters or more. A few words in a row are easy to remember.",
        ),
        open=Account.asking == "password",
        title=rx.cond(Account.has_password, "Change password", "Set a password"),
        verb="Set password",
        on_submit=Account.set_password,
        on_close=Account.close,
    )


def _places() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Where you are signed in"),
            rx.el.p("End what you do not know, then change your password.", class_name="gl-muted gl-small"),
        ),
        table("Sessions", PLACES, rx.foreach(Account.places, _place)),
        class_name="gl-stack",
    )


def _place(place: ObjectVar[Place]) -> rx.Component:
    return row(
        PLACES,
        rx.el.span(rx.cond(place["agent"], place["agent"], "A browser"), class_name="gl-strong"),
        when(place["created"].to(float)),
        when(place["seen"].to(float)),
        rx.cond(
            place["here"],
            badge("This browser", "green"),
            button("Sign out there", kind="quiet", small=True, on_click=Account.end(place["id"].to(str))),
        ),
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
