import time

from runtime.store.ids import new_id


def test_ids_are_unique_and_sorted_by_time():
    first = new_id("run")
    time.sleep(0.002)
    many = {new_id("run") for _ in range(1000)}
    assert len(many) == 1000
    assert first < min(many)
    assert first.startswith("run_")
