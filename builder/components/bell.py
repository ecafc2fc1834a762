"""The number of what is new, in the menu."""

import reflex as rx

from builder.session import current_actor, requires
from builder.shipped import shipped
from builder.wiring import runtime
from runtime.operations import inbox


class News(rx.State):
    """How much waits for this person or is new."""

    count: int = 0

    @requires("inbox.see")
    async def look(self) -> None:
        self.count = await inbox.count_news(runtime(), current_actor())


class Bell(rx.Component):
    """See bell.jsx."""

    library = shipped(__file__, "bell.jsx")
    tag = "Bell"
    count: rx.Var[int]
    on_look: rx.EventHandler[rx.event.no_args_event_spec]


def bell() -> rx.Component:
    """Nothing while nothing is new."""
    return Bell.create(count=News.count, on_look=News.look)
