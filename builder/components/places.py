"""The places of the menu, who finds which, and the door in front of every page."""

import logging
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import reflex as rx
from reflex.event import EventHandler

from builder import routes
from builder.components.toast import loading
from builder.session import current_actor, internal, requires
from builder.wiring import runtime
from runtime.errors import GreenlaneError
from runtime.operations.actors import ACTIONS, permit
from runtime.operations.door import refused

logger = logging.getLogger(__name__)


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
    Place(routes.WORKFLOWS, "Workflows", "workflow", "workflow.list"),
    Place(routes.LIBRARY, "Library", "book-copy", "template.list"),
    Place(routes.APPS, "Apps", "layout-grid", "app.list"),
    Place(routes.RUNS, "Runs", "activity", "run.list"),
    Place(routes.KNOWLEDGE, "Knowledge", "library", "base.list"),
    Place(routes.INBOX, "Inbox", "inbox", "inbox.see"),
    Place(routes.REVIEWS, "Reviews", "clipboard-check", "submission.review"),
    Place(routes.ACCOUNT, "Account", "circle-user-round", "page.see"),
    Place(routes.MODELS, "Models", "boxes", "model.see", RULES),
    Place(routes.CONNECTIONS, "Connections", "plug", "connection.list", RULES),
    Place(routes.POLICIES, "Policies", "scale", "policy.see", RULES),
    Place(routes.PEOPLE, "People", "users", "person.list", RULES),
    Place(routes.AUDIT, "Audit", "scroll-text", "audit.search", RULES),
)
"""In reading order; places of one group stand together, after those of no group."""

STARTS = (
    ("owner", routes.WORKFLOWS),
    ("analyst", routes.WORKFLOWS),
    ("reviewer", routes.REVIEWS),
    ("auditor", routes.AUDIT),
)
"""what somebody with a role comes for, the first that fits; everybody else comes to use what others made"""

_LOADS: dict[str, Sequence[EventHandler]] = {}
"""what each page loads first, by its route"""


def start_of(roles: Collection[str]) -> str:
    """Where somebody with these roles begins."""
    return next((route for role, route in STARTS if role in roles), routes.APPS)


class Me(rx.State):
    """Who is here, as far as the frame shows it: asked again at every page."""

    name: str = ""
    places: rx.Field[list[str]] = rx.field(default_factory=list)
    """routes of the places this person finds in the menu"""
    draws: bool = False
    """whether this person comes to draw workflows"""
    lost: str = ""
    """the route of a page that is not for this person"""
    failed: str = ""
    """why the page could not be loaded, and what to do; empty: it could"""
    _route: str = ""

    @internal
    async def arrive(self, route: str):
        """Before a page loads: is it for this person?"""
        actor = current_actor()
        self.name, self._route = actor.name, route
        self.places = [place.route for place in MENU if actor.roles & ACTIONS[place.action].roles]
        self.draws = start_of(actor.roles) == routes.WORKFLOWS
        self.lost, self.failed = "", ""
        if route == routes.START:
            yield rx.redirect(start_of(actor.roles), replace=True)
            return
        place = next((place for place in MENU if place.route == route), None)
        if place is not None and route not in self.places:
            self.lost = route
            await refused(runtime(), actor, place.action, route, permit(actor, place.action).reason)
            return
        yield  # the frame is there while the page loads
        for following in await self._load():
            yield following

    @requires("page.see")
    async def load_again(self):
        """What failed may work now."""
        return Me.arrive(self._route)

    async def _load(self) -> list[Any]:
        """Load what the page shows first, and give the events that follow; where it fails, the page says so."""
        following: list[Any] = []
        try:
            with loading():
                for load in _LOADS[self._route]:
                    assert load.state is not None, "what a page loads is a handler of a state"
                    following.append(await load.fn(await self.get_state(load.state)))
        except GreenlaneError as error:
            self.failed = f"{error.sentence} {error.hint}".rstrip()
        except Exception:
            logger.exception("the page %s could not be loaded", self._route)
            self.failed = "The failure was recorded. Try again; if it happens again, tell your platform owner."
        return [each for each in following if each is not None]


def arriving(route: str, *loads: Any) -> Any:
    """The `on_load` of a page: the door first, then what the page loads itself."""
    _LOADS[route] = loads
    return Me.arrive(route)
