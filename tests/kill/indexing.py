"""Kills whoever indexes again and again, lets a last process finish, and looks for what is lost, doubled or half done.

`python -m tests.kill.indexing --rounds 20`: the last line has the counts; the exit code is 1 when anything is wrong.
"""

import argparse
import asyncio
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory

from runtime.assembly import assemble
from runtime.operations.knowledge import DocumentCard, create_base, open_base
from runtime.operations.people import local_owner
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from runtime.store import knowledge as rows
from runtime.store.audit import verify_audit
from runtime.store.database import Reader, open_engine
from tests.kill.indexer import BASE, NOTES, PASSAGES, goes, text_of, word_of
from tests.kill.rounds import child, order

PATIENCE_S = 60
PLACES = ("before commit", "after commit", "-")

UNDER_WAY = """
    SELECT document.id, document.status, done, (SELECT count(*) FROM passage WHERE document = document.id AND indexed)
    FROM document JOIN run ON run.id = document.run
    WHERE document.status NOT IN ('ready', 'failed') AND run.status NOT IN ('failed', 'cancelled')
    ORDER BY document.created, document.id"""
NOT_WHOLE = {
    "passages of no document": "SELECT 1 FROM passage WHERE document NOT IN (SELECT id FROM document)",
    "words that differ from their passages": """
        SELECT 1 WHERE (SELECT count(*) FROM passage_words) != (SELECT count(*) FROM passage)""",
    "a document of no run": "SELECT 1 FROM document WHERE run NOT IN (SELECT id FROM run)",
    "files of no document": """
        SELECT 1 FROM blob WHERE (digest LIKE 'file:%' AND substr(digest, 6) NOT IN (SELECT blob FROM document))
          OR (digest LIKE 'text:%' AND substr(digest, 6) NOT IN (SELECT text FROM document WHERE text IS NOT NULL))""",
}
"""what must not be found, each a question that finds it"""


@dataclass
class Found:
    """What was there in the end."""

    brought: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    under_way: int = 0
    """kills that met a document being indexed"""
    by_knife: int = 0
    findings: list[str] = field(default_factory=list)


async def play(folder: Path, rounds: int, seed: int) -> Found:
    """Kill so often, then let a last process finish, and look."""
    chance, found = random.Random(seed), Found()  # noqa: S311 - repeatable on purpose
    settings = Settings(data=folder, demo_model=False)
    await _prepare(settings)
    reader = Reader(open_engine(folder / "greenlane.db"))
    with child("tests.kill.indexer", str(folder)) as forker:
        for number in range(rounds):
            place = PLACES[number % len(PLACES)]
            order(forker, "start", place, chance.randint(1, 25))
            if place == "-":  # or the rule against poison would, rightly, end a run that met only deaths
                await _some_work(reader, forker)
                await _progress(reader, forker)
                await asyncio.sleep(chance.uniform(0, 1))
            else:
                await _fallen(forker)
            found.under_way += bool(_under_way(reader))
            found.by_knife += order(forker, "kill") == "knife"
    notes = [line.split() for line in (folder / NOTES).read_text().splitlines()]
    found.brought = {name for what, name in notes if what == "brought"}
    found.removed = {name for what, name in notes if what == "removed"}
    await _judge(settings, found)
    return found


async def _prepare(settings: Settings) -> None:
    runtime = assemble(settings, sweeps=False)
    try:
        owner = await local_owner(runtime)
        await create_base(runtime, owner, title=BASE, purpose="To be killed.", data_class="internal")
    finally:
        runtime.close()


def _under_way(reader: Reader) -> dict[str, tuple[object, ...]]:
    """How far each document is that somebody has to finish, oldest first."""
    return {row[0]: tuple(row[1:]) for row in reader.now(lambda tx: tx.exec_driver_sql(UNDER_WAY).all())}


async def _fallen(forker: Popen[str]) -> None:
    """Wait until the knife came."""
    for _ in range(PATIENCE_S * 20):
        if order(forker, "alive") != "yes":
            return
        await asyncio.sleep(0.05)


async def _some_work(reader: Reader, forker: Popen[str]) -> None:
    """Wait until something is being indexed, or the knife came first."""
    for _ in range(PATIENCE_S * 20):
        if _under_way(reader) or order(forker, "alive") != "yes":
            return
        await asyncio.sleep(0.05)


async def _progress(reader: Reader, forker: Popen[str]) -> None:
    """Wait until the two oldest have got on."""
    before = _under_way(reader)
    for _ in range(PATIENCE_S * 20):
        now = _under_way(reader)
        if all(now.get(each) != before[each] for each in list(before)[:2]) or order(forker, "alive") != "yes":
            return
        await asyncio.sleep(0.05)


async def _judge(settings: Settings, found: Found) -> None:
    runtime = assemble(settings)
    try:
        for _ in range(PATIENCE_S * 20):
            if not _under_way(runtime.reader):
                break
            await asyncio.sleep(0.05)
        documents = (await open_base(runtime, await local_owner(runtime), base=BASE)).documents
        there = {each.name.removesuffix(".txt") for each in documents}
        kept = {name for name in found.brought if not goes(name)}
        found.findings += [f"{name} was brought and is lost" for name in sorted(kept - there)]
        found.findings += [f"{name} was removed and is there" for name in sorted(found.removed & there)]
        for each in documents:
            found.findings += await _wrong(runtime, each)
        found.findings += runtime.reader.now(
            lambda tx: [words for words, question in NOT_WHOLE.items() if tx.exec_driver_sql(question).first()]
        )
        index, marked = runtime.knowledge._index.ids(), runtime.reader.now(rows.indexed_ids)
        if index != marked or len(index) != PASSAGES * len(documents):
            found.findings.append(
                f"{len(documents)} documents, {len(marked)} passages marked, {len(index)} in the index"
            )
        if runtime.reader.now(verify_audit).broken is not None:
            found.findings.append("the audit chain is broken")
    finally:
        runtime.close(1)


async def _wrong(runtime: Runtime, each: DocumentCard) -> list[str]:
    """What is wrong with a document in the end."""
    name = each.name.removesuffix(".txt")
    if each.status != "ready":
        return [f"{name} is {each.status}: {each.error}"]
    passages = runtime.reader.now(lambda tx: rows.list_passages(tx, each.id, 0, 10 * PASSAGES))
    numbers, text = [row[1] for row in passages], text_of(name)
    if numbers != list(range(1, PASSAGES + 1)) or (each.passages, each.done) != (PASSAGES, PASSAGES):
        return [f"{name} has the passages {numbers}, says {each.passages}, counts {each.done}"]
    if any(text[row[3] : row[4]] != row[6] or word_of(name, row[1] - 1) not in row[6] for row in passages):
        return [f"{name} has passages that are not its text"]
    base = runtime.reader.now(lambda tx: rows.bases_named(tx, [BASE]))[BASE]
    for number in (0, PASSAGES // 2, PASSAGES - 1):
        hits = await runtime.knowledge.find([base], f"Which paragraph has {word_of(name, number)}?", limit=5)
        if not hits or word_of(name, number) not in hits[0].text or len({hit.id for hit in hits}) != len(hits):
            return [f"{name} is not found by the word of passage {number + 1}"]
    return []


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.kill.indexing", description="Kill whoever indexes, look what is left.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="greenlane-kill-") as name:
        found = asyncio.run(play(Path(name), options.rounds, options.seed))
    for finding in found.findings[:20]:
        print(f"  {finding}")
    print(
        f"kill of indexing: rounds {options.rounds} under way {found.under_way} by knife {found.by_knife}"
        f" brought {len(found.brought)} removed {len(found.removed)} findings {len(found.findings)}"
    )
    return 1 if found.findings else 0


if __name__ == "__main__":
    sys.exit(main())
