"""A file by its address: redirects are followed one at a time, each judged, and a credential stays at its host."""

import itertools

import pytest

from runtime.egress import Barred, NoFile, Refused, TooLarge, download, file_name
from tests.support.hostile_addresses import Names
from tests.support.outside_host import OutsideHost, Reply


@pytest.fixture
def host():
    with OutsideHost() as found:
        yield found


async def got(address, **options):
    return await download(address, **{"largest": 100_000, "deadline_s": 5, "zone": "here", "lookup": Names()} | options)


def away(to, status=302):
    return Reply(status=status, headers={"Location": to})


async def test_a_file_comes_with_the_name_and_the_type_its_host_gives_it(host):
    named = {"Content-Type": "application/pdf; x=1", "Content-Disposition": 'attachment; filename="bill.pdf"'}
    host.say(Reply(body=b"%PDF", headers=named))
    found = await got(f"{host.url}/a/b.bin")
    assert (found.content, found.name, found.media) == (b"%PDF", "bill.pdf", "application/pdf")


async def test_a_redirect_is_followed_and_the_credential_stays_behind(host):
    with OutsideHost() as other:
        host.say(away("/next"), away(f"{other.url}/far", 307))
        other.say(away(f"{host.url}/back", 308))
        await got(f"{host.url}/", headers={"Authorization": "canary"})
        sent = [each.headers.get("authorization") for each in (*host.got, *other.got)]
        assert [each.path for each in host.got] == ["/", "/next", "/back"]
        assert sent == ["canary", "canary", None, None], "it is not taken up again on the way back"


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/", "http://metadata.test/", "//[fd00:ec2::254]/", "file:///x"]
)
async def test_every_hop_is_judged_as_if_it_were_the_first(host, address):
    """The whole battery goes this way in `tests/egress`."""
    host.say(away(address))
    with pytest.raises((Refused, Barred)):
        await got(f"{host.url}/")


async def test_it_does_not_go_round_in_circles(host):
    host.say(*(away("/again") for _ in range(20)))
    with pytest.raises(Refused):
        await got(f"{host.url}/")
    assert len(host.got) == 6


async def test_what_is_no_file_is_none_and_what_is_too_large_is_not_read(host):
    host.say(Reply(status=404), Reply(chunks=itertools.repeat(b"x" * 65_536, 160_000)))
    with pytest.raises(NoFile) as failed:
        await got(f"{host.url}/")
    assert failed.value.status == 404
    with pytest.raises(TooLarge):
        await got(f"{host.url}/")
    assert host.sent < 20_000_000


@pytest.mark.slow
async def test_the_deadline_holds_for_all_hops_together(host):
    host.say(*(away("/again") for _ in range(3)), Reply(silent=True))
    with pytest.raises(TimeoutError):
        await got(f"{host.url}/", deadline_s=0.3)


@pytest.mark.parametrize(
    ("told", "path", "name"),
    [
        ("", "/a/report%20Q3.pdf?x=/y", "report Q3.pdf"), ("", "/", "file"), ("", "/..", "file"),
        ('attachment; filename="../../etc/passwd"', "/", "passwd"), ("attachment; filename=a.csv", "/", "a.csv"),
        ("attachment; filename=\"x.txt\"; filename*=UTF-8''%C3%A4.txt", "/", "ä.txt"),
        ('attachment; filename="C:\\\\dir\\\\a.txt"', "/", "a.txt"), ('inline; filename="a\\"b.txt"', "/", "a_b.txt"),
        ("attachment; filename*=UTF-8''%2e%2e%2fa", "/", "a"), ('filename=".htaccess"', "/", "htaccess"),
        ("filename*=UTF-8''gpj.%E2%80%AEexe", "/", "gpj._exe"),
        (f'filename="{"a" * 300}.pdf"', "/", "a" * 116 + ".pdf"),
        ("filename*=broken", "/x.bin", "x.bin"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_is_one_name(told, path, name):
    assert file_name({"Content-Disposition": told} if told else {}, path) == name
