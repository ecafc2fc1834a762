"""`greenlane api`: the HTTP API alone, without the web app."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from builder.command.beginning import uncollected
from runtime.settings import Settings, read_settings

if TYPE_CHECKING:
    from runtime.operations.runtime import Runtime


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="instead of GREENLANE_PORT")


def run(options: argparse.Namespace) -> int:
    with uncollected():
        import builder.api  # noqa: F401 - so that it is loaded here
        from builder.wiring import runtime
        from runtime.local_model import DemoModel

    settings = read_settings(os.environ)
    if options.port:
        settings = settings.model_copy(update={"port": options.port})
    with DemoModel(settings):
        return serve_api(runtime(), settings)


def serve_api(runtime: Runtime, settings: Settings) -> int:
    """Serve until told to stop; then runs get some time to finish."""
    import uvicorn

    from builder.api import create_api
    from builder.command.stopping import leave_on_sigterm

    leave_on_sigterm()
    try:
        print(f"  Greenlane API: http://{settings.host}:{settings.port}/api/v1/openapi.json", flush=True)
        uvicorn.run(
            create_api(lambda: runtime),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            loop="uvloop",
            http="httptools",
            timeout_graceful_shutdown=5,
        )
    finally:
        runtime.close()
    return 0
