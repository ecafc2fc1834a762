"""Trying out over HTTP: one step, from a step on, or a replay of an earlier run; and two runs side by side."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from builder.api.auth import Caller, Parts
from runtime.operations import comparing, tryouts

router = APIRouter(prefix="/api/v1", tags=["runs"])


class TryOut(BaseModel):
    """What is tried out with a draft."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["step", "from", "replay"] = Field(
        description="step: one step alone; from: from a step on; replay: all of it with recorded answers."
    )
    run: str = Field("", description="The earlier run of yours it is given something of.")
    step: str = Field("", description="The step, for step and from.")
    path: str = Field("", description="For a step inside a container, the item or round of that run: `each[3]`.")
    calls: Literal["refuse", "make"] = Field(
        "refuse", description="For a replay: what becomes of a call for which no answer is recorded."
    )
    version: str | None = Field(None, description="For a replay: a version instead of the draft.")
    pinned: bool = Field(False, description="For step and from: steps that are pinned give what is pinned.")


class TryOutAnswer(BaseModel):
    """The new run; it is queued."""

    run_id: str
    status: str


@router.post("/workflows/{name}/tryouts", status_code=202)
async def try_out(name: str, body: TryOut, runtime: Parts, caller: Caller) -> TryOutAnswer:
    """Try a draft out with what an earlier run left; read or follow the new run as any other."""
    match body.kind:
        case "step":
            started = await tryouts.run_step(
                runtime, caller, workflow=name, step=body.step, run=body.run, path=body.path, pinned=body.pinned
            )
        case "from":
            started = await tryouts.run_from(
                runtime, caller, workflow=name, step=body.step, run=body.run, pinned=body.pinned
            )
        case "replay":
            started = await tryouts.replay_run(
                runtime, caller, workflow=name, run=body.run, version=body.version, calls=body.calls
            )
    return TryOutAnswer(run_id=started.run, status="queued")


@router.get("/runs/{run_id}/comparison")
async def compare(run_id: str, other: str, runtime: Parts, caller: Caller) -> dict[str, Any]:
    """A run beside an `other` one, step by step, with what differs."""
    return asdict(await comparing.compare_runs(runtime, caller, left=run_id, right=other))
