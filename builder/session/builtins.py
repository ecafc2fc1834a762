"""Reflex's own handlers: the browser needs three, the rest stays closed. Each with its reason."""

_STATE = "reflex___state____state"

OPEN = {
    f"{_STATE}.hydrate_and_load": "sent once per connection: gives the browser the state of its own session",
    f"{_STATE}.reflex___state____on_load_internal_state.on_load_internal": (
        "sent on navigation: runs the page's own on_load handlers, which the page names and not the browser"
    ),
    f"{_STATE}.reflex___state____frontend_event_exception_state.handle_frontend_exception": (
        "reports a crashed page: a line in our log, nothing else"
    ),
}
"""A browser with a session may call these, with the arguments of their signature."""

CLOSED = {
    f"{_STATE}.hydrate": "older form of hydrate_and_load; Reflex calls it itself",
    f"{_STATE}.set_is_hydrated": "chained by Reflex after a page's on_load",
    f"{_STATE}.reflex___state____on_load_internal_state.set_is_hydrated": "chained by Reflex after a page's on_load",
    f"{_STATE}.reflex___state____update_vars_internal_state.update_vars_internal": (
        "writes cookie and local storage vars; we have none, because what a browser stores is no fact"
    ),
}
"""Only Reflex itself calls these, inside the server."""
