"""Runs over HTTP: start a workflow or an app (wait, stream or queue), read or follow from a cursor, stop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.routing import Route

from builder.api.auth import Caller, Parts, caller_of, running
from runtime.errors import BadInput, NotSignedIn
from runtime.operations import apps, erasing, runs, traces
from runtime.operations.actors import Actor
from runtime.operations.runtime import Runtime
from runtime.operations.starting import Started
from runtime.operations.traces import Finished

router = APIRouter(prefix="/api/v1", tags=["runs"])


MOST_BODY = 10_000_000
"""bytes a start may have"""
ASK_AGAIN_S = 2.0
"""how long a stream goes on before it is asked again whether its key still holds"""


class StartRun(BaseModel):
    """What a run is started with."""

    model_config = ConfigDict(extra="forbid")

    inputs: dict[str, Any] = Field(
        default_factory=dict, description="Values for the inputs of the start step, by name."
    )
    mode: Literal["wait", "stream", "queue"] = Field(
        "wait",
        description="wait: answer when the run has ended, or waits for people (status waiting); stream: server-sent"
        " events; queue: answer at once.",
    )
    key: str | None = Field(
        None, min_length=1, max_length=200, description="Your own id of this start: the same key never starts twice."
    )
    conversation: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Of a chat: the conversation this is a message of, or `new` to begin one. It is answered after the"
        " messages before it. Without, it is a message on its own.",
    )


class RunAnswer(BaseModel):
    """How a run stands."""

    run_id: str
    status: str
    outputs: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    conversation: str | None = Field(default=None, description="The conversation it is a message of.")
    error_run: str | None = Field(
        default=None, description="The run of the error workflow, which began because this one failed."
    )
    events: list[dict[str, Any]] | None = Field(default=None, description="Committed events after the cursor `after`.")


_DESCRIBED: dict[str, Any] = {
    "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}],
    "requestBody": {"required": True, "content": {"application/json": {"schema": StartRun.model_json_schema()}}},
    "security": [{"HTTPBearer": []}],
}


WORKFLOW, APP = "/workflows/{name}/runs", "/apps/{name}/runs"


@router.post(WORKFLOW, response_model=RunAnswer, openapi_extra=_DESCRIBED)
async def start_run(request: Request) -> Response:
    """Run a workflow's draft as it is now."""
    runtime, caller, name, body = await _asked(request)
    if body.mode == "wait":
        return _ended(
            await runs.run_to_end(
                runtime, caller, workflow=name, inputs=body.inputs, key=body.key, conversation=body.conversation
            )
        )
    queued = body.mode == "queue"
    started = await runs.start_run(
        runtime,
        caller,
        workflow=name,
        inputs=body.inputs,
        key=body.key,
        queued=queued,
        conversation=body.conversation,
    )
    return _begun(request, caller, started, queued=queued)


@router.post(APP, response_model=RunAnswer, openapi_extra=_DESCRIBED)
async def start_app_run(request: Request) -> Response:
    """Run an app, with a key of a person who may run it or with a key of the app itself."""
    runtime, caller, name, body = await _asked(request)
    if body.mode == "wait":
        return _ended(
            await apps.run_app_to_end(
                runtime, caller, app=name, inputs=body.inputs, key=body.key, conversation=body.conversation
            )
        )
    queued = body.mode == "queue"
    started = await apps.start_app_run(
        runtime, caller, app=name, inputs=body.inputs, key=body.key, queued=queued, conversation=body.conversation
    )
    return _begun(request, caller, started, queued=queued)


def direct() -> list[Route]:
    """The busiest routes without what FastAPI does around one (a third of a millisecond); they stand before the routes
    that describe them."""
    busiest = ((WORKFLOW, start_run), (APP, start_app_run))
    return [Route(f"/api/v1{path}", answer, methods=["POST"], include_in_schema=False) for path, answer in busiest]


async def _asked(request: Request) -> tuple[Runtime, Actor, str, StartRun]:
    """Who asks, for which workflow or app, with what."""
    runtime, caller = running(request), await caller_of(request)
    return runtime, caller, request.path_params["name"], await _read(request)


def _ended(end: Finished) -> Response:
    return _json(_answer(end))


def _answer(end: Finished) -> RunAnswer:
    told = RunAnswer(run_id=end.run, status=end.status, outputs=end.outputs, error=end.error)
    if end.error_run:
        told.error_run = end.error_run
    return _in(told, end.conversation)


def _in(told: RunAnswer, conversation: str) -> RunAnswer:
    """With the conversation, where there is one."""
    if conversation:
        told.conversation = conversation
    return told


def _begun(request: Request, caller: Actor, started: Started, *, queued: bool) -> Response:
    if queued:
        return _json(_in(RunAnswer(run_id=started.run, status="queued"), started.conversation), 202)
    return _stream(request, caller, started.run, 0, started.conversation)


@router.get("/runs/{run_id}", response_model=RunAnswer)
async def read_run(
    run_id: str,
    request: Request,
    runtime: Parts,
    caller: Caller,
    after: Annotated[int, Query(ge=0, description="Cursor: the last seq you have seen.")] = 0,
    accept: Annotated[str, Header()] = "",
) -> Response:
    """How a run stands, with its committed events; with `Accept: text/event-stream`, what follows as it happens."""
    if "text/event-stream" in accept:
        await traces.read_finished(runtime, caller, run=run_id)
        return _stream(request, caller, run_id, after)
    end, events = await traces.read_events(runtime, caller, run=run_id, after=after)
    told = _answer(end)
    told.events = events
    return _json(told)


@router.get("/runs/{run_id}/trace")
async def read_trace(run_id: str, runtime: Parts, caller: Caller) -> Response:
    """A run whole: every step with its output, every model call as it was sent, what it used."""
    return Response(
        orjson.dumps(asdict(await traces.read_run(runtime, caller, run=run_id))), media_type="application/json"
    )


@router.post("/runs/{run_id}/cancel", response_model=RunAnswer)
async def cancel_run(run_id: str, runtime: Parts, caller: Caller) -> Response:
    """Stop a run. Recorded at once; no new effect begins."""
    return _ended(await runs.cancel_run(runtime, caller, run=run_id))


@router.delete("/runs/{run_id}/data", status_code=204, response_class=Response)
async def erase_run(run_id: str, runtime: Parts, caller: Caller) -> Response:
    """Remove what a run that has ended was given and has made, its files included. That it ran stays on record."""
    await erasing.erase_run(runtime, caller, run=run_id)
    return Response(status_code=204)


async def _read(request: Request) -> StartRun:
    """The body, read after the key was looked at, and no further than it may reach."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BODY:
            raise BadInput(f"The request is larger than {MOST_BODY // 1_000_000} MB.", hint="Send less.")
    try:
        return StartRun.model_validate_json(bytes(content))
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from error


def _json(body: RunAnswer, status: int = 200) -> Response:
    return Response(orjson.dumps(body.model_dump(exclude_unset=True)), status, media_type="application/json")


def _stream(request: Request, caller: Actor, run: str, after: int, conversation: str = "") -> StreamingResponse:
    """Server-sent events: `id` is the cursor to come back with, `event` the kind. A key that is revoked meanwhile hears
    nothing more."""
    runtime = running(request)

    async def lines() -> AsyncIterator[bytes]:
        yield _line("run.accepted", {"run": run} | ({"conversation": conversation} if conversation else {}))
        asked = runtime.clock.now()
        async for event in runs.follow_run(runtime, caller, run=run, after=after):
            if runtime.clock.now() - asked > ASK_AGAIN_S:
                try:
                    await caller_of(request)
                except NotSignedIn as error:
                    yield _line("error", {"code": error.code, "sentence": error.sentence})
                    return
                asked = runtime.clock.now()
            yield _line(event["kind"], event)

    return StreamingResponse(lines(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _line(kind: str, event: dict[str, Any]) -> bytes:
    cursor = f"id: {event['seq']}\n" if "seq" in event else ""
    return f"{cursor}event: {kind}\ndata: {orjson.dumps(event).decode()}\n\n".encode()
