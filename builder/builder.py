"""The web app as Reflex loads it: the look, the frame, the pages, and around all of it the gate."""

import os

import reflex as rx

from builder import editor, routes
from builder.api import create_api
from builder.api.uploads import PREFIX, create_uploads
from builder.components.crash import crash_boundary
from builder.components.places import arriving
from builder.components.toast import tell_failure
from builder.screens.pages import add_pages
from builder.session import SESSION, RuntimeKeeper, close_surface, our_address
from builder.theme import head
from builder.wiring import runtime
from runtime.settings import read_settings

app = rx.App(
    head_components=head(),
    html_lang="en",
    # our stylesheet has its own reset, and toasts and the connection bar are ours too
    reset_style=False,
    toaster=None,
    backend_exception_handler=tell_failure,
    app_wraps={(55, "ErrorBoundary"): lambda _stateful: crash_boundary()},
)
add_pages(app)
app.add_page(
    editor.screen,
    route=routes.EDITOR,
    title="Editor · Greenlane",
    on_load=arriving(routes.EDITOR, editor.Editor.load, editor.Submitting.load, editor.Tried.load),
)
address = our_address(read_settings(os.environ))
beside = {"/api/": create_api(runtime), PREFIX: create_uploads(runtime, lambda scope: scope[SESSION].actor)}
close_surface(app, RuntimeKeeper(runtime), address, beside=beside)
