"""Files over HTTP: bring one, give its id to a run as an input, fetch what a run has made."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from builder.api.answers import length_of, saved
from builder.api.auth import Caller, Parts, caller_of, running
from runtime.operations import files

router = APIRouter(prefix="/api/v1", tags=["files"])


class FileAnswer(BaseModel):
    """A file. As an input of a run send its `id`, or the whole object; outputs hold it in this form."""

    id: str
    name: str
    type: str = Field(description="Media type, by its content and not by its name.")
    size: int = Field(description="Bytes.")
    sha256: str


_BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": "name",
            "in": "query",
            "required": True,
            "schema": {"type": "string"},
            "description": "What the file is called, with its ending: `invoice.pdf`.",
        }
    ],
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    "security": [{"HTTPBearer": []}],
}


@router.post("/files", response_model=FileAnswer, status_code=201, openapi_extra=_BODY)
async def bring_file(request: Request) -> Any:
    """Bring a file: its bytes are the body. Then start a run with `{"inputs": {"invoice": "file_…"}}`.

    It waits a day for a run; what is given to none is taken away again.
    """
    runtime, caller = running(request), await caller_of(request)
    return asdict(
        await files.bring_file(
            runtime, caller, name=request.query_params.get("name", ""), body=request.stream(), length=length_of(request)
        )
    )


@router.get("/files/{file_id}", response_model=FileAnswer)
async def describe_file(file_id: str, runtime: Parts, caller: Caller) -> Any:
    """What a file is: one you brought, or one of a run you may see."""
    return asdict(await files.describe_file(runtime, caller, file=file_id))


@router.get("/files/{file_id}/content", response_class=Response)
async def read_file(file_id: str, runtime: Parts, caller: Caller) -> Response:
    """The bytes of a file."""
    return saved(await files.open_file(runtime, caller, file=file_id))


@router.delete("/files/{file_id}", status_code=204, response_class=Response)
async def discard_file(file_id: str, runtime: Parts, caller: Caller) -> Response:
    """Take away a file you brought and gave to no run."""
    await files.discard_file(runtime, caller, file=file_id)
    return Response(status_code=204)
