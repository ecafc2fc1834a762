"""Tables: rows by the names of the first one, from CSV and Excel; what would grow without bound is stopped."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from runtime.knowledge.extracting import rows_in, text_in
from runtime.knowledge.media import Unreadable
from runtime.sandbox.limited import Limits

pytestmark = pytest.mark.slow

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(rows: str, *, texts: str = "", styles: str = "", more: dict[str, bytes] | None = None) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", f"<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>")
        if texts:
            parts.writestr("xl/sharedStrings.xml", f"<sst {NS}>{texts}</sst>")
        if styles:
            parts.writestr("xl/styles.xml", f"<styleSheet {NS}>{styles}</styleSheet>")
        for name, content in (more or {}).items():
            parts.writestr(name, content)
    return out.getvalue()


def test_an_excel_file_gives_its_rows_with_texts_numbers_days_and_gaps():
    body = sheet(
        '<row><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        '<c r="D1" t="inlineStr"><is><t>Paid</t></is></c></row>'
        '<row><c r="A2" t="s"><v>2</v></c><c r="B2"><v>20.5</v></c>'
        '<c r="C2" s="1"><v>46327</v></c><c r="D2" t="b"><v>1</v></c></row>'
        '<row><c r="B3"><v>3</v></c></row>',
        texts="<si><t>Name</t></si><si><t>Amount</t></si><si><r><t>A</t></r><r><t>da</t></r></si>",
        styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
    )  # fmt: skip
    assert rows_in("a.xlsx", body) == [
        {"Name": "Ada", "Amount": 20.5, "column 3": "2026-11-01", "Paid": True},
        {"Name": "", "Amount": 3, "column 3": "", "Paid": ""},
    ]
    assert text_in("a.xlsx", body) == ["Name: Ada\nAmount: 20.5\ncolumn 3: 2026-11-01\nPaid: True\n\nAmount: 3"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1;2\n", [{"a": "1", "b": "2"}]),
        ("\ufeffa,a\n1,2,3\n", [{"a": "1", "a 2": "2", "column 3": "3"}]),
        ('a\tb\n"x\ny"\t\n', [{"a": "x\ny", "b": ""}]),
    ],
)
def test_a_csv_file_gives_its_rows(text, rows):
    assert rows_in("a.csv", text.encode()) == rows


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("entities.xlsx", sheet('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>&a;')),
        ("cut.xlsx", sheet("<row/>")[:-40]),
        ("odd.xlsx", sheet('<row><c r="A1" t="s"><v>7</v></c></row>')),
        ("page.html", b"<!doctype html><p>Hello"),
        ("empty.csv", b"\n\n"),
    ],
)
def test_what_is_no_sound_table_is_told_in_words(name, body):
    with pytest.raises(Unreadable):
        rows_in(name, body)


def test_a_table_that_unpacks_to_too_much_is_not_opened():
    with pytest.raises(Unreadable, match="unpacks to more"):
        rows_in("bomb.xlsx", sheet("", more={"xl/media/zeros": b"\0" * 250_000_000}))


@pytest.mark.slow
def test_a_table_that_wants_more_memory_than_it_may_have_is_stopped():
    cell = f'<row><c t="inlineStr"><is><t>{"x" * 900}</t></is></c></row>'
    with pytest.raises(Unreadable, match=r"memory|stopped|more than"):
        rows_in("big.xlsx", sheet(cell * 60_000), limits=Limits(seconds=30, memory=120_000_000, answer=1_000_000))


@pytest.mark.slow
def test_a_word_file_that_unpacks_to_too_much_is_not_opened():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", b"\0" * 250_000_000)
    with pytest.raises(Unreadable, match="unpacks to more"):
        text_in("bomb.docx", out.getvalue())
