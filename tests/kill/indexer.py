"""Processes that bring documents to a base, index them and take some away until they are killed; what was acknowledged
to them is noted in a file, a line each: `brought NAME`, `removed NAME`."""

import asyncio
import itertools
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from runtime.assembly import assemble
from runtime.errors import Conflict
from runtime.knowledge import shelves
from runtime.knowledge.libraries import library
from runtime.operations.knowledge import open_base, remove_document, upload_document
from runtime.operations.people import local_owner
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from tests.kill.forking import obey
from tests.kill.knife import Knife

BASE = "killed"
NOTES = "acknowledged.txt"
PASSAGES = 20
AT_ONCE = 3
"""documents under way: two that are indexed, one that waits for its turn"""
TOPICS = ("leave", "travel", "meals", "training", "parking", "insurance")


def text_of(name: str) -> str:
    """A document of so many passages, each with a word of its own."""
    return "\n\n".join(
        f"Paragraph {number} of {name} is about {TOPICS[number % len(TOPICS)]}, its word is {word_of(name, number)}."
        + " It says what is allowed and whom to ask before." * 14
        for number in range(PASSAGES)
    )


def word_of(name: str, number: int) -> str:
    """The word that stands in one passage of one document."""
    return f"{name}x{number}x"


def goes(name: str) -> bool:
    """Whether a document is taken away again: every fourth."""
    return int(name[1:]) % 4 == 3


async def work(runtime: Runtime, folder: Path) -> None:
    """Bring one after the other, until the end."""
    owner = await local_owner(runtime)
    file = os.open(folder / NOTES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    gone = {line.split()[1] for line in (folder / NOTES).read_text().splitlines() if line.startswith("removed")}

    def note(*words: str) -> None:
        os.write(file, (" ".join(words) + "\n").encode())  # by the system, so it needs no flush

    for name in (f"d{number}" for number in itertools.count()):
        while True:
            documents = (await open_base(runtime, owner, base=BASE)).documents
            for each in documents:
                if each.status == "ready" and goes(left := each.name.removesuffix(".txt")):
                    await remove_document(runtime, owner, base=BASE, document=each.id)
                    note("removed", left)
                    gone.add(left)
            if sum(each.status not in ("ready", "failed") for each in documents) < AT_ONCE:
                break
            await asyncio.sleep(0.02)
        if name not in gone:
            with suppress(Conflict):  # brought before a kill
                await upload_document(runtime, owner, base=BASE, file=f"{name}.txt", body=text_of(name).encode())
            note("brought", name)


def serve(folder: Path, place: str, arrival: int) -> NoReturn:
    """In the child: bring documents until killed."""
    runtime = assemble(Settings(data=folder, demo_model=False), reach=Knife(place, arrival))
    asyncio.run(work(runtime, folder))
    os._exit(0)


if __name__ == "__main__":
    for heavy in ("numpy", "onnxruntime", "chromadb"):
        library(heavy)  # before the first fork
    shelves.LARGE = 2 * PASSAGES  # so that the base is moved meanwhile
    obey(partial(serve, Path(sys.argv[1])))
