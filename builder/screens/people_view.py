"""How people and groups look."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import button
from builder.components.dialog import confirm, form_dialog
from builder.components.empty import empty
from builder.components.field import text_input
from builder.components.menu import menu, menu_item, menu_line
from builder.components.narrow import narrow_box
from builder.components.once import once_dialog
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.tabs import tabs
from builder.components.when import when
from builder.screens.people import Group, Option, People, Row

PEOPLE = (Column("Name", lead=True), Column("Is here as"), Column("Groups"), Column("Last here"), Column(""))
GROUPS = (Column("Group", lead=True), Column("Who is in it"), Column(""))


def screen() -> rx.Component:
    actions = rx.cond(
        People.tab == "people",
        button("Invite a person", kind="primary", icon_name="user-plus", on_click=People.ask_invite),
        rx.cond(People.may_own, button("New group", kind="primary", icon_name="plus", on_click=People.ask_group)),
    )
    return page(
        "People",
        tabs("People and groups", (("people", "People"), ("groups", "Groups")), People.tab, People.show),
        rx.cond(People.tab == "people", _people(), _groups()),
        _invite_dialog(),
        _link_dialog(),
        _roles_dialog(),
        _disable_dialog(),
        _group_dialog(),
        _remove_dialog(),
        here=routes.PEOPLE,
        actions=actions,
    )


def _people() -> rx.Component:
    return rx.fragment(
        narrow_box(People, "Search people"),
        table("People", PEOPLE, rx.foreach(People.shown, _person)),
    )


def _person(person: ObjectVar[Row]) -> rx.Component:
    name, chosen = person["name"].to(str), person["id"].to(str)
    return row(
        PEOPLE,
        rx.el.div(
            rx.el.p(
                name,
                rx.cond(person["me"], rx.el.span(" (you)", class_name="gl-muted")),
                " ",
                rx.cond(person["state"] != "", badge(person["state"].to(str), "amber")),
                class_name="gl-strong",
            ),
            rx.el.p(person["email"], class_name="gl-muted gl-small"),
        ),
        person["roles"],
        person["groups"],
        when(person["seen"].to(float)),
        menu(
            f"Actions for {name}",
            rx.cond(
                People.may_own,
                rx.fragment(
                    menu_item("Change roles", "user-cog", People.ask_roles(chosen)),
                    rx.cond(
                        person["invited"],
                        rx.fragment(),
                        menu_item("New password link", "key", People.make_link(chosen)),
                    ),
                ),
            ),
            rx.cond(person["invited"], menu_item("New invitation link", "mail", People.invite_again(chosen))),
            menu_line(),
            rx.cond(
                person["disabled"],
                menu_item("Enable", "user-check", People.enable(chosen)),
                menu_item("Disable", "user-x", People.ask_disable(chosen), danger=True),
            ),
        ),
    )


def _groups() -> rx.Component:
    return rx.cond(
        People.groups,
        table("Groups", GROUPS, rx.foreach(People.groups, _group)),
        empty(
            "No groups yet",
            "People in a group get rights together: a department, a project.",
            icon_name="users",
        ),
    )


def _group(group: ObjectVar[Group]) -> rx.Component:
    chosen = group["id"].to(str)
    return row(
        GROUPS,
        rx.el.div(
            rx.el.p(group["name"], class_name="gl-strong"), rx.el.p(group["about"], class_name="gl-muted gl-small")
        ),
        rx.el.span(group["members"], title=group["names"].to(str)),
        rx.cond(
            People.may_own,
            menu(
                f"Actions for {group['name']}",
                menu_item("Change", "pencil", People.ask_change(chosen)),
                menu_line(),
                menu_item("Remove", "trash-2", People.ask_remove(chosen), danger=True),
            ),
        ),
    )


def _boxes(title: str, options: rx.Var, kind: str) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(title, class_name="gl-label"),
        rx.el.div(rx.foreach(options, lambda each: _box(each, kind)), class_name="gl-ticks"),
    )


def _box(option: ObjectVar[Option], kind: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox", role="switch", name=f"{kind}:{option['id']}", default_checked=option["on"].to(bool)
        ),
        rx.el.span(
            rx.el.span(option["name"], class_name="gl-strong"),
            rx.el.span(option["about"], class_name="gl-help"),
            class_name="gl-stack gl-tighter",
        ),
        class_name="gl-toggle",
    )


def _invite_dialog() -> rx.Component:
    return form_dialog(
        text_input("Name", "name", id="invite-name", max_length=100, placeholder="Ada Lovelace"),
        text_input("E-mail", "email", type="email", placeholder="ada@example.com", help="What they sign in with."),
        _boxes("Is here as", People.roles, "role"),
        rx.el.p("With none of these: a team member, who runs the apps meant for them.", class_name="gl-help"),
        rx.cond(People.ticks, _boxes("Groups", People.ticks, "tick")),
        open=People.asking == "invite",
        title="Invite a person",
        verb="Make the link",
        on_submit=People.invite,
        on_close=People.close,
    )


def _link_dialog() -> rx.Component:
    return once_dialog(
        People.link,
        "This link is shown only now and works once.",
        rx.el.p("Send it to ", rx.el.strong(People.link_for), " yourself, for example by chat.", class_name="gl-muted"),
        open=People.asking == "link",
        title="The link",
        on_close=People.close,
    )


def _roles_dialog() -> rx.Component:
    return form_dialog(
        rx.el.p(rx.el.strong(People.name), " is a team member in any case.", class_name="gl-muted"),
        _boxes("Is here as", People.roles, "role"),
        open=People.asking == "roles",
        title="Change roles",
        verb="Keep",
        on_submit=People.set_roles,
        on_close=People.close,
    )


def _disable_dialog() -> rx.Component:
    return confirm(
        rx.el.p(
            rx.el.strong(People.name),
            " is signed out everywhere, keys stop working, and what runs for them is stopped. What they made stays.",
            class_name="gl-muted",
        ),
        open=People.asking == "disable",
        title="Disable this person?",
        verb="Disable",
        on_confirm=People.disable,
        on_close=People.close,
    )


def _group_dialog() -> rx.Component:
    return form_dialog(
        text_input("Name", "name", id="group-name", default_value=People.name, max_length=80, placeholder="Finance"),
        text_input("What for", "about", default_value=People.about, max_length=300, optional=True),
        _boxes("Who is in it", People.ticks, "tick"),
        open=People.asking == "group",
        title=rx.cond(People.chosen, "Change the group", "New group"),
        verb="Keep",
        on_submit=People.keep_group,
        on_close=People.close,
    )


def _remove_dialog() -> rx.Component:
    return confirm(
        rx.el.p(rx.el.strong(People.name), " goes, with every right it gave. The people stay.", class_name="gl-muted"),
        open=People.asking == "remove",
        title="Remove this group?",
        verb="Remove group",
        on_confirm=People.remove,
        on_close=People.close,
    )
