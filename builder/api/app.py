"""The API as an ASGI app."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from builder.api import apps, conversations, files, runs, tryouts, workflows
from builder.api.errors import translate_errors
from runtime.operations.runtime import Runtime


def create_api(runtime: Callable[[], Runtime]) -> FastAPI:
    """The API over a running product, which is asked for with each request: pages are built before there is one."""
    app = FastAPI(
        title="Greenlane",
        version="1",
        summary="Run workflows and read what happened.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.runtime = runtime
    translate_errors(app)
    app.router.routes.extend(runs.direct())
    app.include_router(runs.router)
    app.include_router(tryouts.router)
    app.include_router(workflows.router)
    app.include_router(apps.router)
    app.include_router(conversations.router)
    app.include_router(files.router)
    return app
