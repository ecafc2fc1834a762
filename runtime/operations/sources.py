"""Sources: the passages a run found, so that its answer can be checked. Each is asked again for the reader's rights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from runtime.operations.actors import Actor
from runtime.operations.door import look
from runtime.operations.runtime import Runtime
from runtime.operations.traces import visible_run
from runtime.store.knowledge import bases_named, readable_bases
from runtime.store.log import read_records
from runtime.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Source:
    """A passage, with the number a prompt and so an answer calls it by."""

    number: int
    title: str
    """of its document"""
    page: int
    """from 1; 0 where the document is not divided into pages"""
    base: str
    """name of the knowledge base"""
    passage: str
    text: str
    readable: bool
    """whether this reader may open it now: the link leads somewhere"""


async def sources_of(runtime: Runtime, actor: Actor | None, *, run: str) -> list[Source]:
    """What the run's searches found, in the order they found it, each passage once.

    Whoever lost the right on a base since does not get its passages here, not even their titles, unless they read the
    run as an auditor.
    """

    def find(tx: Tx) -> list[Source]:
        row = visible_run(tx, actor, run)
        assert actor is not None, "the door asked"
        whole = row.person != actor.id and actor.app is None  # an auditor reads the whole run
        found = list(_found(tx, run))
        ids = bases_named(tx, {each["base"] for _, each, _ in found})
        mine = readable_bases(tx, actor.id)
        return [
            Source(
                number, title, int(meta.get("page") or 0), meta["base"], meta["passage"], text,
                ids.get(meta["base"]) in mine,
            )
            for number, (title, meta, text) in enumerate(found, 1)
            if whole or ids.get(meta["base"]) in mine
        ]  # fmt: skip

    return await look(runtime, actor, "run.see", run, find)


def _found(tx: Tx, run: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Title, place and text of every passage in the outputs of search steps; each once."""
    seen: set[str] = set()
    for record in read_records(tx, run):
        if record.kind != "done" or record.value is None:
            continue
        output: Any = orjson.loads(record.value)
        for each in passages_in(output):
            meta = each["metadata"]
            if meta["passage"] not in seen:
                seen.add(meta["passage"])
                yield str(each.get("title") or "A document"), meta, str(each.get("content") or "")


def passages_in(output: Any) -> list[dict[str, Any]]:
    """The passages in a step's output: a list `result` whose entries carry `metadata` with base and passage."""
    match output:
        case {"result": [*found]}:
            return [each for each in found if _is_passage(each)]
        case _:
            return []


def _is_passage(each: Any) -> bool:
    match each:
        case {"metadata": {"base": str(), "passage": str()}}:
            return True
        case _:
            return False
