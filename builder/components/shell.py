"""The frame around every screen: menu at the left (at the bottom on a phone), title and actions on top."""

from collections.abc import Iterator
from functools import reduce
from itertools import groupby
from operator import or_

import reflex as rx

from builder import routes
from builder.components.bell import bell
from builder.components.button import button
from builder.components.connection import connection_lost
from builder.components.empty import empty
from builder.components.icon import icon
from builder.components.link import link
from builder.components.places import MENU, Me, Place
from builder.components.prove import prove_dialog
from builder.components.theme_choice import theme_button
from builder.components.toast import toasts
from builder.shipped import shipped


class SidebarSwitch(rx.Component):
    """See sidebar.jsx."""

    library = shipped(__file__, "sidebar.jsx")
    tag = "SidebarSwitch"


class NavEdge(rx.Component):
    """See nav_edge.jsx."""

    library = shipped(__file__, "nav_edge.jsx")
    tag = "NavEdge"


def page(
    title: str | rx.Var,
    *content: rx.Component | rx.Var,
    here: str = "",
    lead: str | rx.Var[str] = "",
    above: rx.Component | None = None,
    actions: rx.Component | None = None,
) -> rx.Component:
    """A screen with a title; `here` is its place in the menu, `above` a way back."""
    header = rx.el.header(
        above or rx.fragment(),
        rx.el.div(
            rx.el.h1(title, class_name="gl-grow"),
            rx.el.div(actions, class_name="gl-header__actions") if actions is not None else rx.fragment(),
            class_name="gl-header__row",
        ),
        rx.cond(lead, rx.el.p(lead, class_name="gl-header__lead"), rx.fragment()),
        class_name="gl-header",
    )
    inside = rx.fragment(header, rx.cond(Me.failed != "", _not_loaded(), rx.fragment(*content)))
    if here:
        inside = rx.cond(Me.lost == here, _nothing_here(), inside)
    return _frame(rx.el.div(inside, class_name="gl-main__inside"), here=here)


def lost() -> rx.Component:
    """The screen of an address that leads nowhere."""
    return _frame(rx.el.div(_nothing_here(), class_name="gl-main__inside"), here="")


def _nothing_here() -> rx.Component:
    """What stands at an address that leads nowhere, or nowhere for this person: the two look the same."""
    return rx.fragment(
        rx.el.header(rx.el.h1("Page not found"), class_name="gl-header"),
        empty(
            "There is nothing here",
            "The address is wrong, or what it led to was deleted, or it is not shared with you.",
            link("Go to the start", to=routes.START, class_name="gl-button gl-button--primary"),
            icon_name="compass",
        ),
    )


def full_bleed(*content: rx.Component | rx.Var, here: str = routes.WORKFLOWS) -> rx.Component:
    """A screen that takes all the room there is, beside the narrow menu: the canvas."""
    failed = rx.el.div(_not_loaded(), class_name="gl-main__inside")
    return _frame(rx.cond(Me.failed != "", failed, rx.fragment(*content)), here=here, full=True)


def _not_loaded() -> rx.Component:
    """What stands in a page that could not be loaded, until it can."""
    return rx.el.div(
        empty(
            "This page could not be loaded",
            Me.failed,
            button("Try again", kind="primary", icon_name="refresh-cw", on_click=Me.load_again),
            link("Go to the start", to=routes.START, class_name="gl-button"),
            icon_name="triangle-alert",
        ),
        role="alert",
        class_name="gl-failed",
    )


def _frame(*content: rx.Component | rx.Var, here: str, full: bool = False) -> rx.Component:
    return rx.el.div(
        rx.el.a("Skip to the content", href="#content", class_name="gl-skip", on_click=rx.set_focus("content")),
        _sidebar(here, full=full),
        rx.el.main(*content, id="content", tab_index=-1, class_name="gl-main"),
        connection_lost(),
        toasts(),
        prove_dialog(),
        class_name="gl-shell gl-shell--full" if full else "gl-shell",
    )


def _sidebar(here: str, *, full: bool) -> rx.Component:
    return rx.el.aside(
        link(
            brand_mark(),
            rx.el.span("Greenlane", class_name="gl-brand__name"),
            to=routes.START,
            class_name="gl-brand",
            aria_label="Greenlane",  # the name is not drawn in the narrow menu
        ),
        rx.el.nav(*_places(here), NavEdge.create(), class_name="gl-nav", aria_label="Main"),
        rx.el.div(theme_button(), rx.fragment() if full else SidebarSwitch.create(), class_name="gl-sidebar__foot"),
        class_name="gl-sidebar",
    )


def _places(here: str) -> Iterator[rx.Component]:
    """The lines of the menu; each only for who may use it, a heading only above what somebody may use."""
    for group, places in groupby(MENU, key=lambda place: place.group):
        found = list(places)
        lines = [rx.cond(Me.places.contains(place.route), _place(place, here)) for place in found]
        if group:
            some = reduce(or_, (Me.places.contains(place.route) for place in found))
            yield rx.cond(some, rx.el.p(rx.el.span(group), class_name="gl-nav__group"))
        yield from lines


def _place(place: Place, here: str) -> rx.Component:
    return link(
        icon(place.icon, 18),
        rx.el.span(place.name),
        bell() if place.route == routes.INBOX else rx.fragment(),
        to=place.route,
        title=place.name,
        class_name="gl-nav__item",
        aria_current="page" if place.route == here else "false",
    )


def brand_mark() -> rx.Component:
    """The mark: a lane from one step to the next."""
    return rx.el.svg(
        rx.el.svg.rect(width="24", height="24", rx="7", fill="var(--gl-accent)"),
        rx.el.svg.path(
            d="M6.5 16.5h3.2c2.6 0 2.2-9 4.9-9h2.9", fill="none", stroke="var(--gl-on-accent)", custom_attrs=_ROUND
        ),
        rx.el.svg.circle(cx="6.5", cy="16.5", r="2.1", fill="var(--gl-on-accent)"),
        rx.el.svg.circle(cx="17.5", cy="7.5", r="2.1", fill="var(--gl-on-accent)"),
        view_box="0 0 24 24",
        width="26",
        height="26",
        aria_hidden=True,
    )


_ROUND = {"strokeWidth": "2", "strokeLinecap": "round"}
