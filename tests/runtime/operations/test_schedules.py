"""Schedules: runs of an app that begin by themselves, once for each time, as the app itself."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from runtime.clock import MovedClock
from runtime.errors import BadInput, Conflict, GreenlaneError, NotFound
from runtime.operations import apps, schedules, stops
from runtime.operations.actors import ACTIONS
from runtime.operations.calendar import rule_of
from runtime.operations.schedules import create_schedule, fire_due, list_schedules
from runtime.store.audit import list_audit
from tests.support.product import product
from tests.support.publishing import FLOW, person, published

HOUR = 3600.0
RULE = rule_of(every="hour", at="00:00")


@pytest.fixture
def runtime(tmp_path, model):
    """It does not look by itself: the tests say when."""
    clock = MovedClock(datetime(2026, 6, 3, 7, 30, tzinfo=UTC).timestamp())
    with product(tmp_path, model, clock=clock, sweeps=False) as running:
        yield running


@pytest.fixture
async def app(runtime, it, member) -> str:
    return await published(runtime, it, member)


@pytest.fixture
async def scheduled(runtime, owner, app) -> str:
    return await create_schedule(runtime, owner, app=app, rule=RULE, zone="UTC", inputs={"who": "Ada"})


def runs_of(runtime) -> list:
    """Every run of an app, the oldest first."""
    question = "SELECT id, person, app, via, key, status, inputs FROM run WHERE app IS NOT NULL ORDER BY created"
    return runtime.reader.now(lambda tx: list(tx.exec_driver_sql(question)))


async def passes(runtime, seconds: float) -> None:
    """Time passes, and whoever leads looks."""
    runtime.clock.move(seconds)
    await fire_due(runtime)


async def test_a_run_begins_at_its_time_as_the_app_itself_with_the_fixed_inputs(runtime, owner, app, scheduled):
    [card] = await list_schedules(runtime, owner, app=app)
    assert (card.words, card.zone, card.inputs, card.stopped) == ("Every hour at minute 0", "UTC", {"who": "Ada"}, "")
    await passes(runtime, 60.0)
    assert runs_of(runtime) == []
    await passes(runtime, 1800.0)
    [run] = runs_of(runtime)
    assert (run.person, run.via, run.inputs) == (run.app, "schedule", b'{"who":"Ada"}')
    [card] = await list_schedules(runtime, owner, app=app)
    assert (card.last_run, card.last_due) == (run.id, datetime(2026, 6, 3, 8, tzinfo=UTC).timestamp())
    assert card.next_due == datetime(2026, 6, 3, 9, tzinfo=UTC).timestamp()


async def test_a_schedule_takes_no_file_because_nobody_would_bring_one(runtime, it, owner, member):
    asks = b"inputs: [{name: who}, {name: papers, kind: files, required: false}]"
    app = await published(runtime, it, member, source=FLOW.replace(b"inputs: [{name: who}]", asks))
    given = {"who": "Ada", "papers": ["file_0123456789"]}
    with pytest.raises(BadInput, match="holds no files") as refusal:
        await create_schedule(runtime, owner, app=app, rule=RULE, zone="UTC", inputs=given)
    assert [each["input"] for each in refusal.value.details["problems"]] == ["papers"]
    assert await list_schedules(runtime, owner, app=app) == []
    assert await create_schedule(runtime, owner, app=app, rule=RULE, zone="UTC", inputs={"who": "Ada"})


async def test_times_that_passed_while_nothing_ran_are_made_up_for_once(runtime, owner, app, scheduled):
    await passes(runtime, 50 * HOUR)
    await passes(runtime, 0)
    assert len(runs_of(runtime)) == 1
    [card] = await list_schedules(runtime, owner, app=app)
    assert card.next_due == datetime(2026, 6, 5, 10, tzinfo=UTC).timestamp()


async def test_many_that_look_at_once_begin_one_run(runtime, scheduled):
    runtime.clock.move(HOUR)
    await asyncio.gather(*(fire_due(runtime) for _ in range(20)))
    assert len(runs_of(runtime)) == 1


async def test_a_stopped_app_stops_its_schedule_and_says_why_and_tells_the_owner(runtime, owner, it, app, scheduled):
    await stops.stop_app(runtime, it, app=app, reason="It told a customer nonsense.")
    await passes(runtime, HOUR)
    assert runs_of(runtime) == []
    [card] = await list_schedules(runtime, owner, app=app)
    assert card.next_due is None
    assert "told a customer nonsense" in card.stopped
    told = "SELECT text FROM notification WHERE text LIKE 'A schedule of%'"
    assert len(runtime.reader.now(lambda tx: tx.exec_driver_sql(told).all())) == 1
    await stops.resume_app(runtime, replace(it, proved=runtime.clock.now()), app=app, reason="It is mended now.")
    await passes(runtime, HOUR)
    assert runs_of(runtime) == [], "somebody has to say so"
    await schedules.resume_schedule(runtime, owner, app=app, schedule=scheduled)
    await passes(runtime, HOUR)
    assert len(runs_of(runtime)) == 1


@pytest.mark.parametrize(("column", "broken"), [("zone", "Mars/Olympus"), ("rule", "{}"), ("inputs", b"{")])
async def test_what_is_wrong_with_one_schedule_keeps_no_other_from_its_time(
    runtime, owner, app, scheduled, column, broken
):
    """Its time zone may be gone with an upgrade of the system."""
    other = await create_schedule(runtime, owner, app=app, rule=RULE, zone="UTC", inputs={"who": "Bob"})
    change = f"UPDATE schedule SET {column} = ?, next_due = next_due - 1 WHERE id = ?"  # noqa: S608 - our own names
    await runtime.writer.write(lambda tx: tx.exec_driver_sql(change, (broken, scheduled)))
    await passes(runtime, HOUR)
    [run] = runs_of(runtime)
    assert run.inputs == b'{"who":"Bob"}'
    rows = runtime.reader.now(lambda tx: list(tx.exec_driver_sql("SELECT id, stop_reason, next_due FROM schedule")))
    told = {each.id: each.stop_reason for each in rows}
    assert ("no time zone" in told[scheduled], told[other]) == (column == "zone", "")


async def test_a_schedule_is_switched_off_and_on_and_removed(runtime, owner, app, scheduled):
    await schedules.stop_schedule(runtime, owner, app=app, schedule=scheduled)
    with pytest.raises(Conflict):
        await schedules.stop_schedule(runtime, owner, app=app, schedule=scheduled)
    await passes(runtime, HOUR)
    assert runs_of(runtime) == []
    await schedules.resume_schedule(runtime, owner, app=app, schedule=scheduled)
    with pytest.raises(Conflict):
        await schedules.resume_schedule(runtime, owner, app=app, schedule=scheduled)
    await schedules.remove_schedule(runtime, owner, app=app, schedule=scheduled)
    assert await list_schedules(runtime, owner, app=app) == []
    with pytest.raises(NotFound):
        await schedules.remove_schedule(runtime, owner, app=app, schedule=scheduled)
    said = [row.reason for row in runtime.reader.now(list_audit) if row.action == "schedule.change"]
    assert "Every hour at minute 0, UTC" in said


async def test_inputs_and_times_that_do_not_fit_are_refused_and_nothing_is_kept(runtime, owner, app):
    never = rule_of(every="cron", cron="0 0 30 2 *")
    for wrong in (
        {"rule": RULE, "zone": "UTC", "inputs": {}},
        {"rule": RULE, "zone": "UTC", "inputs": {"who": "Ada", "more": 1}},
        {"rule": RULE, "zone": "Mars/Olympus", "inputs": {"who": "Ada"}},
        {"rule": never, "zone": "UTC", "inputs": {"who": "Ada"}},
    ):
        with pytest.raises(BadInput):
            await create_schedule(runtime, owner, app=app, **wrong)
    assert await list_schedules(runtime, owner, app=app) == []


async def test_only_who_owns_the_app_has_schedules_and_a_refusal_changes_nothing(runtime, owner, it, app, scheduled):
    def rows() -> list:
        return runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT * FROM schedule").all())

    before = rows()
    strangers = [it, None, await person(runtime, "p_eve", "member", "analyst"), replace(owner, via="key")]
    for who in strangers:
        for attempt in (
            list_schedules(runtime, who, app=app),
            create_schedule(runtime, who, app=app, rule=RULE, zone="UTC", inputs={"who": "Ada"}),
            schedules.stop_schedule(runtime, who, app=app, schedule=scheduled),
            schedules.resume_schedule(runtime, who, app=app, schedule=scheduled),
            schedules.remove_schedule(runtime, who, app=app, schedule=scheduled),
        ):
            with pytest.raises(GreenlaneError):
                await attempt
    assert rows() == before
    assert {name for name in ACTIONS if name.startswith("schedule.")} == {
        "schedule.see", "schedule.create", "schedule.change",
    }  # fmt: skip


async def test_a_schedule_of_another_app_is_as_one_that_is_not_there(runtime, owner, it, member, app, scheduled):
    other = await published(runtime, it, member, source=FLOW.replace(b"reeting", b"oodbye"))
    said = []
    for name, schedule in ((other, scheduled), (app, "schedule_of_nobody")):
        with pytest.raises(NotFound) as refusal:
            await schedules.stop_schedule(runtime, owner, app=name, schedule=schedule)
        said.append(refusal.value.sentence)
    assert said[0] == said[1]


async def test_nobody_else_starts_a_run_under_the_key_of_a_schedule(runtime, member, app, scheduled):
    with pytest.raises(BadInput, match="schedules"):
        await apps.start_app_run(runtime, member, app=app, inputs={"who": "Eve"}, key=f"schedule:{scheduled}:1.0")
