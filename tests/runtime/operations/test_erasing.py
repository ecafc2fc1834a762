"""The data of runs is removed by rule or on request; that they ran, and both chains, stay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import SQLModel

from runtime.clock import MovedClock
from runtime.engine.journal import verify
from runtime.errors import BadInput, Conflict, NotAllowed, NotFound
from runtime.operations import apps, audit, erasing, files, runs, traces
from runtime.operations.actors import Actor
from runtime.operations.erasing import Tidying
from runtime.operations.runtime import Runtime
from runtime.operations.trying import adopt_file
from runtime.store import processes
from runtime.store.erasing import DAY_S
from runtime.store.log import read_records
from runtime.store.rights import give_right, thing_id
from tests.runtime.operations.test_files import FLOW, bodies, bring
from tests.support.product import product
from tests.support.publishing import person, published

CANARY = b"the canary sings " * 3_000
"""large enough to be kept as a blob"""


@pytest.fixture
def runtime(tmp_path, model):
    with product(tmp_path, model, clock=MovedClock()) as running:
        yield running


def rows_with(runtime: Runtime, word: str) -> list[str]:
    """Tables that hold a word anywhere."""

    def look(tx) -> list[str]:
        names = sorted(SQLModel.metadata.tables)
        return [name for name in names if word in str([*tx.exec_driver_sql(f'SELECT * FROM "{name}"')])]  # noqa: S608

    return runtime.reader.now(look)


async def ran(runtime: Runtime, actor: Actor, content: bytes = CANARY):
    brought = await bring(runtime, actor, content)
    return await runs.run_to_end(runtime, actor, workflow="reading", inputs={"doc": brought.id}), brought


async def test_what_a_run_was_given_and_made_is_gone_and_the_chains_hold(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    end, brought = await ran(runtime, owner)
    assert rows_with(runtime, "canary") == ["blob", "run"]
    await erasing.erase_run(runtime, owner, run=end.run)
    assert rows_with(runtime, "canary") == []
    assert rows_with(runtime, "a.txt") == []
    assert bodies(runtime) == set()
    view = await traces.read_run(runtime, owner, run=end.run)
    assert (view.erased_by, view.inputs, view.outputs) == (owner.name, {}, None)
    assert view.erased == pytest.approx(runtime.clock.now(), abs=5)
    assert [each.status for each in view.steps] == ["done"] * 3
    for step in ("start", "read", "finish"):
        seen = await traces.inspect_step(runtime, owner, run=end.run, step=step)
        assert (seen["step"].output, seen["input"]) == (None, None)
    _, events = await traces.read_events(runtime, owner, run=end.run, after=0)
    assert len(events) == 3
    log = runtime.reader.now(lambda tx: read_records(tx, end.run))
    assert verify(log) == ""
    assert log[-1].hash == view.last_hash
    assert (await audit.verify_audit(runtime, owner)).broken is None
    with pytest.raises(NotFound):
        await files.describe_file(runtime, owner, file=brought.id)
    with pytest.raises(Conflict, match="removed before"):
        await erasing.erase_run(runtime, owner, run=end.run)


async def test_the_data_of_other_runs_stays_even_where_it_is_the_same(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    (first, _), (second, kept) = await ran(runtime, owner), await ran(runtime, owner)
    await erasing.erase_run(runtime, owner, run=first.run)
    view = await traces.read_run(runtime, owner, run=second.run)
    assert view.steps[1].output["text"] == CANARY.decode().rstrip()
    assert b"".join((await files.open_file(runtime, owner, file=kept.id)).pieces) == CANARY


async def test_only_who_it_belongs_to_and_the_platform_owner_remove_it(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    end, _ = await ran(runtime, owner)
    for who in (await person(runtime, "p_eve", "analyst"), await person(runtime, "p_audit", "auditor")):
        with pytest.raises(NotFound):
            await erasing.erase_run(runtime, who, run=end.run)
    await erasing.erase_run(runtime, await person(runtime, "p_boss", "owner"), run=end.run)
    assert (await traces.read_run(runtime, owner, run=end.run)).erased_by == "p_boss"


async def test_a_run_that_goes_on_keeps_its_data(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    started = await runs.start_run(
        runtime, owner, workflow="reading", inputs={"doc": (await bring(runtime, owner)).id},
        pins={"read": runs.Pin(delay_s=30)},
    )  # fmt: skip
    with pytest.raises(Conflict, match="still going on"):
        await erasing.erase_run(runtime, owner, run=started.run)


async def test_an_app_keeps_the_data_of_its_runs_as_long_as_it_says_and_the_log_says_who_said_so(runtime):
    it, member = await person(runtime, "p_it", "reviewer"), await person(runtime, "p_member", "member")
    app = await published(runtime, it, member, source=FLOW)
    end = await apps.run_app_to_end(runtime, member, app=app, inputs={"doc": (await bring(runtime, member)).id})
    tidy = Tidying(runtime)
    runtime.clock.move(40 * DAY_S)
    await tidy()
    assert (await traces.read_run(runtime, member, run=end.run)).erased is None, "by default it is kept"
    it = replace(it, proved=runtime.clock.now())
    await erasing.keep_runs(runtime, it, app=app, days=30)
    young = await apps.run_app_to_end(runtime, member, app=app, inputs={"doc": (await bring(runtime, member)).id})
    await tidy()
    old = await traces.read_run(runtime, member, run=end.run)
    assert (old.erased is not None, old.erased_by, old.outputs) == (True, "", None)
    assert (await traces.read_run(runtime, member, run=young.run)).outputs is not None
    said = await audit.search_audit(runtime, await person(runtime, "p_boss", "owner"))
    assert [each.action for each in said.entries if each.action.endswith(("erase", "keep"))] == [
        "run.erase",
        "app.keep",
    ]
    assert "kept → 30 days" in [each.reason for each in said.entries]
    assert await erasing.erase_old(runtime) == 0


async def test_leases_of_processes_that_went_long_ago_are_cleared_away(runtime):
    for name, seconds in (("old", -7200.0), ("here", 15.0)):
        runtime.writer.offer(lambda tx, name=name, seconds=seconds: processes.beat(tx, name, seconds)).result(5)
    await Tidying(runtime)()
    assert runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT id FROM process").scalars().all()) == ["here"]


@pytest.mark.parametrize("days", [0, -1, 3651])
async def test_days_have_bounds(runtime, days):
    it, member = await person(runtime, "p_it", "reviewer"), await person(runtime, "p_member", "member")
    app = await published(runtime, it, member, source=FLOW)
    with pytest.raises(BadInput):
        await erasing.keep_runs(runtime, it, app=app, days=days)


async def test_who_only_runs_or_shares_an_app_does_not_say_how_long_data_is_kept(runtime):
    it, member = await person(runtime, "p_it", "reviewer"), await person(runtime, "p_member", "member")
    app = await published(runtime, it, member, source=FLOW)
    with pytest.raises(NotFound):
        await erasing.keep_runs(runtime, member, app=app, days=3)
    await runtime.writer.write(lambda tx: give_right(tx, thing_id(tx, "app", app) or "", member.id, "share"))
    with pytest.raises(NotAllowed):
        await erasing.keep_runs(runtime, member, app=app, days=3)
