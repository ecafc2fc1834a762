"""An answer is text where it is text, and bytes where it is not; the credential is in neither."""

import pytest

from runtime.egress import Outlet
from runtime.engine.answers import LONG, is_text, received
from runtime.engine.masking import BLOT, Mask
from runtime.engine.values import encode
from tests.support.outside_host import OutsideHost, Reply

SECRET = "sk-canary-0123456789"


@pytest.fixture(scope="module")
def host():
    with OutsideHost() as found:
        yield found


async def answered(host, body, *, as_file=False, path="/a/bill.pdf?x=1", **headers):
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    host.say(Reply(body=body, headers={"Content-Type": "application/octet-stream"} | given))
    outlet = Outlet(host.url, zone="here")
    try:
        reply = await outlet.open("GET", host.url + path, None, {}, deadline_s=5, largest=10_000_000)
        return await received(reply, path, Mask(SECRET), as_file=as_file)
    finally:
        await outlet.close()


async def test_text_comes_as_text_and_its_bytes_only_when_they_are_asked_for(host):
    found = await answered(host, "grün".encode("latin-1"), Content_Type="text/plain; charset=latin-1")
    assert (found.text, found.content) == ("grün", b"")
    found = await answered(host, b"a,b", Content_Type="text/csv", as_file=True)
    assert (found.text, found.content, found.name) == ("a,b", b"a,b", "bill.pdf")


async def test_what_is_no_text_comes_as_bytes(host):
    found = await answered(host, b"%PDF\0\xff", Content_Disposition='attachment; filename="x.pdf"')
    assert (found.text, found.content, found.name) == ("", b"%PDF\0\xff", "x.pdf")


async def test_headers_in_the_letters_of_old_hosts_are_text_that_can_be_kept(host):
    old = 'Content-Disposition: attachment; filename="für.pdf"\r\nX-Old: Jörg\r\n'.encode("latin-1")
    host.say(Reply(raw=b"HTTP/1.1 200 OK\r\n" + old + "X-New: Jörg\r\nContent-Length: 0\r\n\r\n".encode()))
    outlet = Outlet(host.url, zone="here")
    found = await received(await outlet.open("GET", host.url, None, {}, deadline_s=5), "/", Mask("Jörg"), as_file=True)
    await outlet.close()
    assert found.name == "für.pdf"
    assert (found.headers["x-old"], found.headers["x-new"]) == (BLOT, BLOT)
    assert encode(found.headers)


@pytest.mark.parametrize("size", [10, LONG + 10])
@pytest.mark.parametrize("filler", [b" ", b"\0"])
async def test_the_credential_is_blotted_out_of_files_and_of_long_ones(host, filler, size):
    body = filler * size + SECRET.encode() + filler * size
    found = await answered(host, body, as_file=True)
    assert SECRET.encode() not in found.content
    assert SECRET not in found.text
    assert BLOT.encode() in found.content


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
async def test_the_credential_is_blotted_out_of_files_of_two_bytes_a_letter(host, coding):
    found = await answered(host, f"Name;Key\r\nJörg;{SECRET}\r\n".encode(coding), Content_Type="text/csv", as_file=True)
    assert found.content.decode(coding) == f"Name;Key\r\nJörg;{BLOT}\r\n"


@pytest.mark.parametrize(
    ("media", "content", "text"),
    [
        ("text/html", b"\0", True), ("application/json", b"{", True), ("application/problem+json", b"", True),
        ("image/svg+xml", b"<svg/>", True), ("image/png", b"text", False), ("application/pdf", b"%PDF", False),
        ("application/zip", b"PK", False), ("", b"words", True), ("", b"\x89PNG\0", False), ("", b"\xff\xfe", False),
        ("application/octet-stream", b"words", True), ("application/x-custom", b"a\0", False),
        ("", "ä".encode() * 5000, True), ("", b"a" + "ä".encode() * 5000, True), ("a/b; charset=utf-8", b"", True),
    ],
)  # fmt: skip
def test_what_is_text(media, content, text):
    assert is_text(content, media) is text
