"""Workflows that the steps of a run call: their steps in line with those that call them, and how the call is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.button import link_button
from builder.components.icon import icon
from runtime.operations.called import CalledView, workflow_at
from runtime.operations.happened import StepView


class Called(TypedDict):
    """What an open step calls."""

    name: str
    """“Reply, version 2”; empty: nothing"""
    link: str
    """its address, for whoever may open it"""
    shut: bool
    """whether its steps are not for this reader"""


NOTHING_CALLED = Called(name="", link="", shut=False)


def views_of(called: Sequence[CalledView]) -> dict[tuple[str, str], CalledView]:
    """The called workflows by the place of the workflow that calls them and the step that does."""
    found: dict[tuple[str, str], CalledView] = {}
    for view in called:
        around, _, step = view.place.rpartition("/")
        found[workflow_at(around), step] = view
    return found


def in_places(
    steps: Sequence[StepView], called: Sequence[CalledView], place: str = "", depth: int = 0
) -> Iterator[tuple[StepView, str, int]]:
    """The steps of a workflow, behind each that calls another the steps of that: with the place of their workflow, and
    how deep they lie in containers and calls."""
    views, inside = views_of(called), {one.step: one.inside for one in steps}
    for one in steps:
        own, outer = depth, one.inside
        while outer in inside and own < depth + len(inside):
            outer, own = inside[outer], own + 1
        yield one, place, own
        if (view := views.get((place, one.step))) is not None:
            yield from in_places(view.steps, called, view.place, own + 1)


def named(view: CalledView | None) -> Called:
    """What a step calls, in words."""
    if view is None:
        return NOTHING_CALLED
    name = view.title or view.name
    link = routes.editor(view.name) if view.opens else ""
    return Called(name=f"{name}, version {view.number}" if view.number else name, link=link, shut=not view.seen)


def call_told(called: ObjectVar[Called]) -> rx.Component:
    """What an open step calls, with a way there."""
    return rx.el.div(
        icon("workflow", 15),
        rx.el.span(
            "Calls ",
            rx.el.span(called["name"], class_name="gl-strong"),
            rx.cond(
                called["shut"],
                rx.fragment(". What its steps did is for those who may see that workflow."),
                rx.fragment(),
            ),
            class_name="gl-grow",
        ),
        rx.cond(
            called["link"] != "", link_button("Open", called["link"].to(str), small=True, icon_name="external-link")
        ),
        class_name="gl-row gl-wide gl-small",
    )
