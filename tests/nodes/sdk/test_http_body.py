"""What is sent along becomes the bytes the other system expects."""

import pytest

from nodes.connect.call_http import CallHttp
from nodes.sdk import Part, StepFailed
from nodes.sdk.http_body import LARGEST_SENT
from tests.support.context import StepContext, run_step

BILL = {"id": "file_1", "name": "bill.pdf", "type": "application/pdf", "size": 4, "sha256": "0"}
NOTE = {"id": "file_2", "name": "note.txt", "type": "text/plain", "size": 2, "sha256": "1"}


async def sent(**settings):
    answer = {"status": 200, "headers": {}, "text": ""}
    context = StepContext(answers=[answer], kept={"file_1": b"%PDF", "file_2": b"hi"})
    await run_step(CallHttp, {"url": "https://api.example.com/", "method": "POST"} | settings, context)
    return context.sent[0]


async def test_a_form_is_written_as_web_pages_write_it():
    fields = [{"name": "a b", "value": "1&2"}, {"name": "l", "value": ["x", "ä"]}, {"name": "n", "value": None}]
    found = await sent(body="form", fields=fields)
    assert (found.body, found.headers) == (
        "a+b=1%262&l=x&l=%C3%A4", {"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip


async def test_a_form_with_files_has_a_part_for_each():
    fields = [{"name": "title", "value": "Bill"}, {"name": "doc", "value": BILL}, {"name": "more", "value": [NOTE, 7]}]
    found = await sent(body="multipart", fields=fields)
    assert found.body == [
        Part("title", b"Bill"), Part("doc", b"%PDF", "bill.pdf", "application/pdf"),
        Part("more", b"hi", "note.txt", "text/plain"), Part("more", b"7"),
    ]  # fmt: skip
    assert found.headers == {}, "its content type has a boundary that only the platform knows"


@pytest.mark.parametrize("file", [BILL, [BILL]])
async def test_a_file_is_sent_as_it_is_with_the_type_it_has(file):
    found = await sent(body="file", file=file, method="PUT")
    assert (found.body, found.headers) == (b"%PDF", {"Content-Type": "application/pdf"})
    assert (await sent(body="file", file=file, media="application/x-bill")).headers[
        "Content-Type"
    ] == "application/x-bill"


@pytest.mark.parametrize("file", ["bill.pdf", None, {"id": "file_1"}, [BILL, NOTE], 7])
async def test_what_is_no_file_is_told(file):
    with pytest.raises(StepFailed) as failed:
        await sent(body="file", file=file)
    assert failed.value.code == "no_file"


async def test_too_many_files_are_not_even_read():
    large = BILL | {"size": LARGEST_SENT // 2 + 1, "id": "file_gone"}
    with pytest.raises(StepFailed) as failed:
        await sent(body="multipart", fields=[{"name": "a", "value": [large, large]}])
    assert failed.value.code == "too_much_to_send"


async def test_text_has_the_type_it_is_given():
    assert (await sent(body="text", text="<a/>", media="text/xml")).headers == {"Content-Type": "text/xml"}
