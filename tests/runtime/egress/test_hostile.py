"""Hostile addresses and hostile hosts, through both ways out: nothing is reached that may not be, nothing grows."""

import asyncio
import gzip
import itertools
import tracemalloc
import zlib
from functools import cache

import httpx
import pytest

from runtime.egress import Barred, Dropped, NotReached, Outlet, Refused, TooLarge, Ways, reply
from runtime.egress.addresses import Zone
from runtime.egress.transport import Transport, http_client
from tests.support.hostile_addresses import ADDRESSES, Names
from tests.support.outside_host import OutsideHost, Reply

REFUSALS = (Refused, Barred, NotReached)


@pytest.fixture(scope="module")
def outside():
    with OutsideHost() as host:
        yield host


@pytest.fixture(autouse=True)
def _afresh(outside):
    outside.clear()


class Direct:
    """The way of the HTTP step and of the fast route."""

    async def get(self, base, address, *, zone: Zone = "public", headers=None, method="GET", deadline_s=5.0):
        outlet = Outlet(base, zone=zone, lookup=Names())
        try:
            answer = await outlet.open(method, address, None, headers or {}, deadline_s=deadline_s)
            try:
                return answer.status, await answer.read()
            finally:
                answer.close()
        finally:
            await outlet.close()


class Lent:
    """The way LiteLLM is given; its errors are httpx's, with ours as their cause."""

    async def get(self, base, address, *, zone: Zone = "public", headers=None, method="GET", deadline_s=5.0):
        ways = Ways(Names())
        try:
            async with http_client() as client:
                with ways.leading(base, zone):
                    answer = await client.request(method, address, headers=headers, timeout=deadline_s)
                    return answer.status_code, answer.content
        except httpx.ReadTimeout as error:
            raise TimeoutError from error
        except httpx.InvalidURL as error:
            raise Refused(str(error)) from error
        except httpx.UnsupportedProtocol as error:
            raise Refused(str(error)) from error
        except httpx.HTTPError as error:
            raise error.__cause__ or error from None
        finally:
            await ways.close()


@pytest.fixture(params=[Direct, Lent])
def way(request):
    return request.param()


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_hostile_address_is_reached_neither_by_itself_nor_from_a_good_one(way, outside, address):
    address = address.format(port=outside.port)
    with pytest.raises(REFUSALS):
        await way.get(address, address)
    with pytest.raises(REFUSALS):
        await way.get("https://api.example.com", address)
    assert outside.connections == 0


async def test_the_same_host_is_reached_where_it_may_be(way, outside):
    """So that the battery does not pass for want of a host."""
    assert (await way.get(outside.url, f"{outside.url}/fine", zone="here"))[0] == 200
    assert outside.got[0].path == "/fine"


async def test_a_company_zone_reaches_no_loopback(way, outside):
    with pytest.raises(REFUSALS):
        await way.get(outside.url, outside.url + "/", zone="company")
    assert outside.connections == 0


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "https://127.0.0.1/", "http://localhost/"])
async def test_an_outlet_leads_to_its_own_host_and_port_only(way, outside, address):
    with pytest.raises(Refused):
        await way.get(outside.url, address, zone="here")


@pytest.mark.parametrize("place", ["http://169.254.169.254/latest/meta-data/", "//127.0.0.1/", "file:///etc/passwd"])
async def test_a_redirect_is_not_followed(way, outside, place):
    outside.say(Reply(status=302, headers={"Location": place}))
    status, _ = await way.get(outside.url, outside.url + "/", zone="here")
    assert status == 302
    assert len(outside.got) == 1


async def test_a_library_that_would_follow_a_redirect_by_itself_is_not_told_where_to(outside):
    outside.say(Reply(status=302, headers={"Location": "/elsewhere"}))
    ways = Ways(Names())
    async with httpx.AsyncClient(transport=Transport(), follow_redirects=True) as client:
        with ways.leading(outside.url, "here"):
            assert (await client.post(outside.url, content=b"once")).status_code == 302
    await ways.close()
    assert [each.path for each in outside.got] == ["/"]


async def test_proxies_of_the_environment_are_not_used(way, outside, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await way.get(outside.url, outside.url + "/", zone="here"))[0] == 200


async def test_a_header_in_the_letters_of_old_hosts_breaks_nothing(way, outside):
    head = "HTTP/1.1 200 OK\r\nX-Who: Jörg\r\nContent-Length: 2\r\n\r\nok".encode("latin-1")
    outside.say(Reply(raw=head))
    assert await way.get(outside.url, outside.url + "/", zone="here") == (200, b"ok")


async def test_ten_gigabytes_stop_at_the_cap(way, outside):
    outside.say(Reply(chunks=itertools.repeat(b"x" * 65_536, 160_000)))
    with pytest.raises(TooLarge):
        await way.get(outside.url, outside.url + "/", zone="here", deadline_s=30)
    assert outside.sent < reply.LARGEST_REPLY + 20_000_000


BOMB = 100_000_000
"""bytes"""


@cache
def bomb(encoding: str) -> bytes:
    """So many zeros, packed once for both ways."""
    return (gzip.compress if encoding == "gzip" else zlib.compress)(b"\0" * BOMB, 1)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_is_measured_after_it_went_off_and_costs_little(way, outside, monkeypatch, encoding):
    monkeypatch.setattr(reply, "LARGEST_REPLY", 2_000_000)
    outside.say(Reply(body=bomb(encoding), headers={"Content-Encoding": encoding}))
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            await way.get(outside.url, outside.url + "/", zone="here", deadline_s=30)
        assert tracemalloc.get_traced_memory()[1] < 4 * reply.LARGEST_REPLY < BOMB / 12
    finally:
        tracemalloc.stop()


@pytest.mark.slow
async def test_a_body_that_drips_meets_the_deadline(way, outside):
    outside.say(Reply(chunks=itertools.repeat(b"x", 1000), pause_s=0.02))
    started = asyncio.get_running_loop().time()
    with pytest.raises(TimeoutError):
        await way.get(outside.url, outside.url + "/", zone="here", deadline_s=0.3)
    assert asyncio.get_running_loop().time() - started < 2


@pytest.mark.slow
async def test_a_host_that_says_nothing_meets_the_deadline(way, outside):
    outside.say(Reply(silent=True))
    with pytest.raises(TimeoutError):
        await way.get(outside.url, outside.url + "/", zone="here", deadline_s=0.2)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % at for at in range(200_000)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        b"\x00\x01\x02",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
    ],
    ids=[
        "many headers",
        "long header",
        "two lengths",
        "bad chunk",
        "bad gzip",
        "bytes",
        "another protocol",
        "broken off",
    ],
)
async def test_an_answer_that_is_none_is_told_as_such(way, outside, raw):
    outside.say(Reply(raw=raw))
    with pytest.raises((Dropped, NotReached)):
        await way.get(outside.url, outside.url + "/", zone="here")


@pytest.mark.parametrize(
    "headers",
    [{"X": "a\r\nHost: evil"}, {"X": "a\nb"}, {"X": "a\0b"}, {"X\r\nY": "a"}, {"X Y": "a"}, {"X:": "a"}, {"": "a"}],
)
async def test_a_header_cannot_smuggle_another(outside, headers):
    with pytest.raises(Refused):
        await Direct().get(outside.url, outside.url + "/", zone="here", headers=headers)
    assert outside.got == []


@pytest.mark.parametrize("path", ["/a b", "/a\r\nX: y", "/ä", "/<script>", '/"', "/a\\b", "/" + "x" * 9000])
async def test_an_address_is_sent_as_it_was_read_or_not_at_all(outside, path):
    with pytest.raises(Refused):
        await Direct().get(outside.url, outside.url + path, zone="here")
    assert outside.got == []


async def test_whatever_a_library_sends_by_itself_stays_here(outside):
    async with http_client() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(outside.url)
    assert outside.connections == 0


async def test_an_answer_of_the_name_service_counts_once(outside):
    """Asked again it could say something else: what was judged is what is connected to."""
    asked: list[str] = []

    async def turning(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    outlet = Outlet(f"http://turning.test:{outside.port}", zone="here", lookup=turning)
    for _ in range(3):
        answer = await outlet.open("GET", f"http://turning.test:{outside.port}/", None, {}, deadline_s=5)
        await answer.read()
        answer.close()
    await outlet.close()
    assert asked == ["turning.test"]
