"""The facts of a live cage: read from outside by the kernel's own files, and from inside by a process in it."""

import json
import re
import time
from pathlib import Path

import pytest

from runtime.sandbox.cage import ROOT, cage, seen_at_root
from runtime.sandbox.facts import look
from runtime.sandbox.workers import Job, Kind, Workers

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not cage().works, reason="no cage can be built here")]
NAMESPACES = ("user", "mnt", "net", "pid", "ipc", "uts")
KINDS = ("python", "javascript", "jinja", "own")


@pytest.fixture(scope="module")
def workers():
    some = Workers(4)
    yield some
    some.close()


@pytest.fixture(scope="module", params=KINDS)
def inside(request, workers) -> list[int]:
    """Every process in the cage of a worker that has answered once, as the host numbers them."""
    return asked_once(workers, request.param)


def asked_once(workers: Workers, kind: Kind) -> list[int]:
    """Every process in the cage of a worker that has answered."""
    source = "nodes.sdk.words:listed" if kind == "own" else "1"
    asked = {"source": source, "inputs": [] if kind == "own" else {}, "entry": "", "seconds": 10}
    workers.submit(Job(kind, "facts", source, json.dumps(asked).encode(), 10)).result(60)
    (worker,) = next(some for key, some in workers._knowing.items() if key[0] == kind)
    found = below(worker.pid)
    assert len(found) >= (3 if kind == "python" else 2), "the first of the cage, the worker, and its interpreter"
    return found


def below(pid: int) -> list[int]:
    """All descendants of a process."""
    children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    for task in Path(f"/proc/{pid}/task").iterdir():
        children += [int(each) for each in (task / "children").read_text().split()]
    return list(dict.fromkeys([*children, *(each for child in children for each in below(child))]))


def namespace(pid: int | str, name: str) -> str:
    return str(Path(f"/proc/{pid}/ns/{name}").readlink())


def status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_it_has_namespaces_of_its_own(inside):
    for pid in inside:
        shared = [name for name in NAMESPACES if namespace(pid, name) == namespace("self", name)]
        assert shared == []


def test_it_has_no_capability_and_can_gain_none(inside):
    for pid in inside[1:]:
        told = status(pid)
        assert {told[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
        assert told["NoNewPrivs"] == "1"


def test_a_filter_of_system_calls_is_on_every_process(inside):
    for pid in inside[1:]:
        told = status(pid)
        assert told["Seccomp"] == "2"
        assert int(told["Seccomp_filters"]) >= 1


def test_a_worker_for_code_has_shut_itself_in_a_second_time(inside):
    worker = inside[1]
    if b'"own"' not in Path(f"/proc/{worker}/cmdline").read_bytes():
        assert int(status(worker)["Seccomp_filters"]) == 2


def test_its_user_is_nobody_in_the_cage(inside):
    for pid in inside:
        (line,) = Path(f"/proc/{pid}/uid_map").read_text().splitlines()
        first, outside, count = line.split()
        assert (first, count) == ("65534", "1"), f"only one user exists in there, {outside} outside"


def test_its_environment_is_empty(inside):
    for pid in inside[1:]:
        given = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        assert [each for each in given if each and not each.startswith((b"PWD=", b"LC_CTYPE="))] == []


def test_it_has_a_network_without_a_way_out(inside):
    for pid in inside:
        lines = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
        assert [line.split(":")[0].strip() for line in lines] in ([], ["lo"])
        assert len(Path(f"/proc/{pid}/net/route").read_text().splitlines()) <= 1


def test_it_sees_programs_and_libraries_to_read_and_nothing_else(inside):
    for pid in inside[1:]:
        mounts = [line.split() for line in Path(f"/proc/{pid}/mountinfo").read_text().splitlines()]
        writable = [each[4] for each in mounts if "ro" not in each[5].split(",")]
        assert writable == []
        seen = [each[4] for each in mounts]
        for place in ("/proc", "/sys", "/dev", "/tmp", "/etc", "/home", "/var", str(ROOT)):
            assert place not in seen, f"{place} is seen inside"
        ours = {path for path in seen if Path(path).is_relative_to(ROOT) and "site-packages" not in path}
        assert {Path(path).name for path in ours} <= {"runtime", "nodes", "monty"}


def test_none_of_our_files_is_open_in_it(inside):
    for pid in inside[1:]:
        opened = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
        others = [each for each in opened if not re.match(r"(pipe|anon_inode|socket):", each) and each != "/dev/null"]
        assert others == []


def test_memory_and_files_are_limited(inside):
    limits = Path(f"/proc/{inside[1]}/limits").read_text()
    said = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()[1:]}
    assert int(said["Max address space"][0]) <= 1_100_000_000
    assert said["Max file size"] == ["0", "0"]
    assert said["Max core file size"] == ["0", "0"]
    assert int(said["Max open files"][1]) <= 64
    assert int(said["Max processes"][1]) <= 48


def test_what_a_process_inside_sees():
    seen = look()
    assert set(seen["environment"]) <= {"LC_CTYPE", "PWD"}
    assert seen["user"] == [65534] * 3
    assert seen["groups"] in ([], [65534])
    assert seen["process"] <= 3, "it is alone"
    assert seen["name"] == "cage"
    assert (seen["capabilities"], seen["bounding"]) == ([0] * 6, [])
    assert (seen["no_new_rights"], seen["filtered"]) == (True, True)
    assert seen["writable"] == []
    assert seen["descriptors"] == [0, 1, 2]
    assert seen["network"] == "Operation not permitted"
    assert set(seen["root"]) == seen_at_root()


def test_nothing_of_a_cage_is_left_when_its_worker_ends():
    some = Workers(1)
    asked = {"source": "1", "inputs": {}, "entry": "", "seconds": 10}
    some.submit(Job("python", "facts", "1", json.dumps(asked).encode(), 10)).result(60)
    pids = [each for pid in some.pids() for each in [pid, *below(pid)]]
    assert len(pids) >= 4
    some.close()
    until = time.monotonic() + 5
    while (left := [each for each in pids if lives(each)]) and time.monotonic() < until:
        time.sleep(0.01)
    assert left == []


def lives(pid: int) -> bool:
    try:
        return status(pid)["State"][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
