import pytest

from runtime.knowledge import pages
from runtime.knowledge.media import Unreadable
from runtime.knowledge.pages import pages_of
from tests.support.papers import docx, pdf


def test_a_pdf_has_its_pages_and_everything_else_has_one():
    assert pages_of(pdf("One.", "Two."), "pdf") == ["One.", "Two."]
    assert pages_of(docx(("", "One."), ("", "Two.")), "docx") == ["One.\n\nTwo."]


def test_text_has_one_kind_of_line_end_and_nothing_that_is_not_text():
    assert pages_of(b"\n\na  \r\nb\rc\x00\n", "text") == ["a\nb\nc"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_parts_its_cells(sign: str):
    rows = sign.join(("Name", "Days")), sign.join(("Ada", "30", "extra"))
    assert pages_of("\n".join(rows).encode(), "csv") == ["Name: Ada\nDays: 30\ncolumn 3: extra"]


def test_a_table_of_headings_only_says_those():
    assert pages_of(b"Name,Days\n", "csv") == ["Name, Days"]


def test_a_cell_that_never_ends_is_told_in_a_sentence():
    with pytest.raises(Unreadable, match="table cannot be read"):
        pages_of(b'a,b\n"' + b"x" * (pages.LONGEST_CELL + 1), "csv")


def test_nothing_to_read_and_too_much_to_read_are_told_apart(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Unreadable, match=r"no text in this file\.$"):
        pages_of(b"<p> </p>", "html")
    monkeypatch.setattr(pages, "MOST_TEXT", 10)
    with pytest.raises(Unreadable, match="Split it"):
        pages_of(b"eleven char", "text")
