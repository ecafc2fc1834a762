"""An outlet leads to one host and carries its credential nowhere else."""

import asyncio
import gzip

import pytest

from runtime.egress import Dropped, NotReached, Outlet, Outlets, Refused, TooLarge, read_target, reply
from tests.support.model_server import ModelServer, Turn


@pytest.fixture
def host():
    with ModelServer() as server:
        yield server


@pytest.fixture
async def way(host):
    found = Outlet(host.url, {"Authorization": "Bearer canary"}, zone="here")
    yield found
    await found.close()


async def fetched(way, deadline_s=5.0):
    async with way.post("chat/completions", b"{}", {}, deadline_s=deadline_s) as answer:
        return answer.status, await answer.read()


async def test_the_credential_goes_to_its_host(way, host):
    host.say(Turn(raw=b"fine"))
    assert await fetched(way) == (200, b"fine")
    assert host.calls[0].headers["authorization"] == "Bearer canary"


async def test_a_redirect_is_not_followed(way, host):
    with ModelServer() as elsewhere:
        host.say(Turn(status=307, headers={"Location": elsewhere.url}))
        status, _ = await fetched(way)
        assert status == 307
        assert elsewhere.calls == []


async def test_proxies_of_the_environment_are_not_used(way, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    status, _ = await fetched(way)
    assert status == 200


async def test_a_reply_that_is_too_large_is_not_read_to_its_end(way, host, monkeypatch):
    monkeypatch.setattr(reply, "LARGEST_REPLY", 1000)
    host.say(Turn(raw=b"x" * 1001))
    with pytest.raises(TooLarge):
        await fetched(way)


async def test_size_counts_after_decompression(way, host, monkeypatch):
    monkeypatch.setattr(reply, "LARGEST_REPLY", 100_000)
    host.say(Turn(raw=gzip.compress(b"x" * 1_000_000), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(TooLarge):
        await fetched(way)


async def test_the_deadline_counts_from_the_first_byte_to_the_last(way, host):
    host.say(Turn(stall_after=0))
    with pytest.raises(TimeoutError):
        await fetched(way, deadline_s=0.1)


async def test_a_connection_that_breaks_and_one_that_never_was(way, host):
    host.say(Turn(drop_after=0))
    with pytest.raises(Dropped):
        await fetched(way)
    nowhere = Outlet("http://127.0.0.1:9", zone="here")
    with pytest.raises(NotReached):
        await fetched(nowhere)
    await nowhere.close()


async def test_cancelling_closes_the_connection(way, host):
    host.say(Turn(stall_after=0))
    task = asyncio.create_task(fetched(way))
    await asyncio.to_thread(host.wait_until, lambda server: server.calls)
    task.cancel()
    await asyncio.to_thread(host.wait_until, lambda server: server.calls[0].ended == "left")


@pytest.mark.parametrize(
    "address", ["ftp://a/b", "a/b", "http://", "http://user@host/", "http://host/?key=1", "file:///x"]
)
def test_only_a_plain_web_address_is_a_way_out(address):
    with pytest.raises(Refused):
        Outlet(address)


async def test_a_host_has_one_outlet_in_each_zone():
    outlets = Outlets()
    one, other = read_target("https://api.example.com/orders"), read_target("https://api.example.com:8443/")
    assert outlets.to(one, "public") is outlets.to(read_target("https://api.example.com/"), "public")
    assert outlets.to(one, "public") is not outlets.to(one, "company")
    assert outlets.to(one, "public") is not outlets.to(other, "public")
    await outlets.close()
