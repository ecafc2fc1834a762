"""The places of the menu, who finds which, and the door in front of every page."""

from typing import Any, NamedTuple

import reflex as rx

from builder import routes
from builder.session import current_actor, internal
from builder.wiring import runtime
from runtime.operations.actors import ACTIONS, permit
from runtime.operations.door import refused


class Place(NamedTuple):
    """A line of the menu. Who may do the action finds it; everybody else gets the page that is not there."""

    route: str
    name: str
    icon: str
    action: str
    """one of `ACTIONS`, the one the page begins with"""
    group: str = ""
    """the heading it stands under"""


RULES = "Oversight"
"""what few look after for all"""

MENU = (
    Place(routes.HOME, "Workflows", "workflow", "workflow.list"),
    Place(routes.LIBRARY, "Library", "book-copy", "template.list"),
    Place(routes.APPS, "Apps", "layout-grid", "app.list"),
    Place(routes.RUNS, "Runs", "activity", "run.list"),
    Place(routes.KNOWLEDGE, "Knowledge", "library", "base.list"),
    Place(routes.INBOX, "Inbox", "inbox", "inbox.see"),
    Place(routes.REVIEWS, "Reviews", "clipboard-check", "submission.review"),
    Place(routes.ACCOUNT, "Account", "circle-user-round", "page.see"),
    Place(routes.MODELS, "Models", "boxes", "model.see", RULES),
    Place(routes.CONNECTIONS, "Connections", "plug", "connection.see", RULES),
    Place(routes.POLICIES, "Policies", "scale", "policy.see", RULES),
    Place(routes.PEOPLE, "People", "users", "person.list", RULES),
    Place(routes.AUDIT, "Audit", "scroll-text", "audit.search", RULES),
)
"""In reading order; places of one group stand together, after those of no group."""

_LOADS: dict[str, Any] = {}
"""what each page loads first, by its route"""


class Me(rx.State):
    """Who is here, as far as the frame shows it: asked again at every page."""

    name: str = ""
    places: rx.Field[list[str]] = rx.field(default_factory=list)
    """routes of the places this person finds in the menu"""
    lost: str = ""
    """the route of a page that is not for this person"""

    @internal
    async def arrive(self, route: str):
        """Before a page loads: is it for this person?"""
        actor = current_actor()
        self.name = actor.name
        self.places = [place.route for place in MENU if actor.roles & ACTIONS[place.action].roles]
        place = next((place for place in MENU if place.route == route), None)
        self.lost = ""
        if place is None or place.route in self.places:
            return _LOADS.get(route)
        if route == routes.HOME:
            # who makes no workflows comes to use what others made
            return rx.redirect(routes.APPS if routes.APPS in self.places else self.places[0])
        self.lost = route
        await refused(runtime(), actor, place.action, route, permit(actor, place.action).reason)
        return None


def arriving(route: str, load: Any) -> Any:
    """The `on_load` of a page: the door first, then what the page loads itself."""
    _LOADS[route] = load
    return Me.arrive(route)
