"""What a file is, its content says."""

from io import BytesIO

import pytest

from runtime.files.kinds import EXCEL, PDF, SAFE_IMAGES, UNKNOWN, WORD, kind_of


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", b"%PDF-1.4", PDF),
        ("a.pdf", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ("a.pdf", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a", b"PK\x03\x04" + b"\0" * 2_000_000 + b"word/document.xml", WORD),
        ("a", b"PK\x03\x04xl/workbook.xml", EXCEL),
        ("a.docx", b"PK\x03\x04nothing", "application/zip"),
        ("a.csv", b"a;b", "text/csv"),
        ("a.csv", b"\xef\xbb\xbf <HTML>", "text/html"),
        ("a.txt", "Grüße".encode("utf-16"), "text/plain"),
        ("a.png", b"<?xml version='1.0'?><!-- --><svg onload=''>", "image/svg+xml"),
        ("a.txt", b"\x01\x02", UNKNOWN),
        ("a.png", b"", "text/plain"),
    ],
)
def test_the_content_says_the_kind_and_the_name_only_which_text_it_is(name, content, kind):
    assert kind_of(name, BytesIO(content)) == kind


def test_a_picture_that_may_carry_a_script_is_not_shown():
    assert {"image/png", "image/jpeg", "image/gif", "image/webp"} == SAFE_IMAGES
