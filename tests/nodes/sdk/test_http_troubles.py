"""What is wrong with the settings of a call is said at the field it is in."""

import pytest

from nodes.sdk.http_troubles import address_troubles, header_troubles, name_troubles, status_troubles


@pytest.mark.parametrize(
    ("url", "code"),
    [("", "missing"), ("  ", "missing"), ("{{ start.url }}", "bad_address"), ("https://a.example/x", None),
     ("https://{{ a.b }}.example/", "bad_address"), ("ftp://a.example/", "bad_address")],
)  # fmt: skip
def test_an_address_has_its_host_written_out(url, code):
    assert [each.code for each in address_troubles(url)] == ([code] if code else [])


def test_rows_need_names_and_headers_names_that_are_theirs_to_set():
    assert [each.field for each in name_troubles("query", ["a", " ", ""])] == ["query.1.name", "query.2.name"]
    found = header_troubles(["X-A", "", "a b", "ä", "Host", "idempotency-key"])
    assert [(each.field, each.code) for each in found] == [
        ("headers.1.name", "missing"), ("headers.2.name", "bad_header"), ("headers.3.name", "bad_header"),
        ("headers.4.name", "bad_header"), ("headers.5.name", "bad_header"),
    ]  # fmt: skip


def test_statuses_are_numbers_or_ranges_of_them():
    assert status_troubles("404, 300-399") == status_troubles("") == status_troubles("Any") == []
    assert [each.field for each in status_troubles("404, teapot")] == ["fine"]
