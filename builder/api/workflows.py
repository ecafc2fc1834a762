"""Workflows over HTTP, as far as a program needs them to start runs; and how the server is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Response

from builder.api.auth import Caller, Parts
from runtime.operations import workflows

router = APIRouter(tags=["workflows"])


@router.get("/api/v1/workflows")
async def list_workflows(runtime: Parts, caller: Caller) -> list[dict[str, Any]]:
    """The workflows this key may run."""
    return [asdict(each) for each in await workflows.list_workflows(runtime, caller)]


@router.get("/health", tags=["server"])
async def health(runtime: Parts, response: Response) -> dict[str, str]:
    """Whether the server can keep what it accepts."""
    if runtime.writer.healthy and await runtime.reader.answers():
        return {"status": "ok"}
    response.status_code = 503
    return {"status": "storage_unavailable"}
