"""What one process does for all is done by one of several, and by another when that one is gone."""

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from runtime.clock import MovedClock
from runtime.operations.calendar import rule_of
from runtime.operations.people import local_owner
from runtime.operations.schedules import create_schedule
from runtime.store.database import Reader, open_engine
from tests.support.processes import until
from tests.support.product import product
from tests.support.publishing import person, published


@pytest.mark.slow
async def test_a_schedule_begins_its_run_by_itself_whoever_leads(tmp_path, model, monkeypatch):
    monkeypatch.setattr("runtime.engine.sweeping.CHORES_S", 0.05)
    clock = MovedClock(datetime(2026, 6, 3, 7, 30, tzinfo=UTC).timestamp())
    begun = "SELECT count(*) FROM run WHERE via = 'schedule' AND status = 'succeeded'"
    places = [ExitStack(), ExitStack()]
    first, second = (place.enter_context(product(tmp_path, model, clock=clock)) for place in places)
    reader = Reader(open_engine(first.settings.store))

    def count() -> int:
        return reader.now(lambda tx: tx.exec_driver_sql(begun).scalar_one())

    with places[0], places[1]:
        it, member = await person(first, "p_it", "reviewer"), await person(first, "p_member", "member")
        app = await published(first, it, member)
        owner, rule = await local_owner(first), rule_of(every="hour", at="00:00")
        await create_schedule(first, owner, app=app, rule=rule, zone="UTC", inputs={"who": "Ada"})
        clock.move(1800)
        await until(lambda: count() == 1)
        leads = [each.engine.process.leads() for each in (first, second)]
        assert leads.count(True) == 1
        places[leads.index(True)].close()
        clock.move(3600)
        await until(lambda: count() == 2)
