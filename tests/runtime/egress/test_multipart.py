"""A form with files is read back by a reader of mail as what was put in, whatever names it has."""

from email import message_from_bytes
from email.policy import HTTP
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from runtime.egress import multipart


class Part(NamedTuple):
    name: str
    content: bytes
    filename: str = ""
    media: str = ""


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\\\0"), min_size=1, max_size=20)
PARTS = st.lists(st.builds(Part, NAMES, st.binary(max_size=200), st.just("") | NAMES), max_size=5)


def read_back(body: bytes, media: str):
    message = message_from_bytes(b"Content-Type: " + media.encode() + b"\r\n\r\n" + body, policy=HTTP)
    return [each for each in message.iter_parts() if each.get_content_disposition()]


def test_values_and_files_stand_in_their_order():
    body, media = multipart([Part("title", b"Bill"), Part("file", b"\x00\r\n--x", 'a "b".pdf', "application/pdf")])
    one, two = read_back(body, media)
    assert (one.get_param("name", header="content-disposition"), one.get_payload(decode=True)) == ("title", b"Bill")
    assert (two.get_content_type(), two.get_filename()) == ("application/pdf", "a %22b%22.pdf")
    assert two.get_payload(decode=True) == b"\x00\r\n--x"


@given(PARTS)
def test_no_name_and_no_content_ends_a_part_or_begins_a_header(parts):
    body, media = multipart(parts)
    boundary = media.partition("boundary=")[2].encode()
    assert body.count(b"--" + boundary) == len(parts) + 1
    found = body.split(b"--" + boundary)[1:-1]
    for part, each in zip(parts, found, strict=True):
        head, _, content = each.partition(b"\r\n\r\n")
        assert content == part.content + b"\r\n"
        assert len(head.split(b"\r\n")) == (3 if part.filename or part.media else 2), (
            "the name, and the type where there is one"
        )


def test_a_media_type_that_is_none_is_not_sent():
    body, _ = multipart([Part("a", b"", "b", "text/plain\r\nX-Evil: 1")])
    assert b"Content-Type: application/octet-stream\r\n" in body


def test_the_same_form_is_the_same_bytes():
    parts = [Part("a", b"1"), Part("b", b"2", "c.txt", "text/plain")]
    assert multipart(parts) == multipart(parts)
