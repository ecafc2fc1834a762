from runtime.store import processes


def test_a_lease_lasts_while_it_is_renewed_and_ends_by_the_databases_clock(writer, reader):
    writer.offer(lambda tx: processes.beat(tx, "one")).result(5)
    writer.offer(lambda tx: processes.beat(tx, "two", seconds=-1.0)).result(5)
    assert reader.now(processes.living) == {"one"}
    assert [reader.now(lambda tx, each=each: processes.has_lease(tx, each)) for each in ("one", "two", "three")] == [
        True, False, False,
    ]  # fmt: skip
    writer.offer(lambda tx: processes.beat(tx, "two")).result(5)
    assert reader.now(processes.living) == {"one", "two"}


def test_a_lease_given_back_is_over_at_once(writer, reader):
    writer.offer(lambda tx: processes.beat(tx, "one")).result(5)
    writer.offer(lambda tx: processes.leave(tx, "one")).result(5)
    assert reader.now(processes.living) == set()


def test_a_beat_outside_the_writer_is_kept_at_once(reader):
    reader.now(lambda tx: processes.beat(tx, "one"))
    assert reader.now(processes.living) == {"one"}


def test_leases_long_over_are_cleared_away_and_others_are_not(writer, reader):
    for name, seconds in (("old", -7200.0), ("just gone", -1.0), ("here", 15.0)):
        writer.offer(lambda tx, name=name, seconds=seconds: processes.beat(tx, name, seconds)).result(5)
    writer.offer(processes.forget_gone).result(5)
    left = reader.now(lambda tx: tx.exec_driver_sql("SELECT id FROM process ORDER BY id").scalars().all())
    assert left == ["here", "just gone"]
