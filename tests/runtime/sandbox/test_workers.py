"""Workers: who gets one used, how many there are, and when one ends."""

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import wait
from contextlib import suppress
from pathlib import Path

import pytest

from runtime.sandbox import cage as cage_module
from runtime.sandbox import workers as module
from runtime.sandbox.cage import ROOT, Cage
from runtime.sandbox.limited import Broke
from runtime.sandbox.workers import Job, Workers

pytestmark = pytest.mark.slow


@pytest.fixture
def workers():
    some = Workers(2)
    yield some
    some.close()
    assert some.pids() == []


def job(source: str, *, owner: str = "one", kind: module.Kind = "javascript", seconds: float = 10.0) -> Job:
    asked = {"source": source, "inputs": {}, "entry": "", "seconds": seconds}
    return Job(kind, owner, source, json.dumps(asked).encode(), seconds)


def answer(workers: Workers, asked: Job) -> dict:
    return json.loads(workers.submit(asked).result(30))


def knowing(workers: Workers) -> dict[tuple[str, str, str], list[int]]:
    """Which worker waits with which code."""
    return {key: [each.pid for each in some] for key, some in workers._knowing.items()}


def test_the_same_code_of_the_same_owner_gets_the_same_worker(workers):
    for _ in range(3):
        assert answer(workers, job("1 + 1"))["value"] == 2
    (pids,) = knowing(workers).values()
    assert len(pids) == 1
    assert workers._knowing[job("1 + 1").key][0].uses == 3


def test_no_worker_is_shared_between_owners_or_codes(workers):
    for owner, source in (("one", "1"), ("two", "1"), ("two", "2")):
        answer(workers, job(source, owner=owner))
        assert {worker.uses for some in workers._knowing.values() for worker in some} == {1}
    pids = [pid for some in knowing(workers).values() for pid in some]
    assert len(pids) == len(set(pids)) == 2, "and the one that waited longest has gone: two may wait"


def test_nothing_of_a_run_is_left_in_the_worker_for_the_next(workers):
    answer(workers, job("globalThis.kept = 1; Array.prototype.map = 7; 1"))
    source = "globalThis.seen = (globalThis.seen || 0) + 1; typeof Array.prototype.map + seen"
    assert [answer(workers, job(source))["value"] for _ in range(2)] == ["function1"] * 2


LEFT_BEHIND = {
    "python": (
        "import json\nkept = 1\ntry:\n    json.kept = 1\nexcept Exception:\n    pass\n1",
        "import json\nfound = []\ntry:\n    found.append(kept)\nexcept NameError:\n    pass\n"
        "try:\n    found.append(json.kept)\nexcept AttributeError:\n    pass\nfound",
        [],
    ),
    "javascript": (
        "globalThis.kept = 1; Object.prototype.kept = 1; JSON.kept = 1; console.kept = 1; Math.max.kept = 1; 1",
        "[typeof kept, ({}).kept, JSON.kept, console.kept, Math.max.kept].filter((it) => it && it !== 'undefined')",
        [],
    ),
    "jinja": (
        "{% set kept = 1 %}{% macro kept_too() %}1{% endmacro %}{% set n = namespace(kept=1) %}{{ kept }}",
        "{{ kept is defined or kept_too is defined or n is defined }}",
        "False",
    ),
}


@pytest.mark.parametrize("kind", LEFT_BEHIND)
def test_nothing_of_one_code_is_left_for_the_next_in_one_process_whatever_the_language(kind):
    leaving, looking, clean = LEFT_BEHIND[kind]
    worker = module.Worker(kind)

    def ran(source):
        asked = {"source": source, "inputs": {}, "entry": "", "seconds": 5}
        return json.loads(worker.ask(Job(kind, "one", "any", json.dumps(asked).encode(), 5)))["value"]

    try:
        assert ran(leaving)
        assert [ran(looking), ran(looking)] == [clean, clean]
    finally:
        worker.bury()


def test_a_worn_out_worker_ends(workers, monkeypatch):
    monkeypatch.setattr(module, "USES", 2)
    for _ in range(2):
        answer(workers, job("1"))
    assert knowing(workers) == {}


@pytest.mark.parametrize("source", ["let a = []; for (;;) a.push(new Array(9999).fill(1))", "'x'.repeat(2e6)"])
def test_a_worker_that_met_a_limit_ends(workers, source):
    assert answer(workers, job(source))["mistake"]["code"] in {"code_memory", "code_output"}
    assert knowing(workers) == {}


def test_a_mistake_of_the_author_leaves_the_worker(workers):
    assert answer(workers, job("nope()"))["mistake"]["line"] == 1
    assert len(knowing(workers)) == 1


def test_a_worker_that_is_too_slow_is_killed(workers, monkeypatch):
    monkeypatch.setattr(module, "GRACE_S", -0.15)  # before it says so itself
    with pytest.raises(Broke) as broke:
        workers.submit(job("for (;;);", seconds=0.2)).result(30)
    assert broke.value.reason == "time"
    assert knowing(workers) == {}


def test_one_who_wants_everything_leaves_room_for_the_next(workers):
    flood = [job("for (;;);", owner=f"greedy {each}", seconds=60) for each in range(6)]
    futures = [workers.submit(each) for each in flood]
    while not workers._busy:
        time.sleep(0.01)
    assert answer(workers, job("1 + 1", owner="modest code"))["value"] == 2
    assert len(workers._busy) == 1, "of two places one is theirs"
    for each in flood:
        each.stop()
    assert {type(each.exception(30)) for each in futures} == {Broke}


def test_people_take_turns(workers):
    order: list[str] = []
    asked = [job("1", owner=f"{who} {number}") for who in ("ada", "bob") for number in range(3)]
    futures = [workers.submit(each) for each in asked]
    for each, future in zip(asked, futures, strict=True):
        future.add_done_callback(lambda _, person=each.person: order.append(person))
    wait(futures, 60)
    assert sorted(order) == ["ada"] * 3 + ["bob"] * 3
    assert order.index("bob") < 4, "bob does not wait for all of ada"


def test_never_more_than_allowed_work_at_once(workers):
    asked = [job("let s = 0; for (let i = 0; i < 3e5; i++) s += i; s", owner=str(each)) for each in range(6)]
    futures, most = [workers.submit(each) for each in asked], 0
    while any(not each.done() for each in futures):
        most = max(most, len(workers._busy))
        time.sleep(0.005)
    assert [json.loads(each.result())["value"] for each in futures] == [44999850000] * 6
    assert most <= 2


def test_a_job_that_is_stopped_ends_its_worker_at_once(workers):
    asked = job("for (;;);", seconds=60)
    future = workers.submit(asked)
    while not workers._busy or asked._worker is None:
        time.sleep(0.01)
    began = time.monotonic()
    asked.stop()
    wait([future], 10)
    assert isinstance(future.exception(), Broke)
    assert time.monotonic() - began < 2


def test_a_job_that_is_stopped_before_it_begins_never_begins(workers):
    asked = job("1")
    asked.stop()
    with pytest.raises(Broke) as broke:
        workers.submit(asked).result(30)
    assert broke.value.reason == "stopped"


def test_closing_ends_workers_in_the_midst_of_their_work():
    some = Workers(2)
    futures = [some.submit(job("for (;;);", owner=each, seconds=60)) for each in "ab"]
    while len(some._busy) < 2:
        time.sleep(0.01)
    threading.Timer(0.1, some.close).start()
    for each in futures:
        assert isinstance(each.exception(10), Broke)
    assert some.pids() == []


HOST = """
import json, sys, time
from runtime.sandbox.workers import Job, Workers
some = Workers(2)
seconds = float(sys.argv[1])
asked = {"source": "while True: pass", "inputs": {}, "entry": "", "seconds": seconds}
some.submit(Job("python", "one", "x", json.dumps(asked).encode(), seconds))
while not some._busy: time.sleep(0.01)
time.sleep(1)
print(json.dumps(some.pids()), flush=True)
time.sleep(60)
"""


def test_a_host_that_is_killed_leaves_nothing_behind():
    """Without a cage, an interpreter at work goes when the time of its code is over."""
    seconds = "60" if cage_module.cage().works else "3"
    with subprocess.Popen([sys.executable, "-c", HOST, seconds], cwd=ROOT, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        pids = json.loads(host.stdout.readline())
        assert pids
        below = [each for pid in pids for each in family(pid)]
        host.kill()
    until = time.monotonic() + 5
    while (left := [pid for pid in below if lives(pid)]) and time.monotonic() < until:
        time.sleep(0.01)
    assert left == []


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [each for child in (task / "children").read_text().split() for each in family(int(child))]
    return found


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_worker_found_dead_is_replaced(workers):
    answer(workers, job("1"))
    (worker,) = workers._knowing[job("1").key]
    worker.end()
    worker._process.wait()
    assert answer(workers, job("1"))["value"] == 1


@pytest.mark.parametrize(("kind", "filters"), [("python", 2), ("javascript", 2), ("jinja", 2), ("own", 1)])
def test_without_a_cage_the_filter_of_system_calls_and_the_limits_remain(kind, filters, monkeypatch):
    for where in (cage_module, module):
        monkeypatch.setattr(where, "cage", lambda: Cage("", "none"))
    some = Workers(1)
    try:
        source = "nodes.sdk.words:listed" if kind == "own" else "1"
        asked = {"source": source, "inputs": [] if kind == "own" else {}, "entry": "", "seconds": 10}
        some.submit(Job(kind, "one", source, json.dumps(asked).encode(), 10)).result(60)
        (worker,) = next(iter(some._knowing.values()))
        lines = Path(f"/proc/{worker.pid}/status").read_text().splitlines()
        told = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        assert (told["NoNewPrivs"], told["Seccomp"], int(told["Seccomp_filters"])) == ("1", "2", filters)
        for each in family(worker.pid):
            assert b"GREENLANE" not in Path(f"/proc/{each}/environ").read_bytes()
            assert "Max file size             0" in Path(f"/proc/{each}/limits").read_text()
            status = Path(f"/proc/{each}/status").read_text()
            assert "Seccomp:\t2" in status, "what it starts is under the filter too"
    finally:
        some.close()


def test_a_cage_that_is_ended_while_it_is_built_leaves_nothing_behind():
    started = []
    for each in range(12):
        worker = module.Worker("javascript")
        time.sleep(each / 1000)
        started.append(worker.pid)
        worker.bury()
    until = time.monotonic() + 20
    while (left := [pid for pid in started if in_group(pid)]) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def in_group(group: int) -> list[int]:
    """Processes that still belong to the group of one that was started here."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, belongs = each.read_text().rsplit(")", 1)[1].split()[:3]
            if int(belongs) == group and state not in "ZX":
                found.append(int(each.parent.name))
    return found
