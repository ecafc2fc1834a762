"""Testing a connection: one request over the very way that steps and models take, and what came of it in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from runtime.engine.probing import probe
from runtime.errors import TooManyTries
from runtime.operations.actors import Actor
from runtime.operations.connections import found
from runtime.operations.door import do
from runtime.operations.runtime import Runtime
from runtime.store.audit import count_audit
from runtime.store.connections import ConnectionRow
from runtime.store.transaction import Tx

WINDOW_S = 60.0
MOST = 6
"""tests of one person within the window: this is no scanner"""


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test came to. Nothing of the answer is shown but its status."""

    result: Literal["reached", "refused", "wrong_key", "not_reached"]
    sentence: str


async def test_connection(runtime: Runtime, actor: Actor | None, *, connection: str) -> Tested:
    """Call a connection's own address once, with its credential, and say whether it can be reached and takes it. The
    call goes through the same guard as those of steps. Raises `TooManyTries`."""
    now = runtime.clock.now()

    def work(tx: Tx) -> ConnectionRow:
        person = actor.id if actor else ""
        if count_audit(tx, person=person, action="connection.test", since=now - WINDOW_S) >= MOST:
            raise TooManyTries("Too many tests in a short time.", hint="Wait a minute, then test again.")
        return found(tx, connection)

    row = await do(runtime, actor, "connection.test", connection, work, found=lambda row: row.host)
    status, trouble = await probe(row, runtime.keys, runtime.hosts.lookup)
    return _told(row, status, trouble)


def _told(row: ConnectionRow, status: int, trouble: str) -> Tested:
    if trouble:
        return Tested("not_reached", trouble)
    if status in (401, 403, 407):
        if row.credential == "none":
            return Tested("wrong_key", f"{row.host} was reached, and asks for a credential (status {status}).")
        return Tested("wrong_key", f"{row.host} was reached, but does not accept the credential (status {status}).")
    if 300 <= status < 400:
        return Tested(
            "reached",
            f"{row.host} was reached. It sends on to another address (status {status}), which is not followed.",
        )
    if status >= 500 or status == 429:
        return Tested("refused", f"{row.host} was reached, but refuses to answer now (status {status}).")
    if status >= 400 and row.kind == "model":
        sentence = (
            f"{row.host} was reached, but lists no models at {row.base_url} (status {status}): look at the address."
        )
        return Tested("refused", sentence)
    if status >= 400:
        sentence = f"{row.host} was reached (status {status}). Nothing is at {row.probe}, or it is not for looking at."
        return Tested("reached", sentence)
    taken = " and accepts the credential" if row.credential != "none" else ""
    return Tested("reached", f"{row.host} was reached{taken} (status {status}).")
