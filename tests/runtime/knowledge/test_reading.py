"""Every kind of file becomes pages and passages; hostile ones become a sentence, in bounded time and memory."""

import resource
import time
import zipfile
from io import BytesIO

import pytest

from runtime.knowledge.media import Unreadable, media_of
from runtime.knowledge.reading import LIMITS, read
from runtime.sandbox.limited import Limits
from tests.support.papers import (
    LEAVE,
    bomb,
    deep_pdf,
    docx,
    laughing,
    nested_pdf,
    pdf,
    quiet_bomb,
    reaching,
    round_pdf,
    swollen_pdf,
)

pytestmark = pytest.mark.slow

with zipfile.ZipFile(kept := BytesIO(), "w") as archive:
    archive.writestr("xl/workbook.xml", "<workbook/>")
ARCHIVE = kept.getvalue()
"""what a spreadsheet is, too"""


def content(name: str, body: bytes, limits: Limits = LIMITS):
    return read(body, media_of(name, body), tokens=180, overlap=20, limits=limits)


@pytest.mark.parametrize(
    ("name", "body", "media"),
    [
        ("a.pdf", pdf("x"), "pdf"),
        ("really.txt", pdf("x"), "pdf"),
        ("a.docx", docx(("", "x")), "docx"),
        ("a.md", b"# x", "markdown"),
        ("a.txt", b"<!DOCTYPE html><p>x", "html"),
        ("a.html", b"<p>x", "html"),
        ("a.csv", b"a,b\n1,2", "csv"),
        ("a", b"x", "text"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_content(name: str, body: bytes, media: str):
    assert media_of(name, body) == media


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.txt", b" \n", "empty"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"x" * 100, "old kind"),
        ("a.pdf", b"\x7fELF\x00\x00", "Whatever its name says, what is in it is no kind of file"),
        ("a.docx", b"PK\x03\x04broken", "damaged"),
        ("a.txt", b"x" * 20_000_001, "larger than 20 MB"),
        ("bomb.docx", bomb(), "unpacks to more"),
        ("sheet.docx", ARCHIVE, "no Word file"),
        ("photo.pdf", b"\xff\xd8\xff\xe0\x00\x10JFIF", "no kind of file"),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence_before_it_is_read(name: str, body: bytes, says: str):
    with pytest.raises(Unreadable, match=says):
        media_of(name, body)


def test_a_pdf_keeps_its_pages():
    found = content("a.pdf", pdf("Page one.", LEAVE))
    assert [found.text_of(piece) for piece in found.pieces if piece.page == 2] == [LEAVE]


def test_word_keeps_its_headings():
    found = content("a.docx", docx(("Heading1", "Staff"), ("Heading2", "Leave"), ("", LEAVE)))
    assert LEAVE in found.text_of(found.pieces[0])
    assert found.pages[0].startswith("# Staff\n\n## Leave")


def test_html_is_read_without_what_is_not_for_reading():
    page = b"<html><head><title>t</title><style>p{}</style></head><body><script>evil()</script><h1>Leave</h1><p>Thirty"
    page += b" <b>days</b>.</p><table><tr><th>Who<th>Days<tr><td>All<td>30</table><ul><li>one<li>two</ul>"
    assert content("a.html", page).pages == ["# Leave\n\nThirty days.\n\nWho | Days\nAll | 30\n\n- one\n- two"]


def test_each_row_of_a_table_says_what_its_cells_are():
    assert content("a.csv", b"Name;Days\nAda;30\nBob;\n").pages == ["Name: Ada\nDays: 30\n\nName: Bob"]


def test_text_in_other_encodings_is_read():
    assert content("a.txt", "Größe".encode("cp1252")).pages == ["Größe"]
    assert content("a.txt", "Größe".encode("utf-16")).pages == ["Größe"]


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.pdf", b"%PDF-1.7\n" + b"\x00garbage" * 1000, "damaged"),
        ("a.pdf", pdf(""), "no text"),
        ("a.docx", docx(("", "x"))[:-200] + b"\0" * 200, "damaged"),
        ("a.docx", laughing(), "damaged"),
        ("a.pdf", deep_pdf(), "damaged"),
        ("a.pdf", nested_pdf(), "damaged"),
        ("a.pdf", round_pdf(), "damaged"),
    ],
)
def test_a_damaged_file_is_told_in_a_sentence(name: str, body: bytes, says: str):
    with pytest.raises(Unreadable, match=says):
        content(name, body)


def test_what_stands_at_an_address_is_never_taken_into_a_text(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("Zanzibarium")
    assert content("a.docx", reaching(secret.as_uri())).pages == ["Before after."]


def test_a_name_that_says_another_kind_does_no_harm():
    assert content("a.pdf", b"Thirty days.").pages == ["Thirty days."]
    assert content("a.csv", docx(("", "Thirty days."))).pages == ["Thirty days."]


@pytest.mark.slow
def test_a_huge_table_is_told_in_a_sentence():
    with pytest.raises(Unreadable, match=r"more than 10 million characters.*Split it|too long"):
        content("a.csv", b"a,b\n" + b"1,2\n" * 1_000_000, Limits(seconds=60, memory=LIMITS.memory))


@pytest.mark.slow
@pytest.mark.parametrize("make", [quiet_bomb, swollen_pdf, lambda: b"<html>" + b"<div>" * 300_000])
def test_a_hostile_file_is_stopped_within_its_limits(make):
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    body = make()
    assert len(body) < 20_000_000
    with pytest.raises(Unreadable, match=r"too long|more memory|damaged|more text|no text"):
        content("a.docx", body, Limits(seconds=10, memory=600_000_000))
    assert time.monotonic() - began < 40
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000, "kB, in our own process"
