"""Files for knowledge bases: plain HTTP beside the pages, for people who are signed in.

The body is the file itself and its name stands in the address, so nothing of what a stranger sends is parsed before
somebody with the right to bring it is known, and no byte is kept beyond the limit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from builder.api.errors import answer
from runtime.errors import BadInput, GreenlaneError
from runtime.operations import knowledge
from runtime.operations.actors import Actor
from runtime.operations.door import allowed
from runtime.operations.knowledge import MOST_BYTES
from runtime.operations.runtime import Runtime

PREFIX = "/files/"


def create_uploads(runtime: Callable[[], Runtime], person: Callable[[dict[str, Any]], Actor]) -> Starlette:
    """`POST /files/{base}?name=Handbook.pdf` with the file as body. `person` says who is behind a request, by its ASGI
    scope: the gate in front has looked."""

    async def bring(request: Request) -> Response:
        actor, base = person(dict(request.scope)), request.path_params["base"]
        try:
            await allowed(runtime(), actor, "base.fill", base)
            card = await knowledge.upload_document(
                runtime(), actor, base=base, file=request.query_params.get("name", ""), body=await _body(request)
            )
        except GreenlaneError as error:
            return answer(error.status, error.code, error.sentence, error.hint)
        return JSONResponse({"document": card.id, "name": card.name, "run": card.run}, 201)

    return Starlette(routes=[Route(PREFIX + "{base}", bring, methods=["POST"])])


async def _body(request: Request) -> bytes:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BYTES:
            raise BadInput(
                f"The file is larger than {MOST_BYTES // 1_000_000} MB.", hint="Split it, or take out its pictures."
            )
    return bytes(content)
