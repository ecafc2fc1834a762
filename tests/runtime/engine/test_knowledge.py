"""What indexing owes to the engine; that files become passages and are found stands with the operations."""

import asyncio
from contextlib import suppress

import pytest

from runtime.store.runs import NewRun, insert_run, keep_content, run_row


async def test_a_document_that_waits_for_its_turn_is_not_blamed_for_what_kills_the_process(room):
    new = NewRun(
        id="run_waits", workflow="", name="index-document", title="Index", person="p", via="ui", key=None, hash="h",
        words="w", catalogue="", inputs=b"{}", created=1.0, process=room.process.id,
    )  # fmt: skip
    blamed = "UPDATE run SET barren = 2, barren_seq = 0 WHERE id = 'run_waits'"
    await room.writer.write(
        lambda tx: (
            keep_content(tx, "h", b"{}"), keep_content(tx, "w", b"{}"), insert_run(tx, new), tx.exec_driver_sql(blamed),
        )
    )  # fmt: skip
    room.knowledge._places = asyncio.Semaphore(0)
    waiting = asyncio.create_task(room.knowledge.index("run_waits", "document_1"))
    try:
        for _ in range(100):
            if room.reader.now(lambda tx: run_row(tx, "run_waits")).barren == 0:
                break
            await asyncio.sleep(0.02)
        assert room.reader.now(lambda tx: run_row(tx, "run_waits")).barren == 0
        assert not waiting.done()
    finally:
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting


@pytest.mark.slow
async def test_texts_are_alike_by_their_meaning_and_compared_on_this_machine(room):
    others = ["I was charged twice on my invoice", "The website does not open", "I was charged twice on my invoice"]
    for text, best in [("You have billed me two times", 0), ("Your page stays white and is broken", 1)]:
        scores = await room.knowledge.likeness(text, others)
        assert max(range(3), key=scores.__getitem__) == best
        assert scores[0] == scores[2]
    assert await room.knowledge.likeness("anything", []) == []
