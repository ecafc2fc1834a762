"""Knowledge bases behind the door: what is brought is read, found, cited, and gone when it is removed."""

import shutil

import pytest

from runtime.assembly import assemble
from runtime.errors import BadInput, Conflict, NotFound
from runtime.operations import knowledge, passages, traces
from runtime.operations.knowledge import (
    change_base,
    create_base,
    list_bases,
    open_base,
    remove_document,
    upload_document,
)
from runtime.operations.passages import list_pieces, read_passage, search_base
from runtime.store import knowledge as rows
from runtime.store.audit import list_audit
from tests.support.database import on_postgres
from tests.support.library import answered, base, ready
from tests.support.papers import LEAVE, docx, pdf
from tests.support.product import catalogue


@pytest.mark.slow
async def test_what_was_brought_is_read_split_and_found(runtime, owner):
    made = await create_base(runtime, owner, title="Staff handbook", purpose="Leave.", data_class="internal")
    assert made.name == "staff-handbook"
    card = await upload_document(runtime, owner, base=made.name, file="C:\\docs\\Leave.pdf", body=pdf("Hello.", LEAVE))
    assert (card.name, card.media, card.status) == ("Leave.pdf", "pdf", "waiting")
    [done] = await ready(runtime, owner, made.name)
    assert (done.status, done.pages, done.passages, done.done) == ("ready", 2, 2, 2)
    best = (await search_base(runtime, owner, base=made.name, query="How many days off?"))[0]
    assert (best.text, best.page, best.title) == (LEAVE, 2, "Leave.pdf")
    view = await read_passage(runtime, owner, base=made.name, passage=best.id)
    assert (view.before, view.text, view.after, view.page) == ("", LEAVE, "", 2)
    assert [each.page for each in await list_pieces(runtime, owner, base=made.name, document=card.id)] == [1, 2]
    assert (await traces.read_run(runtime, owner, run=card.run)).card.status == "succeeded"


@pytest.mark.slow
async def test_a_cited_passage_is_shown_with_what_stands_around_it(runtime, owner):
    text = "Intro. " * 300 + "The canteen opens at noon. " + "Outro. " * 300
    made = await base(runtime, owner, "Canteen", food=text.strip())
    found = await search_base(runtime, owner, base=made.name, query="When does the canteen open?")
    view = await read_passage(runtime, owner, base=made.name, passage=found[0].id)
    assert "canteen" in view.text
    assert view.before.endswith(text[max(0, view.start - 20) : view.start])
    assert text[view.start : view.end] == view.text


@pytest.mark.slow
async def test_every_process_finds_what_any_of_them_has_indexed_though_one_alone_owns_the_index(runtime, owner):
    made = await base(runtime, owner, "B", leave=LEAVE, food="The canteen serves soup.")
    other = assemble(runtime.settings, sweeps=False, catalogue=catalogue())
    try:
        question = "How many days off?"
        here = await search_base(runtime, owner, base=made.name, query=question)
        there = await search_base(other, owner, base=made.name, query=question)
        assert [each.id for each in there] == [each.id for each in here]
        assert [each.score for each in there] == pytest.approx([each.score for each in here], abs=0.001)
        runtime.knowledge.close()  # and the other is the first to ask for the folder
        await search_base(other, owner, base=made.name, query=question)
        await upload_document(runtime, owner, base=made.name, file="late.txt", body=b"Trains are booked a week before.")
        assert {each.status for each in await ready(runtime, owner, made.name)} == {"ready"}
        for each in (runtime, other):
            found = await search_base(each, owner, base=made.name, query="When are trains booked?")
            assert found[0].title == "late.txt"
        assert runtime.reader.now(rows.unindexed) == []
    finally:
        other.close(0.2)


@on_postgres
async def test_on_several_machines_one_search_index_counts_and_what_another_held_is_put_in(runtime, owner, tmp_path):
    made = await base(runtime, owner, "B", leave=LEAVE)
    elsewhere = runtime.settings.model_copy(update={"data": tmp_path / "elsewhere", "blobs": runtime.settings.files})
    shutil.copytree(runtime.settings.data, elsewhere.data, ignore=lambda *_: ["chroma"])
    other = assemble(elsewhere, sweeps=False, catalogue=catalogue())

    async def titles(product, question: str) -> list[str]:
        return [each.title for each in await search_base(product, owner, base=made.name, query=question)]

    try:
        assert await titles(runtime, "How many days off?") == await titles(other, "How many days off?") != []
        assert not (elsewhere.data / "chroma").exists(), "it looks through the rows"
        runtime.knowledge.close()  # the other machine has the index from now on, and its folder is empty
        assert await titles(other, "How many days off?") == ["leave.txt"]
        assert other.knowledge._index.count() == 1
        await upload_document(runtime, owner, base=made.name, file="late.txt", body=b"Trains are booked a week before.")
        assert {each.status for each in await ready(runtime, owner, made.name)} == {"ready"}
        for each in (runtime, other):
            assert (await titles(each, "When are trains booked?"))[0] == "late.txt"
        other.knowledge.close()
        assert (await titles(runtime, "When are trains booked?"))[0] == "late.txt"
        assert runtime.knowledge._index.count() == 2, "what was indexed elsewhere meanwhile is in this folder too"
    finally:
        other.close(0.2)


async def test_going_through_the_ids_of_passages_leaves_a_trace(runtime, owner):
    made = await create_base(runtime, owner, title="B", purpose="x", data_class="internal")
    with pytest.raises(NotFound):
        await read_passage(runtime, owner, base=made.name, passage="document_1.1")
    with pytest.raises(NotFound):
        await list_pieces(runtime, owner, base=made.name, document="document_1")
    rows = [(each.action, each.outcome) for each in runtime.reader.now(list_audit)[:2]]
    assert rows == [("base.see", "refused")] * 2


async def test_a_file_that_cannot_be_read_says_so_and_can_be_tried_again_or_removed(runtime, owner):
    made = await create_base(runtime, owner, title="Scans", purpose="x", data_class="internal")
    card = await upload_document(runtime, owner, base=made.name, file="scan.pdf", body=pdf(""))
    [failed] = await ready(runtime, owner, made.name)
    assert failed.status == "failed"
    assert "text recognition" in failed.error
    await knowledge.retry_document(runtime, owner, base=made.name, document=card.id)
    [again] = await ready(runtime, owner, made.name)
    assert (again.status, again.run != card.run) == ("failed", True)
    await remove_document(runtime, owner, base=made.name, document=card.id)
    assert (await open_base(runtime, owner, base=made.name)).documents == []


async def test_what_is_no_document_is_refused_before_anything_is_kept(runtime, owner):
    made = await create_base(runtime, owner, title="B", purpose="x", data_class="internal")
    for file, body in (("a.exe", b"MZ\0\0"), ("", b"x"), ("a.txt", b"")):
        with pytest.raises(BadInput):
            await upload_document(runtime, owner, base=made.name, file=file, body=body)
    await upload_document(runtime, owner, base=made.name, file="a.txt", body=b"x")
    with pytest.raises(Conflict, match="already"):
        await upload_document(runtime, owner, base=made.name, file="a.txt", body=b"y")
    assert len((await open_base(runtime, owner, base=made.name)).documents) == 1


@pytest.mark.parametrize("given", [{"title": " "}, {"purpose": ""}, {"data_class": "secret"}, {"groups": ["nobody"]}])
async def test_a_base_needs_a_title_a_purpose_a_class_and_groups_that_exist(runtime, owner, given):
    fitting = {"title": "B", "purpose": "x", "data_class": "internal", "groups": []}
    with pytest.raises(BadInput):
        await create_base(runtime, owner, **fitting | given)


async def test_another_data_class_of_a_base_is_recorded_with_what_it_was(runtime, owner):
    made = await create_base(runtime, owner, title="B", purpose="x", data_class="confidential")
    await change_base(runtime, owner, base=made.name, title="B", purpose="y", data_class="confidential")
    await change_base(runtime, owner, base=made.name, title="B", purpose="y", data_class="public")
    rows = [each for each in runtime.reader.now(list_audit) if each.action == "base.change"]
    assert [each.reason for each in rows] == ["confidential → public", ""]


async def test_nothing_of_a_removed_document_is_found_or_kept(runtime, owner):
    made = await base(runtime, owner, "B", leave=LEAVE, food="The canteen serves soup.")
    gone = next(each for each in (await open_base(runtime, owner, base=made.name)).documents if "leave" in each.name)
    await remove_document(runtime, owner, base=made.name, document=gone.id)
    found = await search_base(runtime, owner, base=made.name, query="days of leave")
    assert [each.title for each in found] == ["food.txt"]
    blobs = runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT body FROM blob").scalars().all())
    assert not [body for body in blobs if LEAVE.encode() in body]


async def test_a_citation_names_document_page_and_range(runtime, owner):
    made = await create_base(runtime, owner, title="Words", purpose="x", data_class="internal")
    body = docx(("Heading1", "Leave"), ("", LEAVE))
    await upload_document(runtime, owner, base=made.name, file="Leave.docx", body=body)
    await ready(runtime, owner, made.name)
    end = await answered(runtime, owner, "days off", made.name)
    [source] = (end.outputs or {})["sources"]
    place = source["metadata"]
    [piece] = await list_pieces(runtime, owner, base=made.name, document=place["document_id"])
    assert (place["page"], piece.page) == (0, 0)  # Word has none of its own
    view = await read_passage(runtime, owner, base=place["base"], passage=place["passage"])
    assert (view.title, view.page, view.start, view.end, view.text) == (
        "Leave.docx", place["page"], place["start"], place["end"], source["content"],
    )  # fmt: skip


async def test_a_base_goes_with_everything_in_it(runtime, owner):
    made = await base(runtime, owner, "B", leave=LEAVE)
    await knowledge.remove_base(runtime, owner, base=made.name)
    assert await list_bases(runtime, owner) == []
    left = (
        "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM passage), (SELECT count(*) FROM passage_words)"
    )
    assert tuple(runtime.reader.now(lambda tx: tx.exec_driver_sql(left).one())) == (0, 0, 0)
    assert runtime.knowledge._index.count() == 0
    assert passages.SEARCH in runtime.catalogue.types
