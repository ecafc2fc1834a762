"""The settings of Reflex, made from ours; what an operator may change stands in `runtime/settings.py`."""

import os

import reflex as rx

from builder.session import our_address
from runtime.settings import read_settings

settings = read_settings(os.environ)

config = rx.Config(
    app_name="builder",
    # `greenlane serve` builds once and serves pages, socket and API on this one port
    backend_host=settings.host,
    backend_port=settings.port,
    frontend_port=settings.port,
    cors_allowed_origins=sorted(our_address(settings).origins),
    # what a page shows is read again after a restart; on disk it would be pickles, in Redis somebody else's
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    disable_plugins=[rx.plugins.SitemapPlugin],
)
