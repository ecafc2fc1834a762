"""The settings of the small app that the gate is attacked with."""

import os

import reflex as rx

PORT = int(os.environ.get("GATE_APP_PORT", "3110"))

config = rx.Config(
    app_name="gate_app",
    backend_host="127.0.0.1",
    backend_port=PORT,
    frontend_port=None if os.environ.get("GATE_APP_UNGATED") else PORT,
    cors_allowed_origins=[f"http://127.0.0.1:{PORT}"],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    disable_plugins=[rx.plugins.SitemapPlugin],
)
