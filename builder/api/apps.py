"""Apps over HTTP: which there are, and what one asks for; `runs` starts them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from builder.api.auth import Caller, Parts
from runtime.operations import apps

router = APIRouter(prefix="/api/v1", tags=["apps"])


@router.get("/apps")
async def list_apps(runtime: Parts, caller: Caller) -> list[dict[str, Any]]:
    """The apps the person of this key may run; `stopped` says why one does not start now."""
    return [asdict(each) for each in await apps.list_apps(runtime, caller)]


@router.get("/apps/{name}")
async def read_app(name: str, runtime: Parts, caller: Caller) -> dict[str, Any]:
    """An app with the inputs a start takes, and whether it starts now."""
    return asdict(await apps.open_app(runtime, caller, app=name))
