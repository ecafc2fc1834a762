"""What a changed dependency makes of an app: the policy's word, from when it was first met, written down once."""

import json
from dataclasses import replace

import pytest

from runtime.operations.drifting import DAY_S, Standing, judge, keep
from runtime.store.apps import AppRow, find_app
from runtime.store.audit import list_audit
from runtime.store.models import bind_alias, list_aliases
from runtime.store.policies import write_policy
from tests.support.publishing import FLOW, person, published
from tests.support.reviewing import drawn


@pytest.fixture
def touched(runtime):
    return runtime.plans.compile(drawn(FLOW)).touched


@pytest.fixture
def app(runtime):
    """Publishes what was approved as this tier."""

    async def publish(tier: int) -> AppRow:
        it, member = await person(runtime, "p_it", "reviewer"), await person(runtime, "p_member", "member")
        name = await published(runtime, it, member, tier=tier)
        found = runtime.reader.now(lambda tx: find_app(tx, name))
        assert found is not None
        return found

    return publish


async def swap_model(runtime) -> None:
    [alias] = [each for each in runtime.reader.now(list_aliases) if each.name == "fast"]
    await runtime.writer.write(lambda tx: bind_alias(tx, replace(alias, model="openai/other")))


async def test_an_app_whose_dependencies_are_as_approved_starts_and_nothing_is_said(runtime, app, touched):
    row = await app(3)
    assert runtime.reader.now(lambda tx: judge(tx, row, touched, 1.0)) == Standing(True)


@pytest.mark.parametrize(
    ("tier", "starts", "ruling", "until"),
    [(1, True, "carry_on", None), (2, True, "grace", 100.0 + 14 * DAY_S), (3, False, "stop", None)],
)
async def test_the_tier_decides_what_another_model_means(runtime, app, touched, tier, starts, ruling, until):
    row = await app(tier)
    await swap_model(runtime)
    stand = runtime.reader.now(lambda tx: judge(tx, row, touched, 100.0))
    [drift] = stand.drifts
    assert (stand.starts, drift.ruling, drift.until, drift.known) == (starts, ruling, until, False)
    if not starts:
        assert stand.sentence.startswith("Something changed since this app was approved. ")
        assert drift.what.sentence in stand.sentence
        assert stand.hint


async def test_a_grace_runs_from_when_the_change_was_first_met_and_then_stops_the_app(runtime, app, touched):
    row = await app(2)
    await swap_model(runtime)

    def start(tx, now: float) -> Standing:
        stand = judge(tx, row, touched, now)
        keep(tx, row.id, stand, now)
        return stand

    first = await runtime.writer.write(lambda tx: start(tx, 100.0))
    later = await runtime.writer.write(lambda tx: start(tx, 100.0 + DAY_S))
    assert (later.until, later.drifts[0].known) == (first.until, True)
    over = runtime.reader.now(lambda tx: judge(tx, row, touched, first.until + 1))
    assert not over.starts
    assert "the time it was given ended" in over.sentence


async def test_a_ruling_is_written_down_once_with_both_digests(runtime, app, touched):
    row = await app(1)
    await swap_model(runtime)
    for now in (100.0, 200.0):
        await runtime.writer.write(lambda tx, now=now: keep(tx, row.id, judge(tx, row, touched, now), now))
    [written] = [each for each in runtime.reader.now(list_audit) if each.action == "app.drift"]
    detail = json.loads(written.detail)
    assert (written.thing, written.reason.partition(":")[0]) == (row.id, "carry_on")
    assert detail["approved"] != detail["found"]
    assert len(detail["approved"]) == len(detail["found"]) == 64


@pytest.mark.parametrize("do", ["stop", "carry_on"])
async def test_what_the_platform_owner_chose_for_models_is_what_counts(runtime, app, touched, do):
    row = await app(2)
    await swap_model(runtime)
    chosen = json.dumps({"do": do})
    await runtime.writer.write(lambda tx: write_policy(tx, "drift.model.2", chosen, person="p_it", now=1.0))
    stand = runtime.reader.now(lambda tx: judge(tx, row, touched, 100.0))
    assert (stand.starts, [each.ruling for each in stand.drifts if each.what.kind == "model"]) == (do != "stop", [do])
