"""How things are measured: the best of several, because what else the machine does only ever adds."""

import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


async def best(work: Callable[[], Awaitable[object]], times: int = 5) -> tuple[float, float]:
    """Seconds and CPU seconds of the fastest of several turns, after one to warm up."""
    await work()
    found = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        await work()
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(each[0] for each in found), min(each[1] for each in found)


def load() -> str:
    """How busy the machine is."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


@dataclass
class Table:
    """The figures, and the ratios against their targets; ratios only when every switch is on."""

    switches: dict[str, str]
    figures: dict[str, float] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return "off" not in self.switches.values()

    def begin(self) -> None:
        print("switches: " + " · ".join(f"{name} {state}" for name, state in self.switches.items()))
        if not self.complete:
            print("a switch is off, so no ratio is given")

    def part(self, title: str) -> None:
        print(f"\n{title}  ({load()})", flush=True)

    def note(self, name: str, value: float, unit: str, more: str = "") -> None:
        """Keep and print a figure."""
        self.figures[name] = value
        print(f"  {name:<58}{value:>10,.1f} {unit}{'  ' + more if more else ''}", flush=True)

    def ratio(self, words: str, value: float, bound: float, *, at_least: bool = False) -> None:
        """Print a ratio against its target."""
        if not self.complete:
            return
        met = value >= bound if at_least else value <= bound
        sign = "≥" if at_least else "≤"
        print(f"  {words:<58}{value:>10.2f} × (target {sign} {bound:g}) {'met' if met else 'MISSED'}", flush=True)
        if not met:
            self.missed.append(words)
