"""What a piece of code costs in the sandbox: in a worker that knows it, in a fresh one, and how many a second."""

import asyncio
import time

from nodes.sdk import Language
from runtime.engine.sandbox import CagedCode
from runtime.sandbox.cage import cage
from tests.bench.measuring import Table

CALLS, FRESH, AT_ONCE = 500, 20, 8
WORK: dict[Language, tuple[str, str]] = {
    "python": ("def main(net, rate):\n    return {'gross': round(net * (1 + rate / 100), 2)}", "main"),
    "javascript": ("function main({net, rate}) { return {gross: Math.round(net * (100 + rate)) / 100} }", "main"),
    "jinja": ("{{ net }} and {{ rate }} %", ""),
}
GIVEN = {"net": 119.5, "rate": 19}


async def sandboxed(table: Table) -> None:
    """Times per call, from the engine's side, the thread between included."""
    code = CagedCode(reduced=lambda: True)
    try:
        for language, (source, entry) in WORK.items():
            await _language(table, code, language, source, entry)
    finally:
        code.close()


async def _language(table: Table, code: CagedCode, language: Language, source: str, entry: str) -> None:
    async def call(owner: str = "bench") -> None:
        await code.run(owner, language, source, GIVEN, entry=entry, seconds=10)

    how = "in a cage" if cage().works else "REDUCED ISOLATION: limits only"
    fresh = [await _timed(call(f"stranger {each}")) for each in range(FRESH)]
    table.note(f"{language}: fresh worker, one after the other, p50", sorted(fresh)[FRESH // 2], "ms", how)
    await call()
    warm = [await _timed(call()) for _ in range(CALLS)]
    table.note(f"{language}: warm worker, p50", sorted(warm)[CALLS // 2], "ms")
    begun = time.perf_counter()
    for _ in range(CALLS // AT_ONCE):
        await asyncio.gather(*(call() for _ in range(AT_ONCE)))
    table.note(f"{language}: warm, {AT_ONCE} at once", CALLS / (time.perf_counter() - begun), "calls/s")


async def _timed(work) -> float:
    begun = time.perf_counter()
    await work
    return (time.perf_counter() - begun) * 1000
