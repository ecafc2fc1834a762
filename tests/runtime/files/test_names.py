"""Names of files are words for people; as a header they are one file to save, whatever stands in them."""

import pytest

from runtime.files.names import LONGEST_NAME, clean_name, disposition


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\plan.pdf", "plan.pdf"),
        ("a\r\nSet-Cookie: x", "a Set-Cookie: x"),
        ("\u202efdp.exe", "fdp.exe"),
        ("...", ""),
        ("x" * 999, "x" * LONGEST_NAME),
    ],
)
def test_a_name_is_the_last_part_without_what_nobody_sees(given, kept):
    assert clean_name(given) == kept


def test_a_header_holds_any_name_in_one_line_of_plain_signs():
    said = disposition('Rechnung "Ä"\r\n; x=y.pdf')
    plain, coded = "Rechnung ______ x_y.pdf", "Rechnung%20%22%C3%84%22%0D%0A%3B%20x%3Dy.pdf"
    assert said == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}"
