"""What begins when a run has failed: its error workflow, as a run of its own, in the transaction that ends the failed
one. So it is never lost and never begun twice, and whoever executes the queue takes it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

import orjson

from runtime.graph.document import ERROR_INPUTS
from runtime.graph.plan import OnError, Plan
from runtime.store.audit import close_run, write_audit
from runtime.store.error_runs import FailedRun, error_key, error_run_of, failed_run, words_of_version
from runtime.store.ids import new_id
from runtime.store.runs import Ending, NewRun, insert_run, keep_content
from runtime.store.transaction import Tx

LONGEST = 10_000
"""characters of what a failure says, at most"""
TITLE = 200
"""characters of what a run is called"""


def end_and_follow(tx: Tx, end: Ending, plan: Plan, *, person: str) -> str:
    """End a run, and where it failed begin its error workflow. The id of that run, empty where there is none."""
    ended = close_run(tx, end, person=person)
    if not ended or end.status != "failed" or plan.on_error is None:
        return ""
    failed = failed_run(tx, end.run)
    if failed is None or error_run_of(
        tx, failed.workflow, end.run
    ):  # the key is taken: it must not keep a run from ending
        return ""
    return _begin(tx, end, plan, plan.on_error, failed)


def _begin(tx: Tx, end: Ending, plan: Plan, on_error: OnError, failed: FailedRun) -> str:
    error: dict[str, Any] = orjson.loads(end.error or "{}")
    run, what = new_id("run"), on_error.plan
    keep_content(tx, what.hash, on_error.meaning)
    new = NewRun(
        id=run, workflow=failed.workflow, name=failed.name, title=f"When “{failed.title}” fails"[:TITLE],
        person=failed.person, via=failed.via, key=error_key(end.run), hash=what.hash,
        words=words_of_version(tx, on_error.name, on_error.content), catalogue=what.catalogue_digest,
        inputs=orjson.dumps(_inputs(what, _told(failed, end.run, plan, error))), created=end.ended, process="",
        app=failed.app, version=failed.version, manifest=failed.manifest,
    )  # fmt: skip
    insert_run(tx, new)
    write_audit(
        tx, at=end.ended, person=failed.person, action="run.follow", thing=run, outcome="done",
        reason=f"{end.run} failed", detail=what.hash,
    )  # fmt: skip
    return run


def _told(failed: FailedRun, run: str, plan: Plan, error: Mapping[str, Any]) -> dict[str, str]:
    """Everything an error workflow may be told, by the names of `ERROR_INPUTS`."""
    return {
        "workflow": failed.title,
        "run": run,
        "step": title_of(plan, error),
        "message": str(error.get("message", "")),
        "code": str(error.get("code", "")),
        "started_at": datetime.fromtimestamp(failed.began, UTC).isoformat(timespec="seconds"),
        "person": failed.who,
    }


def _inputs(what: Plan, told: Mapping[str, str]) -> dict[str, Any]:
    """What its Start step declares of that, cut off where it is too long for it; of the rest the defaults. Nothing is
    refused: a failure that says nothing, or too much, is told all the same."""
    start = cast("Any", what.steps[what.start].ready)
    known: dict[str, int] = {
        each.name: min(each.max_length or LONGEST, LONGEST) for each in start.asked() if each.name in ERROR_INPUTS
    }
    values, _ = start.check_inputs({})
    return {**values, **{name: told[name][:longest] for name, longest in known.items()}}


def title_of(plan: Plan, error: Mapping[str, Any]) -> str:
    """What people call the step that failed; empty where it was none of them."""
    step, scope = str(error.get("step") or ""), plan.top
    for part in filter(None, str(error.get("path") or "").split("/")):
        at = scope.index.get(part.partition("[")[0])
        body = scope.steps[at].body if at is not None else None
        if body is None:
            return step
        scope = body.scope
    return scope.steps[scope.index[step]].title if step in scope.index else step
