"""`greenlane api`: the HTTP API alone, without the web app."""

from __future__ import annotations

import argparse
import os

from runtime.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="instead of GREENLANE_PORT")


def run(options: argparse.Namespace) -> int:
    import uvicorn

    from builder.api import create_api
    from builder.command.demo_child import DemoModel
    from builder.wiring import runtime

    settings = read_settings(os.environ)
    port = options.port or settings.port
    with DemoModel(settings):
        try:
            print(f"  Greenlane API: http://{settings.host}:{port}/api/v1/openapi.json", flush=True)
            uvicorn.run(
                create_api(runtime()), host=settings.host, port=port, log_level="warning", access_log=False,
                server_header=False, loop="uvloop", http="httptools", timeout_graceful_shutdown=5,
            )  # fmt: skip
        finally:
            runtime().close()
    return 0
