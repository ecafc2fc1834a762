"""A child process that runs a for-each over very many entries, one of them poison, and tells how much memory it took.

`python -m tests.support.thousands POLICY ITEMS AT_ONCE` prints one line of JSON.
"""

import json
import re
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from runtime.store.log import read_records
from tests.support.documents import each, finish, inside, plan_of, positive, start
from tests.support.engine_room import Room

MOST_MEMORY = 4 << 30
"""address space of the child: whatever grows without end ends there, not with the machine"""
PAGE = 500
FILLING = "x" * 100


def entries(count: int) -> list[dict[str, Any]]:
    """One in the middle is poison: its number is none."""
    return [{"number": "poison" if at == count // 2 else at + 1, "text": f"{at} {FILLING}"} for at in range(count)]


def memory(name: str) -> float:
    """Megabytes: `VmRSS` now, `VmHWM` the most since it was last forgotten."""
    status = Path("/proc/self/status").read_text()
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    assert found, f"no {name} here"
    return int(found[1]) / 1024


def run(room: Room, policy: str, count: int, at_once: int) -> dict[str, Any]:
    plan = plan_of(
        {
            "s": start("entries"),
            "e": each("{{ s.entries }}", "{{ e.item.number }}", on_error=policy, parallel=at_once),
            "b": inside("e", positive("{{ e.item.number }}")),
            "f": inside("e", {"type": "flow.first_available", "settings": {"values": ["{{ e.item.text }}"]}}),
            "end": finish(output="{{ e.output }}", failed="{{ e.failed }}"),
        },
        ["s > e", "b.yes > f", "e > end"],
    )
    began = time.perf_counter()
    run, told = room.begin(plan, {"entries": entries(count)})
    end = told.result(120)
    took = time.perf_counter() - began
    outputs = end.outputs or {}
    return {"run": run, "status": end.status, "seconds": took, "output": outputs.get("output"),
            "failed": outputs.get("failed"), "error": end.error}  # fmt: skip


def pages(room: Room, run: str) -> dict[str, Any]:
    """The log, page by page, with what it costs to hold one."""
    before, sizes, items, last = memory("VmRSS"), [], {}, 0
    while page := room.reader.now(lambda tx, after=last: read_records(tx, run, after, PAGE)):
        assert [each.seq for each in page] == list(range(last + 1, last + 1 + len(page)))
        for record in page:
            if record.kind == "item":
                items[record.exit] = items.get(record.exit, 0) + 1
        sizes.append(len(page))
        last = page[-1].seq
    return {"pages": len(sizes), "records": sum(sizes), "items": items, "reading_mb": memory("VmRSS") - before}


def main(policy: str, count: int, at_once: int) -> dict[str, Any]:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    with TemporaryDirectory() as folder:
        room = Room(Path(folder), sweeps=False)
        try:
            run(room, policy, 10, at_once)
            Path("/proc/self/clear_refs").write_text("5")  # forgets the most so far
            before = memory("VmRSS")
            found = run(room, policy, count, at_once)
            found["more_mb"] = memory("VmHWM") - before
            return found | pages(room, found["run"])
        finally:
            room.close(1)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
