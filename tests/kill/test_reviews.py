"""Reviews under `kill -9`: what was acknowledged is there, and nothing is half there."""

import asyncio
import random
from pathlib import Path

import orjson
import pytest

from runtime.assembly import assemble
from runtime.operations.workflows import create_workflow
from runtime.settings import Settings
from runtime.store.audit import verify_audit
from runtime.store.database import Reader, open_engine
from runtime.store.models import AliasRow
from tests.kill.rounds import child, order
from tests.support.reviewing import drawn, somebody

ROUNDS = 20
WORKFLOWS = 4

HALF_DONE = {
    "a submission without its version or one of its parts": """
        SELECT submission.id FROM submission LEFT JOIN version ON version.id = submission.version
          AND version.hash = submission.hash AND version.manifest = submission.manifest
        WHERE version.id IS NULL OR NOT (version.hash IN (SELECT digest FROM content)
          AND version.words IN (SELECT digest FROM content) AND version.manifest IN (SELECT digest FROM content))""",
    "a submission nobody was told of": """
        SELECT id FROM submission WHERE NOT EXISTS
          (SELECT 1 FROM notification WHERE text LIKE '%submitted%(#' || number || ',%')""",
    "a decision about a submission that is still open": """
        SELECT decision.id FROM decision JOIN submission ON submission.id = submission WHERE status NOT IN
          ('approved', 'changes_requested', 'denied')""",
    "a decided submission without a decision": """
        SELECT id FROM submission WHERE status IN ('approved', 'changes_requested', 'denied')
          AND id NOT IN (SELECT submission FROM decision)""",
    "a conditional approval without its condition": """
        SELECT id FROM decision WHERE kind = 'conditions' AND id NOT IN (SELECT decision FROM condition)""",
    "a decision its author was not told of": """
        SELECT decision.id FROM decision JOIN submission ON submission.id = submission WHERE NOT EXISTS
          (SELECT 1 FROM notification WHERE notification.person = submission.person AND at = decision.at)""",
    "two open submissions of one workflow": """
        SELECT workflow FROM submission WHERE status = 'open' GROUP BY workflow HAVING count(*) > 1""",
    "a gap in the numbers": "SELECT 1 WHERE (SELECT max(number) FROM submission) != (SELECT count(*) FROM submission)",
    "another number of audit rows than submissions": """
        SELECT 1 WHERE (SELECT count(*) FROM audit WHERE action = 'submission.create' AND outcome = 'done')
          != (SELECT count(*) FROM submission)""",
    "another number of audit rows than decisions": """
        SELECT 1 WHERE (SELECT count(*) FROM audit WHERE action = 'decision.make' AND outcome = 'done')
          != (SELECT count(*) FROM decision)""",
}
"""what must not be found, each a question that finds it"""

ACKNOWLEDGED = {
    "submit": "SELECT 1 FROM submission WHERE number = :number AND hash = :hash",
    "comment": "SELECT 1 FROM comment JOIN submission ON submission.id = submission WHERE number = :number",
    "withdraw": "SELECT 1 FROM submission WHERE number = :number AND status = 'withdrawn'",
    "decide": "SELECT 1 FROM decision JOIN submission ON submission.id = submission"
    " WHERE number = :number AND decision.id = :decision AND kind = :kind",
    "meet": "SELECT 1 FROM condition WHERE id = :condition AND met IS NOT NULL",
    "take_back": "SELECT 1 FROM decision WHERE id = :decision AND withdrawn IS NOT NULL",
}


async def prepare(folder: Path) -> None:
    """People and workflows, written down for the processes that will be killed."""
    alias = AliasRow(
        name="fast", description="", model="openai/none", base_url="http://127.0.0.1:9/v1", key_env="", fast=True,
        fallback=None, price_in=1.0, price_out=1.0, max_tokens=100, timeout_s=30, month_limit=None, hosting="here",
        clearance="confidential", demo=False, updated=0.0,
    )  # fmt: skip
    runtime = assemble(Settings(data=folder, demo_model=False), aliases=[alias], sweeps=False)
    try:
        people = [await somebody(runtime, "Ada", "analyst"), await somebody(runtime, "Grace", "reviewer")]
        drafts = [await create_workflow(runtime, people[0], title="Triage", document=drawn()) for _ in range(WORKFLOWS)]
    finally:
        runtime.close()
    known = {
        "people": [{"id": each.id, "name": each.name, "roles": sorted(each.roles)} for each in people],
        "workflows": [each.name for each in drafts],
    }
    (folder / "people.json").write_bytes(orjson.dumps(known))


async def progress(forker, file: Path, lines: int) -> None:
    """Wait until so much more was acknowledged, or the knife came first."""

    def count() -> int:
        return file.read_bytes().count(b"\n") if file.exists() else 0

    before = count()
    for _ in range(600):
        if count() >= before + lines or order(forker, "alive") != "yes":
            return
        await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_twenty_kills_of_reviews_lose_nothing_and_leave_nothing_half_done(tmp_path):
    await prepare(tmp_path)
    chance = random.Random(11)  # noqa: S311 - repeatable on purpose
    fell: list[str] = []
    with child("tests.kill.reviewer", str(tmp_path)) as forker:
        for number in range(ROUNDS):
            place = ("before commit", "after commit", "-")[number % 3]
            order(forker, "start", place, chance.randint(1, 60))
            await progress(forker, tmp_path / "acknowledged.ndjson", chance.randint(5, 60))
            await asyncio.sleep(chance.uniform(0, 0.1))
            fell.append(order(forker, "kill"))
    reader = Reader(open_engine(tmp_path / "greenlane.db"))
    found = [orjson.loads(line) for line in (tmp_path / "acknowledged.ndjson").read_bytes().splitlines()]
    done = [each for each in found if each["op"] in ACKNOWLEDGED]

    def ask(tx) -> list[str]:
        lost = [
            f"lost: {each}" for each in done if not tx.connection.execute(ACKNOWLEDGED[each["op"]], each).fetchone()
        ]
        half = [words for words, question in HALF_DONE.items() if tx.connection.execute(question).fetchone()]
        return lost + half

    assert reader.now(ask) == []
    assert reader.now(verify_audit).broken is None
    assert {each["op"] for each in done} == set(ACKNOWLEDGED)
    assert fell.count("knife") >= 5
