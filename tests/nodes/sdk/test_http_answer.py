"""Later steps get an answer as what it is taken for."""

import pytest

from nodes.connect.call_http import CallHttp
from nodes.sdk import StepFailed, is_file
from nodes.sdk.http_answer import LARGEST_JSON, LARGEST_TEXT
from tests.support.context import StepContext, run_step


def answer(text="", content=b"", status=200, media="text/plain", name=""):
    return {"status": status, "headers": {"content-type": media}, "text": text, "content": content, "name": name}


async def got(given, **settings):
    context = StepContext(answers=[given])
    left = await run_step(CallHttp, {"url": "https://api.example.com/a"} | settings, context)
    return left, context


async def test_what_is_no_text_becomes_a_file():
    left, context = await got(answer(content=b"\x89PNG", media="image/png", name="a.png"))
    (file,) = left.output["files"]
    assert is_file(file)
    assert (file["name"], context.kept[file["id"]]) == ("a.png", b"\x89PNG")
    assert (left.output["body"], left.output["json"]) == ("", None)


async def test_text_becomes_a_file_where_it_is_taken_for_one():
    left, context = await got(answer(text="a,b", content=b"a,b", media="text/csv", name="x.csv"), take="file")
    assert context.sent[0].as_file
    assert [each["name"] for each in left.output["files"]] == ["x.csv"]
    assert left.output["body"] == ""


async def test_an_empty_answer_is_no_file():
    left, _ = await got(answer(status=204), take="file")
    assert left.output["files"] == []


async def test_bytes_are_read_as_text_where_they_are_taken_for_it():
    left, _ = await got(answer(content=b"caf\xe9", media="image/png"), take="text")
    assert left.output["body"] == "caf\ufffd"


async def test_data_that_is_none_fails_where_data_is_wanted():
    left, _ = await got(answer(text="17"), take="data")
    assert left.output["json"] == 17
    with pytest.raises(StepFailed) as failed:
        await got(answer(text="<html>", media="text/html"), take="data")
    assert failed.value.code == "not_data"
    left, _ = await got(answer(text="null"), take="data")
    assert left.output["json"] is None


async def test_a_failure_keeps_no_file():
    given = answer(text="no", content=b"no", status=404)
    left, context = await got(given, take="file", on_error="exit")
    assert (left.exit, left.output["files"], left.output["body"], context.kept) == ("error", [], "no", {})


@pytest.mark.slow
async def test_long_data_is_read_apart_and_only_where_it_is_wanted():
    long = answer(text='["' + "x" * LARGEST_JSON + '"]', media="application/json")
    left, _ = await got(long)
    assert left.output["json"] is None
    left, _ = await got(long, take="data")
    assert left.output["json"] == ["x" * LARGEST_JSON]


async def test_text_that_is_too_long_is_a_file_or_nothing():
    with pytest.raises(StepFailed) as failed:
        await got(answer(text="x" * (LARGEST_TEXT + 1)))
    assert failed.value.code == "answer_too_large"


@pytest.mark.parametrize(
    ("fine", "status", "success"),
    [("404, 409", 404, True), ("404", 409, False), ("300-399", 302, True), ("any", 500, True), ("", 304, True),
     ("", 302, False), (" 400 - 404 ", 402, True)],
)  # fmt: skip
async def test_a_status_may_be_a_success_where_the_step_says_so(fine, status, success):
    left, _ = await got(answer(status=status), fine=fine, on_error="exit")
    assert (left.exit == "done") is success


@pytest.mark.parametrize("fine", ["4xx", "99", "600", "404;409", "no", "404-"])
def test_what_is_no_status_is_a_trouble(fine):
    (trouble,) = CallHttp(url="https://a.example/", fine=fine).troubles()
    assert (trouble.field, trouble.code) == ("fine", "bad_status")
