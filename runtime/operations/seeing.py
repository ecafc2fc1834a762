"""Who may see a submission, and what it is called in addresses and in the audit log."""

from __future__ import annotations

from typing import Any

from runtime.errors import NotFound
from runtime.operations.actors import Actor
from runtime.operations.door import Hidden
from runtime.store import submissions as rows
from runtime.store.rights import roles_of, things_of
from runtime.store.transaction import Row, Tx


def visible_submission(tx: Tx, actor: Actor | None, number: int) -> Row[Any]:
    """The row of a submission this actor may see: a reviewer or auditor, or somebody who may see the workflow. For
    everybody else it is as if there were none."""
    row = rows.submission_row(tx, number)
    absent = f"There is no submission #{number}."
    if row is None or actor is None:
        raise NotFound(absent)
    if not roles_of(tx, actor.id) & {"reviewer", "auditor"} and row.workflow not in things_of(tx, actor.id, "see"):
        raise Hidden(absent)
    return row


def thing_of(number: int) -> str:
    """What the audit log calls a submission."""
    return f"submission:{number}"


def link_of(number: int) -> str:
    """The address of a submission's page."""
    return f"/reviews/{number}"
