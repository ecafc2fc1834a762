"""Account: who I am, how I sign in and where, how it looks, and keys for programs that act for me."""

from dataclasses import asdict
from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.api_keys import Key, Keys, key_dialogs, key_row, keys_of
from builder.components.badge import badge
from builder.components.button import button
from builder.components.card import card
from builder.components.dialog import form_dialog
from builder.components.empty import empty
from builder.components.field import text_input
from builder.components.post_form import post_button
from builder.components.section import section
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.theme_choice import theme_choice
from builder.components.toast import told
from builder.components.when import when
from builder.session import current_actor, current_session, internal, requires
from builder.wiring import runtime
from runtime.operations import invitations, keys, people, sessions
from runtime.operations.actors import ROLES

PLACES = (Column("Browser", lead=True), Column("Signed in"), Column("Last used"), Column(""))
COLUMNS = (Column("Name", lead=True), Column("Begins with"), Column("Created"), Column("Expires"), Column(""))


class Place(TypedDict):
    """Somewhere this person is signed in."""

    id: str
    agent: str
    created: float
    seen: float
    here: bool


class Account(Keys, rx.State):
    """This person, and where they are signed in; what is asked is about a key, or the password."""

    name: str = ""
    email: str = ""
    roles: str = ""
    has_password: bool = False
    places: rx.Field[list[Place]] = rx.field(default_factory=list)

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
        self.keys = keys_of(await keys.list_keys(runtime(), current_actor()))

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
            await self._done("Password set", "Everywhere else you are signed out.")

    @requires("session.revoke")
    async def end(self, place: str) -> None:
        async with told(self):
            await sessions.revoke_session(runtime(), current_actor(), session_id=place)
            await self._done("Signed out there")

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
            await self._done("Key revoked", "Programs that use it are refused from now on.")


def screen() -> rx.Component:
    return page(
        "Account",
        card(_person(), _way_in(), _appearance()),
        _places(),
        _keys(),
        _password_dialog(),
        key_dialogs(
            Account, title="Create an API key", placeholder="Nightly import", made="Your new key",
            on_make=Account.create, on_revoke=Account.revoke,
        ),
        here=routes.ACCOUNT,
    )  # fmt: skip


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
    return section(
        "Where you are signed in",
        "End what you do not know, then change your password.",
        table("Sessions", PLACES, rx.foreach(Account.places, _place)),
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
    return section(
        "API keys",
        "Let a program start runs and read them, as you.",
        rx.cond(
            Account.keys,
            table("API keys", COLUMNS, rx.foreach(Account.keys, _drawn)),
            rx.el.div(
                empty("No keys yet", "Create one when a program should run your workflows.", icon_name="key-round"),
                class_name="gl-card",
            ),
        ),
        actions=button("Create key", icon_name="plus", on_click=Account.ask_key),
    )


def _drawn(key: ObjectVar[Key]) -> rx.Component:
    expires = key["expires"].to(float)
    return key_row(COLUMNS, Account, key, rx.cond(expires > 0, when(expires), "never"))
