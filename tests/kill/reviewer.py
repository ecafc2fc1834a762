"""Processes that submit and decide until they are killed; what was acknowledged to them is noted in a file."""

import asyncio
import os
import random
import sys
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import orjson

from runtime.assembly import assemble
from runtime.errors import GreenlaneError
from runtime.graph.edits import Configure
from runtime.operations.actors import Actor
from runtime.operations.deciding import decide
from runtime.operations.decisions import meet_condition, withdraw_approval
from runtime.operations.drafts import edit_draft
from runtime.operations.reviews import add_comment, open_review
from runtime.operations.runtime import Runtime
from runtime.operations.submissions import check_submission, submit, withdraw_submission
from runtime.operations.workflows import open_draft
from runtime.settings import Settings
from tests.kill.forking import obey
from tests.kill.knife import Knife
from tests.support.reviewing import ANSWERS, verdict_on

KINDS = ("approved", "conditions", "changes", "denied", "exception")
REASON = "Said in a test that kills."


def note(file: int, **facts: Any) -> None:
    """One line that a killed process leaves behind: written by the system, so it needs no flush."""
    os.write(file, orjson.dumps(facts) + b"\n")


async def turn(runtime: Runtime, author: Actor, reviewer: Actor, name: str, file: int, chance: random.Random) -> None:
    """Change, submit, remark, decide, and go on with what was decided."""
    draft = await open_draft(runtime, author, name=name)
    edit = Configure(id="ask", field="temperature", value=chance.randint(1, 199) / 100)
    batch = f"b{chance.random()}"
    await edit_draft(runtime, author, name=name, saw=draft.revision, batch=batch, client="kill", edits=[edit])
    seen = await check_submission(runtime, author, workflow=name)
    card = await submit(runtime, author, workflow=name, answers=ANSWERS, saw=seen.sheet.hash)
    number = card.number
    note(file, op="submit", number=number, hash=seen.sheet.hash)
    await add_comment(runtime, reviewer, number=number, text=f"Remark on {number}", step="ask")
    note(file, op="comment", number=number)
    if chance.random() < 0.2:
        await withdraw_submission(runtime, author, number=number)
        note(file, op="withdraw", number=number)
        return
    kind = chance.choice(KINDS)
    verdict = await verdict_on(runtime, reviewer, number, kind)
    decision = await decide(runtime, reviewer, number=number, verdict=verdict)
    note(file, op="decide", number=number, kind=kind, decision=decision)
    if kind == "conditions":
        made = (await open_review(runtime, reviewer, number=number)).decision
        assert made is not None, "decided a moment ago"
        condition = made.conditions[0].id
        await meet_condition(runtime, reviewer, number=number, condition=condition, note=REASON)
        note(file, op="meet", condition=condition)
    elif kind == "approved" and chance.random() < 0.5:
        await withdraw_approval(runtime, reviewer, number=number, reason=REASON)
        note(file, op="take_back", decision=decision)


async def work(runtime: Runtime, folder: Path, seed: int) -> None:
    """Four workflows at once, until the end."""
    known = orjson.loads((folder / "people.json").read_bytes())
    author, reviewer = (
        Actor(each["id"], each["name"], frozenset(each["roles"]), proved=runtime.clock.now())
        for each in known["people"]
    )
    file = os.open(folder / "acknowledged.ndjson", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    async def keep_on(name: str, chance: random.Random) -> None:
        while True:
            try:
                await turn(runtime, author, reviewer, name, file, chance)
            except GreenlaneError as error:
                note(file, op="refused", sentence=error.sentence)

    await asyncio.gather(
        *(keep_on(name, random.Random(f"{seed} {name}")) for name in known["workflows"])  # noqa: S311 - repeatable
    )


def serve(folder: Path, place: str, arrival: int) -> NoReturn:
    """In the child: submit and decide until killed."""
    runtime = assemble(Settings(data=folder, demo_model=False), reach=Knife(place, arrival))
    asyncio.run(work(runtime, folder, arrival))
    os._exit(0)


if __name__ == "__main__":
    obey(partial(serve, Path(sys.argv[1])))
