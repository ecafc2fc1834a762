"""Files nobody needs any more are taken away: what no run was given within a day, and bytes no file has.

Any number of processes may do it at once, at the same moment as uploads and starts: rows alone decide, and every
decision about bytes is made under the lock of their row (`store.files`).
"""

from __future__ import annotations

import asyncio

from runtime.files.bodies import Bodies
from runtime.store.database import Reader
from runtime.store.files import UNUSED_S, adopt_bodies, known_bodies, let_go, remove_unused, unneeded_bodies
from runtime.store.transaction import Tx
from runtime.store.writer import Writer


async def clean_files(bodies: Bodies, reader: Reader, writer: Writer, now: float) -> int:
    """Take away what nothing refers to; how many bodies went."""
    while await writer.write(lambda tx: remove_unused(tx, now)):
        pass
    gone = 0
    for digest in await reader.ask(unneeded_bodies):

        def drop(tx: Tx, digest: str = digest) -> bool:
            if not let_go(tx, digest):
                return False
            bodies.drop(digest)  # under the lock: whoever brings the same bytes asks after it whether they are there
            return True

        gone += await writer.write(drop)

    await asyncio.to_thread(bodies.free)
    return gone


async def find_strays(bodies: Bodies, reader: Reader, writer: Writer, now: float) -> None:
    """Look through all bodies for some whose upload died before it wrote its rows; the next clean-up takes them."""

    def known(digests: list[str]) -> set[str]:
        return reader.now(lambda tx: known_bodies(tx, digests))

    if strays := await asyncio.to_thread(bodies.strays, UNUSED_S, known):
        await writer.write(lambda tx: adopt_bodies(tx, strays, now))
