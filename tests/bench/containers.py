"""Items of a for-each and rounds of a loop, in this process: real store, full fsync, record hashes."""

from pathlib import Path

from runtime.graph.plan import Plan
from tests.bench.measuring import Table, best
from tests.support.documents import change, each, finish, inside, loop, plan_of, positive, start
from tests.support.engine_room import Room

ITEMS = 2_000
ROUNDS = 1_000
TURNS = 3


def items(at_once: int) -> Plan:
    """Two steps for every entry."""
    return plan_of(
        {
            "s": start("entries"),
            "e": each("{{ s.entries }}", "{{ f.output }}", parallel=at_once),
            "b": inside("e", positive("{{ e.item }}")),
            "f": inside("e", {"type": "flow.first_available", "settings": {"values": ["{{ e.item }}"]}}),
            "end": finish(count="{{ e.output | length }}"),
        },
        ["s > e", "b.yes > f", "e > end"],
    )


def rounds() -> Plan:
    """One step in every round, which counts."""
    return plan_of(
        {
            "s": start("entries"),
            "r": loop(start={"n": 0}, most=ROUNDS),
            "c": inside("r", change("r.n", "add", 1)),
            "end": finish(count="{{ r.n }}"),
        },
        ["s > r", "r > end"],
    )


async def containers(table: Table, folder: Path) -> None:
    """Items and rounds a second, the start and end of the run included."""
    room = Room(folder / "containers")
    drawn = [
        (f"for-each of {ITEMS:,} items of two steps, one at a time", items(1), ITEMS, "items/s"),
        (f"for-each of {ITEMS:,} items of two steps, 10 at once", items(10), ITEMS, "items/s"),
        (f"loop of {ROUNDS:,} rounds of one step", rounds(), ROUNDS, "rounds/s"),
    ]
    try:
        for name, plan, count, unit in drawn:

            async def one(plan: Plan = plan, count: int = count) -> None:
                end = await room.end(plan, {"entries": list(range(1, count + 1))})
                assert end.outputs == {"count": count}, end

            wall, cpu = await best(one, TURNS)
            table.note(name, count / wall, unit, f"CPU {cpu / count * 1e6:.0f} µs each")
    finally:
        room.close(1)
