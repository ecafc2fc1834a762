"""Files of people who are signed in: plain HTTP beside the pages.

The body of an upload is the file itself and its name stands in the address, so nothing of what a stranger sends is
parsed before somebody with the right to bring it is known, and no byte is kept beyond the limit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from builder.api.answers import length_of, saved, shown
from builder.api.errors import answer
from runtime.errors import BadInput, GreenlaneError
from runtime.operations import files, knowledge, previews, taking_in
from runtime.operations.actors import Actor
from runtime.operations.door import allowed
from runtime.operations.knowledge import MOST_BYTES
from runtime.operations.runtime import Runtime

PREFIX = "/files/"

Handler = Callable[[Request, Runtime, Actor], Awaitable[Response]]


def create_uploads(runtime: Callable[[], Runtime], person: Callable[[dict[str, Any]], Actor]) -> Starlette:
    """`POST /files/?name=Invoice.pdf` for a run, `POST /files/base/{base}?name=Handbook.pdf` for a knowledge base,
    `POST /files/workflow?name=App.yml` for a workflow to import, with the file as body; what a run has is shown and
    fetched below `/files/{file}`. `person` says who is behind a request, by its ASGI scope: the gate in front has
    looked."""

    def told(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            try:
                return await handler(request, runtime(), person(dict(request.scope)))
            except GreenlaneError as error:
                return answer(error.status, error.code, error.sentence, error.hint, **error.details)
            except ClientDisconnect:  # nobody is there to be told
                return Response(status_code=400)

        return handle

    return Starlette(
        routes=[
            Route(PREFIX, told(_bring), methods=["POST"]),
            Route(PREFIX + "workflow", told(_import), methods=["POST"]),
            Route(PREFIX + "base/{base}", told(_bring_document), methods=["POST"]),
            Route(PREFIX + "{file}", told(_fetch), methods=["GET"]),
            Route(PREFIX + "{file}", told(_discard), methods=["DELETE"]),
            Route(PREFIX + "{file}/picture", told(_picture), methods=["GET"]),
            Route(PREFIX + "{file}/preview", told(_preview), methods=["GET"]),
        ]
    )


async def _bring(request: Request, runtime: Runtime, actor: Actor) -> Response:
    name = request.query_params.get("name", "")
    card = await files.bring_file(runtime, actor, name=name, body=request.stream(), length=length_of(request))
    return JSONResponse(asdict(card), 201)


async def _fetch(request: Request, runtime: Runtime, actor: Actor) -> Response:
    return saved(await files.open_file(runtime, actor, file=request.path_params["file"]))


async def _discard(request: Request, runtime: Runtime, actor: Actor) -> Response:
    await files.discard_file(runtime, actor, file=request.path_params["file"])
    return Response(status_code=204)


async def _picture(request: Request, runtime: Runtime, actor: Actor) -> Response:
    return shown(await previews.open_picture(runtime, actor, file=request.path_params["file"]))


async def _preview(request: Request, runtime: Runtime, actor: Actor) -> Response:
    found = await previews.preview_file(runtime, actor, file=request.path_params["file"])
    return JSONResponse(asdict(found), headers={"Cache-Control": "private, no-store"})


async def _bring_document(request: Request, runtime: Runtime, actor: Actor) -> Response:
    base = request.path_params["base"]
    await allowed(runtime, actor, "base.fill", base)
    card = await knowledge.upload_document(
        runtime, actor, base=base, file=request.query_params.get("name", ""), body=await _body(request)
    )
    return JSONResponse({"document": card.id, "name": card.name, "run": card.run}, 201)


async def _import(request: Request, runtime: Runtime, actor: Actor) -> Response:
    await allowed(runtime, actor, "workflow.create")
    body = await _body(request, taking_in.MOST_BYTES, "A workflow is smaller.")
    taken = await taking_in.import_workflow(runtime, actor, content=body, file=request.query_params.get("name", ""))
    return JSONResponse(asdict(taken), 201)


async def _body(request: Request, most: int = MOST_BYTES, hint: str = "Split it, or take out its pictures.") -> bytes:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > most:
            raise BadInput(f"The file is larger than {most // 1_000_000} MB.", hint=hint)
    return bytes(content)
