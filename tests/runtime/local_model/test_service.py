"""The relay between callers and the engine."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from runtime.local_model.service import STREAM_END, Relay


class Engine:
    """Answers each question with a stream and hangs up after it, as llama.cpp does."""

    def __init__(self) -> None:
        self.connections = 0
        self.left = asyncio.Event()

    async def meet(self, reader, writer):
        self.connections += 1
        asked = await reader.read(100)
        if asked == b"endless":
            writer.write(b"word ")
            await reader.read()
            self.left.set()
        else:
            writer.write(b"answer to " + asked)
            await writer.drain()
            writer.write(STREAM_END)
        writer.close()


@pytest.fixture
async def engine(tmp_path):
    engine = Engine()
    async with await asyncio.start_unix_server(engine.meet, tmp_path / "engine.sock"):
        yield engine


@pytest.fixture
def relay(tmp_path, engine):
    return Relay(str(tmp_path / "engine.sock"))


@asynccontextmanager
async def caller(relay):
    async with await asyncio.start_server(relay.meet, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        yield reader, writer
        writer.close()


async def test_the_next_question_goes_over_a_new_connection_and_the_caller_notices_nothing(relay, engine):
    async with caller(relay) as (reader, writer):
        for question in (b"one", b"two", b"three"):
            writer.write(question)
            assert await reader.readuntil(STREAM_END) == b"answer to " + question + STREAM_END
    assert engine.connections == 3


async def test_who_hangs_up_is_hung_up_on(relay, engine):
    async with caller(relay) as (reader, writer):
        writer.write(b"endless")
        assert await reader.readexactly(5) == b"word "
        writer.close()
        await asyncio.wait_for(engine.left.wait(), 5)


async def test_it_rests_only_when_nobody_is_there(relay, engine):
    assert relay.rested(0)
    assert not relay.rested(60)
    async with caller(relay) as (reader, writer):
        writer.write(b"one")
        await reader.readuntil(STREAM_END)
        assert not relay.rested(0)
    while not relay.rested(0):  # noqa: ASYNC110 - it notices a moment later
        await asyncio.sleep(0.01)
