"""Messages of conversations while the processes that answer them are killed: none is lost, none overtakes another, and
what a conversation counts is counted once."""

import asyncio
import os
import random
import signal

import httpx
import pytest

from runtime.graph.writing import write
from runtime.operations.people import local_owner
from runtime.operations.trying import adopt_file
from tests.kill.furnishing import prepare
from tests.runtime.operations.test_conversations import chat
from tests.support.model_server import ModelServer
from tests.support.processes import Company

pytestmark = pytest.mark.slow
TALKS, MESSAGES, KILLS = 3, 12, 2
RUNS = "/api/v1/workflows/helper/runs"


async def test_messages_are_answered_in_order_and_counted_once_however_often_workers_die(company: Company):
    chance = random.Random(5)  # noqa: S311 - repeatable on purpose
    with ModelServer(delay_s=0.005) as model:
        key = await prepare(company.settings, model.url)
        runtime = company.runtime()
        await adopt_file(runtime, write(chat()).encode())
        assert await local_owner(runtime)
        runtime.close()
        _, url = company.api()
        workers = [company.worker() for _ in range(2)]
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:

            async def talk() -> str:
                conversation = "new"
                for number in range(1, MESSAGES + 1):
                    body = {"inputs": {"message": f"message {number}"}, "mode": "queue", "conversation": conversation}
                    reply = await client.post(RUNS, json=body)
                    assert reply.status_code == 202, reply.text
                    conversation = reply.json()["conversation"]
                    await asyncio.sleep(chance.random() / 10)
                return conversation

            async def kill() -> None:
                for _ in range(KILLS):
                    await asyncio.sleep(0.2 + chance.random() / 2)
                    os.kill(workers.pop(0).pid, signal.SIGKILL)
                    workers.append(await asyncio.to_thread(company.worker))

            *talks, _ = await asyncio.gather(*(talk() for _ in range(TALKS)), kill())
            for each in talks:
                assert each is not None
                messages = await _ended(client, each)
                assert [one["status"] for one in messages] == ["succeeded"] * MESSAGES
                counted = [one["answer"].rpartition("(")[2] for one in messages]
                assert counted == [f"{number}, )" for number in range(1, MESSAGES + 1)]
                assert [one["message"] for one in messages] == [f"message {n}" for n in range(1, MESSAGES + 1)]
            remembered = [each["content"] for each in model.calls[-1].body["messages"]][::2]
            assert remembered == [f"message {n}" for n in range(MESSAGES - 10, MESSAGES + 1)], "none was left out"


async def _ended(client: httpx.AsyncClient, conversation: str) -> list[dict]:
    async with asyncio.timeout(60):
        while True:
            read = (await client.get(f"/api/v1/conversations/{conversation}")).json()
            if not read["card"]["going"]:
                return read["messages"]
            await asyncio.sleep(0.05)
