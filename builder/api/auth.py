"""Whose key it is. Keys come in the Authorization header only: never in an address, never in a cookie."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from runtime.errors import NotSignedIn
from runtime.operations.actors import Actor
from runtime.operations.keys import actor_of_key
from runtime.operations.runtime import Runtime

_bearer = HTTPBearer(auto_error=False, description="An API key: `Authorization: Bearer gl_…`")


async def parts(request: Request) -> Runtime:  # async, or FastAPI would send it through a thread
    """The running product, put on the app when it was created."""
    return running(request)


def running(request: Request) -> Runtime:
    """The running product."""
    return request.app.state.runtime()


async def actor(
    request: Request, _described: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Actor:
    """Who the key acts for. Raises `NotSignedIn`."""
    return await caller_of(request)


async def caller_of(request: Request) -> Actor:
    """Who the key of a request acts for, looked at before anything else of it is read. Raises `NotSignedIn`."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    found = await actor_of_key(running(request), text) if scheme.lower() == "bearer" and text else None
    if found is None:
        raise NotSignedIn(
            "This request carries no valid API key.",
            hint="Send “Authorization: Bearer gl_…” with a key from your account page.",
        )
    return found


Parts = Annotated[Runtime, Depends(parts)]
Caller = Annotated[Actor, Depends(actor)]
