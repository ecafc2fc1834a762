"""Pages lead to one another on one host, end somewhere, and what is on them is collected in order."""

import json

import pytest

from nodes.connect.call_http import CallHttp
from nodes.sdk import StepFailed
from nodes.sdk.http_pages import follow
from tests.support.context import StepContext, run_step

URL = "https://api.example.com/orders"


def page(data, **headers):
    told = {"content-type": "application/json"} | headers
    return {"status": 200, "headers": told, "text": json.dumps(data)}


async def collected(settings, *answers):
    context = StepContext(answers=list(answers))
    left = await run_step(CallHttp, {"url": URL} | settings, context)
    return left, context.sent


async def failure(settings, *answers):
    with pytest.raises(StepFailed) as failed:
        await collected(settings, *answers)
    return failed.value


async def test_the_link_header_leads_on():
    link = '<https://api.example.com/orders?page=2>; rel="next", <https://api.example.com/orders?page=9>; rel=last'
    left, sent = await collected(
        {"pages": "link", "query": [{"name": "size", "value": "2"}]},
        page([1, 2], link=link), page([3], link='</orders?page=1>; rel="prev first"'),
    )  # fmt: skip
    assert [(each.address, each.query) for each in sent] == [(URL, (("size", "2"),)), (URL + "?page=2", ())]
    assert (left.output["items"], left.output["pages"], left.output["complete"]) == ([1, 2, 3], 2, True)


@pytest.mark.parametrize("header", ["", "nonsense", "<x>; rel=nextish", '<x>; rel="prev"', "<x", "next"])
async def test_a_link_header_without_a_next_page_ends_it(header):
    left, sent = await collected({"pages": "link"}, page([1], link=header))
    assert (len(sent), left.output["complete"]) == (1, True)


async def test_a_field_leads_on_as_an_address_or_as_what_to_ask_for():
    left, sent = await collected(
        {"pages": "field", "onward": "meta.next", "items": "data", "query": [{"name": "q", "value": "x"}]},
        page({"data": [1], "more": [], "meta": {"next": "/orders?after=1"}}),
        page({"data": [2], "meta": {"next": "https://api.example.com/orders?after=2"}}), page({"data": []}),
    )  # fmt: skip
    assert [each.address for each in sent] == [URL, URL + "?after=1", URL + "?after=2"]
    assert left.output["items"] == [1, 2]
    _, sent = await collected(
        {"pages": "field", "onward": "next", "parameter": "cursor", "query": [{"name": "q", "value": "x"}]},
        page({"rows": [1], "next": 7}), page({"rows": [2], "next": "z/8"}), page({"rows": [], "next": None}),
    )  # fmt: skip
    assert [each.query for each in sent] == [
        (("q", "x"),), (("q", "x"), ("cursor", "7")), (("q", "x"), ("cursor", "z/8")),
    ]  # fmt: skip


async def test_counted_pages_end_at_an_empty_one():
    left, sent = await collected(
        {"pages": "number", "parameter": "page", "first_page": 0}, page([1]), page([2]), page([])
    )
    assert [dict(each.query)["page"] for each in sent] == ["0", "1", "2"]
    assert (left.output["items"], left.output["complete"]) == ([1, 2], True)


async def test_it_stops_at_the_most_pages_and_says_that_there_is_more():
    left, sent = await collected({"pages": "number", "parameter": "p", "most_pages": 2}, page([1]), page([2]))
    assert (len(sent), left.output["items"], left.output["complete"]) == (2, [1, 2], False)


@pytest.mark.parametrize(
    "onward", ["https://evil.example.com/x", "//evil.example.com/x", "http://api.example.com/x", "https://[::1"]
)
async def test_no_page_is_at_another_host_or_without_encryption(onward):
    error = await failure({"pages": "link"}, page([1], link=f"<{onward}>; rel=next"))
    assert error.code == "pages_elsewhere"
    if "evil" in onward and onward.startswith("https"):
        assert (await failure({"pages": "field", "onward": "next"}, page({"a": [], "next": onward}))).code == error.code


async def test_a_host_that_gives_the_same_page_for_ever_is_noticed():
    assert (await failure({"pages": "number", "parameter": "p"}, page([1]), page([1]))).code == "pages_repeat"
    loop = page([1], link="</orders>; rel=next")
    assert (await failure({"pages": "link"}, loop, loop)).code == "pages_repeat"
    same = page({"a": [1], "next": "x"})
    assert (await failure({"pages": "field", "onward": "next", "parameter": "c"}, same, same)).code == "pages_repeat"


async def test_all_pages_together_are_no_larger_than_one_answer_may_be():
    big = [page([str(at) * 60_000]) for at in range(3)]
    error = await failure({"pages": "number", "parameter": "p", "largest_mb": 0.1}, *big)
    assert error.code == "answer_too_large"


@pytest.mark.parametrize(
    ("items", "data", "sentence"),
    [
        ("data.rows", {"data": {}, "b": 1}, "There is nothing at “data.rows” in the answer of api.example.com."),
        ("", {"a": [], "b": []}, "It is not clear which list in the answer of api.example.com is meant."),
        ("", {"a": 1}, "api.example.com answered no list."), ("", 5, "api.example.com answered no list."),
        ("a", {"a": "text", "b": 1}, "api.example.com answered no list."),
    ],
)  # fmt: skip
async def test_a_page_without_a_list_is_told(items, data, sentence):
    error = await failure({"pages": "number", "parameter": "p", "items": items}, page(data))
    assert (error.code, error.message) == ("no_items", sentence)


async def test_what_was_collected_is_handed_on_where_it_goes_on_without_success():
    broken = {"status": 500, "headers": {}, "text": "down"}
    left, _ = await collected({"pages": "number", "parameter": "p", "on_error": "exit"}, page([1]), broken)
    assert (left.exit, left.output["items"], left.output["complete"]) == ("error", [1], False)
    assert left.output["status_code"] == 500


async def test_a_call_that_changes_something_has_no_pages():
    left, sent = await collected({"method": "POST", "pages": "link"}, page([1], link="</2>; rel=next"))
    assert (len(sent), "items" in left.output) == (1, False)


def test_a_path_leads_into_objects_and_lists():
    data = {"a": [{"b": 1}], "": 2}
    assert (follow(data, "a.0.b"), follow(data, "a.1.b"), follow(data, "a.b"), follow(data, "x.y")) == (
        1,
        None,
        None,
        None,
    )
    assert follow(data, "") is data
