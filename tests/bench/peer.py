"""LangGraph in an environment of its own, made at the first bench."""

import asyncio
import json
import sys
from pathlib import Path

from tests.bench.desk import desk

PINS = ("langgraph==1.2.22", "langgraph-checkpoint-sqlite==3.1.2", "aiohttp==3.14.5")
FOLDER = Path(".data/bench/langgraph")


async def measured(folder: Path) -> dict[str, float]:
    """The figures of `langgraph_peer`."""
    python = FOLDER / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    if not python.exists():
        print(f"  making an environment for {', '.join(PINS)}", flush=True)
        await _run(uv, "venv", "-q", "--python", sys.executable, FOLDER)
    await _run(uv, "pip", "install", "-q", "--python", python, *PINS)
    async with desk() as host:
        peer = Path(__file__).with_name("langgraph_peer.py")
        return json.loads(await _run(python, peer, folder, f"http://{host}/orders/7"))


async def _run(*command: object) -> bytes:
    process = await asyncio.create_subprocess_exec(*map(str, command), stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    return output
