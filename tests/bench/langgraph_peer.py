"""The same chain in LangGraph. Runs in LangGraph's own environment and prints one JSON object."""

import asyncio
import json
import sys
import time
import uuid
from importlib import import_module
from pathlib import Path
from typing import Any, TypedDict


class State(TypedDict):
    """What the steps hand on."""

    text: str


def step(state: Any) -> dict[str, str]:
    return {"text": (state["text"] + "x")[-50:]}


def graph(count: int, saver: Any = None, others: dict[int, Any] | None = None) -> Any:
    made = import_module("langgraph.graph")
    builder = made.StateGraph(State)
    for at in range(count):
        builder.add_node(f"s{at}", (others or {}).get(at, step))
        builder.add_edge(made.START if at == 0 else f"s{at - 1}", f"s{at}")
    builder.add_edge(f"s{count - 1}", made.END)
    return builder.compile(checkpointer=saver)


def options(count: int) -> dict[str, Any]:
    return {"recursion_limit": count + 5, "configurable": {"thread_id": uuid.uuid4().hex}}


def best(runs: int, count: int, app: Any, turns: int = 4) -> float:
    """Seconds a run, of the fastest turn."""
    found = []
    for _ in range(turns):
        begun = time.perf_counter()
        for _ in range(runs):
            app.invoke({"text": "a"}, options(count))
        found.append((time.perf_counter() - begun) / runs)
    return min(found)


async def at_once(runs: int, count: int, app: Any, width: int = 32) -> float:
    """Seconds a run with so many at once."""

    async def some() -> None:
        for _ in range(runs // width):
            await app.ainvoke({"text": "a"}, options(count))

    begun = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(width)))
    return (time.perf_counter() - begun) / runs


def code(text: str) -> dict[str, str]:
    return {"text": (text + "x")[-50:]}


async def working(url: str) -> dict[str, float]:
    """Runs a second of thirty steps of which two call a function, without a cage, and one another system."""
    aiohttp = import_module("aiohttp")
    async with aiohttp.ClientSession() as session:

        async def call(state: Any) -> dict[str, str]:
            async with session.get(url) as answer:
                return {"text": (await answer.json())["state"]}

        def calculate(state: Any) -> dict[str, str]:
            return code(state["text"])

        app = graph(30, others={9: calculate, 14: call, 19: calculate})
        one = min([await at_once(30, 30, app, 1) for _ in range(3)])
        many = min([await at_once(96, 30, app) for _ in range(3)])
        return {"working_1": 1 / one, "working_32": 1 / many}


def main() -> None:
    folder = Path(sys.argv[1])
    found: dict[str, float] = {}
    for count, runs in ((10, 40), (100, 5), (1000, 1)):
        found[f"chain_{count}_us"] = best(runs, count, graph(count)) / count * 1e6
    app = graph(30)
    found["flow_1"] = 1 / best(30, 30, app)
    found["flow_32"] = 1 / min(asyncio.run(at_once(96, 30, app)) for _ in range(3))
    found |= asyncio.run(working(sys.argv[2]))
    saver = import_module("langgraph.checkpoint.sqlite").SqliteSaver
    with saver.from_conn_string(str(folder / f"langgraph-{uuid.uuid4().hex}.db")) as kept:
        found["flow_saver_1"] = 1 / best(8, 30, graph(30, kept), 3)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
