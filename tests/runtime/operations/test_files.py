"""Files: brought by people and programs, given to runs, made by them, and for nobody who may not see the run."""

from __future__ import annotations

import asyncio
import os
import time
from base64 import b64encode
from collections.abc import AsyncIterator

import orjson
import pytest

from nodes.sdk import StepFailed
from runtime.clock import MovedClock
from runtime.engine.cleaning import clean_files, find_strays
from runtime.errors import BadInput, Conflict, GreenlaneError, NotFound, StorageUnavailable
from runtime.files import kinds
from runtime.files.bodies import Incoming
from runtime.operations import apps, files, previews, runs, traces
from runtime.operations.actors import Actor
from runtime.operations.files import FileCard
from runtime.operations.runtime import Runtime
from runtime.operations.trying import adopt_file
from runtime.store.files import UNUSED_S
from tests.support.product import product
from tests.support.publishing import person, published

FLOW = b"""
greenlane: 1
name: reading
words: {title: Reading}
meaning:
  steps:
    start: {type: flow.start, settings: {inputs: [{name: doc, kind: file}, {name: more, kind: files, required: false}]}}
    read: {type: data.read_file, settings: {file: "{{ start.doc }}"}}
    finish:
      type: flow.finish
      settings:
        outputs:
          - {name: text, value: "{{ read.text }}"}
          - {name: called, value: "{{ start.doc.name }}"}
          - {name: doc, value: "{{ start.doc }}"}
  edges: [{from: start, to: read}, {from: read, to: finish}]
"""
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")


@pytest.fixture
def runtime(tmp_path, model):
    with product(tmp_path, model, clock=MovedClock()) as running:
        yield running


@pytest.fixture
async def eve(runtime) -> Actor:
    return await person(runtime, "p_eve", "analyst")


async def stream(*pieces: bytes) -> AsyncIterator[bytes]:
    for each in pieces:
        yield each


async def bring(runtime: Runtime, actor: Actor, content: bytes = b"Hello", name: str = "a.txt") -> FileCard:
    return await files.bring_file(runtime, actor, name=name, body=stream(content))


async def content_of(runtime: Runtime, actor: Actor, file: str) -> bytes:
    return b"".join((await files.open_file(runtime, actor, file=file)).pieces)


def bodies(runtime: Runtime) -> set[str]:
    return {each.name for each in runtime.settings.files.glob("??/*")}


async def ran(runtime: Runtime, actor: Actor, **inputs):
    return await runs.run_to_end(runtime, actor, workflow="reading", inputs=inputs)


async def test_a_file_is_read_in_a_run_and_handed_back(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    brought = await bring(runtime, owner, b"The invoice is over 20 Euro.", "Rechnung Nr. 7.txt")
    end = await ran(runtime, owner, doc=brought.id)
    assert end.outputs == {
        "text": "The invoice is over 20 Euro.",
        "called": "Rechnung Nr. 7.txt",
        "doc": {"id": brought.id, "name": brought.name, "type": "text/plain", "size": 28, "sha256": brought.sha256},
    }
    assert await content_of(runtime, owner, brought.id) == b"The invoice is over 20 Euro."


async def test_a_file_of_a_kind_its_input_does_not_take_is_refused_before_anything_runs(runtime):
    owner, _ = await adopt_file(runtime, FLOW.replace(b"kind: file}", b"kind: file, file_kinds: [image]}"))
    text, picture = await bring(runtime, owner), await bring(runtime, owner, PNG, "a.txt")
    lie = {"id": text.id, "name": "a.png", "type": "image/png", "size": 1, "sha256": "0"}
    for given in (text.id, lie):
        with pytest.raises(BadInput, match=r"“doc” takes image; “a\.txt” is none of them"):
            await ran(runtime, owner, doc=given)
    assert (await ran(runtime, owner, doc=picture.id)).status == "failed"  # it ran, and found nothing to read


async def test_a_model_is_shown_a_picture_and_the_log_keeps_its_digest(runtime, model):
    ask = b'{type: ai.ask_model, settings: {messages: [{text: "What is it?"}], pictures: "{{ start.doc }}"}}'
    owner, _ = await adopt_file(
        runtime, FLOW.replace(b'{type: data.read_file, settings: {file: "{{ start.doc }}"}}', ask)
    )
    picture = await bring(runtime, owner, PNG, "a.png")
    end = await ran(runtime, owner, doc=picture.id)
    assert end.status == "succeeded"
    shown = model.calls[-1].body["messages"][0]["content"][1]["image_url"]["url"]
    assert shown == f"data:image/png;base64,{b64encode(PNG).decode()}"
    asked = "SELECT value FROM record WHERE kind = 'intent'"
    kept = runtime.reader.now(lambda tx: [bytes(each) for (each,) in tx.exec_driver_sql(asked)])
    assert [orjson.loads(each)["messages"][0]["pictures"] for each in kept] == [[picture.sha256]]


async def test_what_a_sender_says_a_file_is_counts_for_nothing(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    brought = await bring(runtime, owner)
    lies = {"id": brought.id, "name": "../../etc/passwd", "type": "text/html", "size": 1, "sha256": "0" * 64}
    end = await ran(runtime, owner, doc=lies)
    assert (end.outputs or {})["doc"]["name"] == "a.txt"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("page.png", b"<!doctype html><script>alert(1)</script>", "text/html"),
        ("page.png", b"  <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        ("picture.txt", PNG, "image/png"),
        ("picture.gif", b"GIF89a/*<script>alert(1)</script>*/", "image/gif"),
        ("report", b"%PDF-1.7\n", "application/pdf"),
        ("table.csv", b"a;b\n1;2\n", "text/csv"),
        ("program.pdf", b"MZ\x90\x00", "application/x-dosexec"),
        ("noise.docx", b"\x00\x01\x02", "application/octet-stream"),
        ("bomb.docx", b"PK\x03\x04" + b"\0" * 50 + b"word/document.xml", kinds.WORD),
    ],
)  # fmt: skip
async def test_what_a_file_is_its_content_says(runtime, owner, name, content, kind):
    assert (await bring(runtime, owner, content, name)).type == kind


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\plan.pdf", "plan.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("  two\n\tlines .txt", "two lines .txt"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("..hidden.", "hidden"),
    ],
)
async def test_a_name_is_words_and_leads_nowhere(runtime, owner, given, kept):
    assert (await bring(runtime, owner, name=given)).name == kept


@pytest.mark.parametrize("name", ["", "..", "/", "\u202e"])
async def test_a_file_without_a_name_is_refused(runtime, owner, name):
    with pytest.raises(BadInput, match="needs a name"):
        await bring(runtime, owner, name=name)


async def test_what_is_somebody_elses_is_answered_as_what_is_not_there(runtime, eve):
    owner, _ = await adopt_file(runtime, FLOW)
    brought = await bring(runtime, owner)
    await ran(runtime, owner, doc=brought.id)
    said = set()
    for file in (brought.id, "file_nothing"):
        for ask in (files.open_file, files.describe_file, files.discard_file, previews.preview_file):
            with pytest.raises(NotFound) as refusal:
                await ask(runtime, eve, file=file)
            said.add(f"{refusal.value.sentence} {refusal.value.hint}".replace(file, "X"))
    assert len(said) == 1
    mine, name = await adopt_file(runtime, FLOW)
    told = []
    for file in (await bring(runtime, eve)).id, "file_nothing":
        with pytest.raises(BadInput) as refusal:
            await runs.run_to_end(runtime, mine, workflow=name, inputs={"doc": file})
        told.append(refusal.value.sentence)
    assert told[0] == told[1]
    assert "names a file that is not there" in told[0]


async def test_of_an_app_those_who_run_it_see_what_is_handed_back_and_its_owner_what_lies_between(runtime):
    it, member = await person(runtime, "p_it", "reviewer"), await person(runtime, "p_member", "member")
    app = await published(runtime, it, member, source=FLOW)
    brought = await bring(runtime, member)
    end = await apps.run_app_to_end(runtime, member, app=app, inputs={"doc": brought.id})
    kept = await runtime.files.keep(end.run, member.id, "inner", "inner.txt", b"between", "")
    assert await content_of(runtime, member, brought.id) == b"Hello"
    with pytest.raises(NotFound):
        await content_of(runtime, member, kept["id"])
    with pytest.raises(BadInput, match="not there"):  # nor may it be given to another run
        await apps.run_app_to_end(runtime, member, app=app, inputs={"doc": kept["id"]})
    with pytest.raises(NotFound):
        await content_of(runtime, await person(runtime, "p_other", "member"), brought.id)


async def test_a_run_reads_no_file_that_it_was_not_given_whoever_owns_it(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    mine, secret = await bring(runtime, owner), await bring(runtime, owner, b"secret", "secret.txt")
    end = await ran(runtime, owner, doc=mine.id)
    honest = {"id": mine.id, "name": "x", "type": "", "size": mine.size, "sha256": mine.sha256}
    assert await runtime.files.read(end.run, honest) == b"Hello"
    other = {"id": secret.id, "sha256": secret.sha256, "size": secret.size}
    for changed in (other, {"sha256": secret.sha256}, {"size": 0}):
        forged = honest | changed
        with pytest.raises(Exception, match="does not belong to this run"):
            await runtime.files.read(end.run, forged)


async def test_the_same_bytes_are_kept_once_and_go_with_the_last_file_that_has_them(runtime, owner):
    first, second = await bring(runtime, owner), await bring(runtime, owner, name="b.txt")
    assert len(bodies(runtime)) == 1
    await files.discard_file(runtime, owner, file=first.id)
    await clean_files(runtime.files.bodies, runtime.reader, runtime.writer, runtime.clock.now())
    assert await content_of(runtime, owner, second.id) == b"Hello"
    await files.discard_file(runtime, owner, file=second.id)
    await clean_files(runtime.files.bodies, runtime.reader, runtime.writer, runtime.clock.now())
    assert bodies(runtime) == set()


async def test_what_no_run_was_given_within_a_day_is_taken_away_and_nothing_else(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    used, unused = await bring(runtime, owner, b"used"), await bring(runtime, owner, b"unused")
    await ran(runtime, owner, doc=used.id)
    runtime.clock.move(UNUSED_S + 1)
    fresh = await bring(runtime, owner, b"fresh")
    await clean_files(runtime.files.bodies, runtime.reader, runtime.writer, runtime.clock.now())
    assert await content_of(runtime, owner, used.id) == b"used"
    assert await content_of(runtime, owner, fresh.id) == b"fresh"
    assert bodies(runtime) == {used.sha256, fresh.sha256}
    with pytest.raises(NotFound):
        await files.describe_file(runtime, owner, file=unused.id)
    with pytest.raises(BadInput, match="not there"):
        await ran(runtime, owner, doc=unused.id)


async def test_a_file_that_is_given_to_a_run_while_the_clean_up_goes_is_there_or_the_start_says_why_not(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    for _ in range(15):
        brought = await bring(runtime, owner, b"raced")
        runtime.clock.move(UNUSED_S + 1)
        cleaning = clean_files(runtime.files.bodies, runtime.reader, runtime.writer, runtime.clock.now())
        again = bring(runtime, owner, b"raced")
        told, _, twin = await asyncio.gather(
            ran(runtime, owner, doc=brought.id), cleaning, again, return_exceptions=True
        )
        if isinstance(told, BaseException):
            assert isinstance(told, BadInput), told
        else:
            assert (told.status, (told.outputs or {}).get("text")) == ("succeeded", "raced")
        assert isinstance(twin, FileCard), twin
        assert await content_of(runtime, owner, twin.id) == b"raced"


async def test_no_more_is_taken_than_a_file_and_a_person_may_have(tmp_path, model):
    with product(tmp_path, model, set={"largest_file_mb": 1, "person_files_mb": 2}) as runtime:
        owner, _ = await adopt_file(runtime, FLOW)

        async def endless() -> AsyncIterator[bytes]:
            while True:
                yield b"x" * 100_000

        with pytest.raises(BadInput, match="larger than 1 MB"):
            await files.bring_file(runtime, owner, name="big", body=endless())
        with pytest.raises(BadInput, match="larger than 1 MB"):
            await files.bring_file(runtime, owner, name="big", body=stream(), length=10_000_000_000)
        for _ in range(2):
            await bring(runtime, owner, b"y" * 990_000)
        with pytest.raises(BadInput, match="together they may have 2 MB"):
            await bring(runtime, owner, b"z" * 100_000)
        assert list((runtime.settings.files / "incoming").iterdir()) == []
        with pytest.raises(StepFailed, match="may have no more"):
            await runtime.files.keep("run_1", owner.id, "step", "a", b"z" * 100_000, "")
        with pytest.raises(StepFailed, match="files may have 1 MB"):
            await runtime.files.keep("run_1", "another", "step", "a", b"z" * 1_000_001, "")


async def test_an_upload_that_is_cut_off_leaves_nothing(runtime, owner):
    async def cut() -> AsyncIterator[bytes]:
        yield b"x" * 2_000_000
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await files.bring_file(runtime, owner, name="a", body=cut())
    assert bodies(runtime) == set()
    assert list((runtime.settings.files / "incoming").iterdir()) == []


async def test_bytes_whose_upload_died_before_its_rows_were_written_go_after_a_day(runtime, owner):
    with runtime.files.bodies.receive(100) as incoming:
        incoming.write(b"stray")
        stray = runtime.files.bodies.put(incoming)
    kept = await bring(runtime, owner)
    for age, left in ((0, {stray, kept.sha256}), (UNUSED_S + 9, {kept.sha256})):
        for each in runtime.settings.files.glob("??/*"):
            os.utime(each, (time.time() - age, time.time() - age))
        await find_strays(runtime.files.bodies, runtime.reader, runtime.writer, runtime.clock.now())
        await clean_files(runtime.files.bodies, runtime.reader, runtime.writer, runtime.clock.now())
        assert bodies(runtime) == left


async def test_a_disk_that_takes_no_more_is_told_in_words(runtime, owner, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Incoming, "write", full)
    with pytest.raises(StorageUnavailable, match="No space left"):
        await bring(runtime, owner)
    with pytest.raises(StepFailed, match="No space left"):
        await runtime.files.keep("run_1", owner.id, "step", "a", b"z", "")


async def test_a_file_a_run_was_given_is_not_taken_away_by_hand(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    brought = await bring(runtime, owner)
    await ran(runtime, owner, doc=brought.id)
    with pytest.raises(Conflict):
        await files.discard_file(runtime, owner, file=brought.id)


async def test_a_step_that_keeps_a_file_twice_has_one(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    end = await ran(runtime, owner, doc=(await bring(runtime, owner)).id)
    made = [await runtime.files.keep(end.run, owner.id, "step", "out.csv", b"a\n1\n", "") for _ in range(2)]
    assert made[0] == made[1]
    assert made[0]["type"] == "text/csv"
    assert await runtime.files.read(end.run, made[0]) == b"a\n1\n"


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("Application/X-Own", "application/x-own"), ("image/svg+xml", "image/svg+xml"), ("image", kinds.UNKNOWN),
        ("a/b\r\nX-Admin: yes", kinds.UNKNOWN), ("text/\u20ac", kinds.UNKNOWN), ("", kinds.UNKNOWN),
        ("image/" + "x" * 300, kinds.UNKNOWN),
    ],
)  # fmt: skip
async def test_what_a_host_says_a_file_is_counts_only_where_it_is_a_media_type(runtime, told, kind):
    owner, _ = await adopt_file(runtime, FLOW)
    end = await ran(runtime, owner, doc=(await bring(runtime, owner)).id)
    made = await runtime.files.keep(end.run, owner.id, "step", "out.bin", b"\1\2\3", told)
    assert made["type"] == kind


async def test_a_run_takes_so_many_files_and_no_more_however_they_are_packed(runtime):
    """Each is looked up while others wait: a hundred thousand of them in one start stopped everybody for seconds."""
    owner, _ = await adopt_file(runtime, FLOW.replace(b"kind: files", b"kind: json"))
    brought = await bring(runtime, owner)
    handle = {"id": brought.id, "name": "", "type": "", "size": 0, "sha256": ""}
    most = files.MOST_GIVEN - 1  # and the one read
    assert (await ran(runtime, owner, doc=brought.id, more=[handle] * most)).status == "succeeded"
    with pytest.raises(BadInput, match="at most 1,000 files"):
        await ran(runtime, owner, doc=brought.id, more={"deep": [[handle] * most, handle]})


async def test_a_preview_shows_pages_rows_and_pictures_and_of_a_page_only_its_words(runtime, owner):
    async def look(content: bytes, name: str) -> previews.Preview:
        return await previews.preview_file(runtime, owner, file=(await bring(runtime, owner, content, name)).id)

    table = await look(b"name,amount\nAda,3\nBob,4\n", "t.csv")
    assert (table.columns, table.rows, table.more) == (["name", "amount"], [["Ada", "3"], ["Bob", "4"]], False)
    page = await look(b"<html><body><script>alert(1)</script><h1>Hello</h1></body></html>", "page.png")
    assert (page.kind, page.text) == ("text", "# Hello")
    assert (await look(PNG, "p.png")).kind == "picture"
    assert (await look(b"PK\x03\x04" + b"word/document.xml" * 9, "x.docx")).kind == "none"
    svg = await bring(runtime, owner, b"<svg onload='alert(1)'/>", "p.png")
    with pytest.raises(NotFound):
        await previews.open_picture(runtime, owner, file=svg.id)


async def test_a_broken_file_fails_its_step_with_a_sentence(runtime):
    owner, _ = await adopt_file(runtime, FLOW)
    end = await ran(runtime, owner, doc=(await bring(runtime, owner, b"%PDF-1.7 broken", "x.pdf")).id)
    assert end.status == "failed"
    assert (end.error or {})["code"] == "unreadable_file"
    assert "“x.pdf” cannot be read" in (end.error or {})["message"]
    view = await traces.read_run(runtime, owner, run=end.run)
    assert view.inputs["doc"]["name"] == "x.pdf"


async def test_uploads_of_one_person_stand_in_line(runtime, owner):
    held, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def slow() -> AsyncIterator[bytes]:
        begun.release()
        yield b"x"
        await held.wait()

    going = [asyncio.create_task(files.bring_file(runtime, owner, name="a", body=slow())) for _ in range(4)]
    for _ in going:
        await begun.acquire()
    with pytest.raises(GreenlaneError, match="several files already"):
        await bring(runtime, owner)
    held.set()
    await asyncio.gather(*going)
