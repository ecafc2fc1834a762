import pytest

from runtime.store import apps
from runtime.store.rights import give_right
from runtime.store.runs import open_runs_of
from tests.runtime.store.approving import ada, approve
from tests.runtime.store.test_writer import started


def release(tx, number: int, reason: str = "") -> int:
    decision = approve(tx, number, tier=number)
    return apps.add_release(
        tx, "app_1", version=f"v{number}", digest=f"h{number}", words="words", manifest="m", decision=decision,
        person="ada", now=float(number), reason=reason,
    )  # fmt: skip


@pytest.fixture
def published(writer):
    """The app `greeter` with its first release; Ada holds a right on it."""

    def work(tx) -> None:
        ada(tx)
        apps.insert_app(
            tx, app="app_1", name="greeter", title="Greeter", description="", icon="", workflow="w", owner="ada",
            now=1.0,
        )  # fmt: skip
        assert release(tx, 1) == 1
        give_right(tx, "app_1", "ada", "run")

    writer.offer(work).result(5)


def test_an_app_is_found_by_name_and_id_with_the_release_that_runs(writer, reader, published):
    writer.offer(lambda tx: release(tx, 2)).result(5)
    for name in ("greeter", "app_1"):
        found = reader.now(lambda tx, name=name: apps.find_app(tx, name))
        assert (found.release, found.version, found.hash, found.tier) == (2, "v2", "h2", 2)
    assert reader.now(lambda tx: apps.find_app(tx, "w")) is None


def test_releases_stand_newest_first_with_who_made_them(writer, reader, published):
    writer.offer(lambda tx: release(tx, 2, "better words")).result(5)
    rows = reader.now(lambda tx: apps.releases_of(tx, "app_1"))
    assert [(each.number, each.version_number, each.reason, each.who) for each in rows] == [
        (2, 2, "better words", "Ada"), (1, 1, "", "Ada"),
    ]  # fmt: skip


def test_only_whoever_holds_a_right_has_it_in_their_list(reader, published):
    assert [each.name for each in reader.now(lambda tx: apps.apps_for(tx, "ada"))] == ["greeter"]
    assert reader.now(lambda tx: apps.apps_for(tx, "eve")) == []
    assert [each.name for each in reader.now(lambda tx: apps.all_apps(tx, "w"))] == ["greeter"]
    assert reader.now(lambda tx: apps.all_apps(tx, "other")) == []


def test_stopping_and_resuming_happen_once(writer, reader, published):
    def stop(reason: str) -> bool:
        return writer.offer(lambda tx: apps.stop_app(tx, "app_1", person="ada", reason=reason, now=5.0)).result(5)

    assert stop("first")
    assert not stop("second")
    found = reader.now(lambda tx: apps.find_app(tx, "greeter"))
    assert (found.stopped, found.stopped_by, found.stop_reason) == (5.0, "ada", "first")
    assert writer.offer(lambda tx: apps.resume_app(tx, "app_1")).result(5)
    assert not writer.offer(lambda tx: apps.resume_app(tx, "app_1")).result(5)
    assert reader.now(lambda tx: apps.find_app(tx, "greeter")).stopped is None


def test_a_decision_leads_to_its_version_and_its_submission(reader, published):
    version = reader.now(lambda tx: apps.decided_version(tx, "d1"))
    assert (version.id, version.hash) == ("v1", "h1")
    assert reader.now(lambda tx: apps.decided_submission(tx, "d1")) == 1
    assert reader.now(lambda tx: apps.decided_version(tx, "gone")) is None
    assert reader.now(lambda tx: apps.decided_submission(tx, "gone")) == 0


def test_a_drift_is_told_apart_by_both_digests_and_replaced_by_a_later_ruling(writer, reader, published):
    def keep(found: str, ruling: str, until: float | None) -> None:
        writer.offer(
            lambda tx: apps.keep_drift(tx, "app_1", "model:fast", "a", found, ruling=ruling, until=until, now=1.0)
        ).result(5)

    keep("b", "grace", 9.0)
    keep("c", "stop", None)
    keep("b", "carry_on", None)
    kept = [reader.now(lambda tx, to=to: apps.drift_row(tx, "app_1", "model:fast", "a", to)) for to in ("b", "c", "d")]
    assert [each and (each.ruling, each.until) for each in kept] == [("carry_on", None), ("stop", None), None]


def test_runs_that_have_not_ended_are_those_to_be_stopped(writer, reader, published):
    running, queued, other = started(writer, app="app_1"), started(writer, app="app_1", process=""), started(writer)
    ended = started(writer, app="app_1")
    writer.offer(lambda tx: tx.exec_driver_sql("UPDATE run SET status = 'failed' WHERE id = ?", (ended,))).result(5)
    assert set(reader.now(lambda tx: open_runs_of(tx, "app", "app_1"))) == {running, queued}
    assert other
