"""What governing costs: checks and review page of a workflow of a hundred steps, a long audit chain verified."""

import asyncio
import time
from pathlib import Path

from runtime.assembly import assemble
from runtime.graph.edits import Configure, Edit
from runtime.operations.drafts import edit_draft
from runtime.operations.reviews import open_review
from runtime.operations.runtime import Runtime
from runtime.operations.submissions import check_submission, submit
from runtime.operations.workflows import create_workflow, open_draft
from runtime.settings import Settings
from runtime.store.audit import verify_audit, write_audit
from runtime.store.models import AliasRow
from runtime.store.transaction import Tx
from tests.bench.measuring import Table, best
from tests.support.reviewing import ANSWERS, decided, drawn, somebody

STEPS, ROWS = 100, 100_000

ALIAS = AliasRow(
    name="fast", description="", model="openai/none", base_url="http://127.0.0.1:9/v1", key_env="", fast=True,
    fallback=None, price_in=1.0, price_out=1.0, max_tokens=100, timeout_s=30, month_limit=None, hosting="here",
    clearance="confidential", demo=False, updated=0.0,
)  # fmt: skip


async def reviewing(table: Table, folder: Path) -> None:
    """A workflow that was approved once, changed at every model step, and is submitted again."""
    runtime = assemble(Settings(data=folder / "review", demo_model=False), aliases=[ALIAS])
    try:
        author, reviewer = await somebody(runtime, "Ada", "analyst"), await somebody(runtime, "Grace", "reviewer")
        name = (await create_workflow(runtime, author, title="Long", document=drawn(long_workflow()))).name
        card = await submit(runtime, author, workflow=name, answers=ANSWERS)
        await decided(runtime, reviewer, card.number)
        draft = await open_draft(runtime, author, name=name)
        edits: list[Edit] = [Configure(id=f"s{at}", field="temperature", value=0.5) for at in range(10, STEPS - 1, 10)]
        await edit_draft(runtime, author, name=name, saw=draft.revision, batch="b1", client="bench", edits=edits)
        for words, work in (
            ("checks before it is submitted", lambda: check_submission(runtime, author, workflow=name)),
            ("the editor opened", lambda: open_draft(runtime, author, name=name)),
        ):
            await _note(table, f"{STEPS} steps: {words}", work)
        number = (await submit(runtime, author, workflow=name, answers=ANSWERS)).number
        await _note(
            table, f"{STEPS} steps: what the review page shows", lambda: open_review(runtime, reviewer, number=number)
        )
        assert len((await open_review(runtime, reviewer, number=number)).changes) == len(edits)
        await _chain(table, runtime)
    finally:
        runtime.close()


async def _note(table: Table, words: str, work) -> None:
    begun = time.perf_counter()
    await work()
    first = time.perf_counter() - begun
    wall, _ = await best(work)
    table.note(words, wall * 1000, "ms", f"the first time {first * 1000:.1f} ms")


async def _chain(table: Table, runtime: Runtime) -> None:
    def some(tx: Tx) -> None:
        for at in range(1_000):
            write_audit(
                tx, at=float(at), person="person_1", action="workflow.edit", thing=f"workflow_{at}", outcome="done"
            )

    while (rows := runtime.reader.now(verify_audit).rows) < ROWS:
        for _ in range(max(1, (ROWS - rows) // 1_000)):
            await runtime.writer.write(some)
    wall, _ = await best(lambda: asyncio.to_thread(runtime.reader.now, verify_audit), 3)
    table.note(f"audit chain of {rows:,} rows verified", wall * 1000, "ms", f"{wall / rows * 1e6:.1f} µs a row")


def long_workflow(steps: int = STEPS) -> bytes:
    """Texts joined one after the other, and a model asked at every tenth step."""
    lines = [
        "greenlane: 1\nname: long\nwords: {title: Long, description: Joins and asks.}\nmeaning:\n  steps:",
        "    s0: {type: flow.start, settings: {inputs: [{name: text, kind: text, data_class: internal}]}}",
    ]
    for at in range(1, steps - 1):
        before = f"{{{{ s{at - 1}.text }}}}"
        ask = f'{{type: ai.ask_model, settings: {{alias: fast, messages: [{{role: user, text: "Sum up: {before}"}}]}}}}'
        join = f'{{type: data.join_text, settings: {{texts: ["{before}", "x"], between: nothing}}}}'
        lines.append(f"    s{at}: {ask if at % 10 == 0 else join}")
    last = f'[{{name: text, value: "{{{{ s{steps - 2}.text }}}}"}}]'
    lines.append(f"    s{steps - 1}: {{type: flow.finish, settings: {{outputs: {last}}}}}\n  edges:")
    lines += [f"    - {{from: s{at}, to: s{at + 1}}}" for at in range(steps - 1)]
    return "\n".join(lines).encode()
