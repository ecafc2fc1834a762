"""Conversations over HTTP: which one has, and what was said; `runs` adds messages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from builder.api.auth import Caller, Parts
from runtime.operations import conversations

router = APIRouter(prefix="/api/v1", tags=["conversations"])


class Rename(BaseModel):
    """A title of your choice."""

    model_config = ConfigDict(extra="forbid")

    title: str


@router.get("/conversations")
async def list_conversations(
    runtime: Parts,
    caller: Caller,
    app: Annotated[str | None, Query(description="Only those with this app.")] = None,
    workflow: Annotated[str | None, Query(description="Only those in which this workflow's draft was tried.")] = None,
    limit: Annotated[int, Query(ge=1, le=conversations.MOST)] = 50,
    before: Annotated[float, Query(description="Cursor: `updated` of the last one you have.")] = 1e12,
) -> list[dict[str, Any]]:
    """Your conversations, those with the newest message first. Begin one with a run whose `conversation` is `new`."""
    found = await conversations.list_conversations(
        runtime, caller, app=app, workflow=workflow, limit=limit, before=before
    )
    return [asdict(each) for each in found]


@router.get("/conversations/{conversation}")
async def read_conversation(
    conversation: str,
    runtime: Parts,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=conversations.MOST)] = 50,
    before: Annotated[int, Query(description="Cursor: `number` of the first message you have.")] = 1 << 31,
) -> dict[str, Any]:
    """A conversation with its newest messages, oldest first."""
    found = await conversations.read_conversation(
        runtime, caller, conversation=conversation, limit=limit, before=before
    )
    return asdict(found)


@router.patch("/conversations/{conversation}", status_code=204, response_class=Response)
async def rename_conversation(conversation: str, body: Rename, runtime: Parts, caller: Caller) -> Response:
    """Call it something."""
    await conversations.rename_conversation(runtime, caller, conversation=conversation, title=body.title)
    return Response(status_code=204)


@router.delete("/conversations/{conversation}", status_code=204, response_class=Response)
async def remove_conversation(conversation: str, runtime: Parts, caller: Caller) -> Response:
    """Forget it, with all it remembers. Its runs stay."""
    await conversations.remove_conversation(runtime, caller, conversation=conversation)
    return Response(status_code=204)
