"""Knowledge bases behind the door: what is brought is found by who may read it, and by nobody else."""

from functools import partial

import orjson
import pytest

from nodes.sdk import StepFailed
from runtime.errors import BadInput, Conflict, NotAllowed, NotFound
from runtime.graph.reading import read
from runtime.operations import knowledge, passages, rights, runs, traces, workflows
from runtime.operations.actors import Actor
from runtime.operations.knowledge import create_base, list_bases, open_base, remove_document, upload_document
from runtime.operations.passages import list_pieces, read_passage, search_base
from runtime.store.audit import list_audit
from runtime.store.runs import NewRun, insert_run, keep_content
from tests.support.library import SEARCHING, base, person, ready
from tests.support.papers import LEAVE, docx, pdf

SECRETS = {"hr": "Zanzibarium", "legal": "Quixotrope", "sales": "Vermillionaire"}
"""a word that stands in one base only"""


@pytest.fixture
async def three(runtime):
    """Three people, each with a base nobody else may read: by name, (person, base)."""
    found = {}
    for name, word in SECRETS.items():
        who = await person(runtime, f"{name}-person")
        text = f"The project {word} starts in May. Ask {name} about it."
        found[name] = (who, await base(runtime, who, f"{name} papers", secret=text, leave=LEAVE))
    return found


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


async def test_a_cited_passage_is_shown_with_what_stands_around_it(runtime, owner):
    text = "Intro. " * 300 + "The canteen opens at noon. " + "Outro. " * 300
    made = await base(runtime, owner, "Canteen", food=text.strip())
    found = await search_base(runtime, owner, base=made.name, query="When does the canteen open?")
    view = await read_passage(runtime, owner, base=made.name, passage=found[0].id)
    assert "canteen" in view.text
    assert view.before.endswith(text[max(0, view.start - 20) : view.start])
    assert text[view.start : view.end] == view.text


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


async def test_nothing_of_a_removed_document_is_found_or_kept(runtime, owner):
    made = await base(runtime, owner, "B", leave=LEAVE, food="The canteen serves soup.")
    gone = next(each for each in (await open_base(runtime, owner, base=made.name)).documents if "leave" in each.name)
    await remove_document(runtime, owner, base=made.name, document=gone.id)
    found = await search_base(runtime, owner, base=made.name, query="days of leave")
    assert [each.title for each in found] == ["food.txt"]
    blobs = runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT body FROM blob").scalars().all())
    assert not [body for body in blobs if LEAVE.encode() in body]


async def test_secret_words_of_a_base_reach_only_who_may_read_it(runtime, three):
    for name, (who, own) in three.items():
        others = {word for each, word in SECRETS.items() if each != name}
        for question in (*SECRETS.values(), "project starts in May", LEAVE):
            found = await search_base(runtime, who, base=own.name, query=question, limit=50)
            assert found
            assert not [word for word in others if word in repr(found)]
        assert [each.name for each in await list_bases(runtime, who)] == [own.name]


async def test_somebody_elses_base_is_as_if_it_were_not_there(runtime, three):
    (ann, _), (_, theirs) = three["hr"], three["legal"]
    card = await open_base(runtime, three["legal"][0], base=theirs.name)
    passage = (await search_base(runtime, three["legal"][0], base=theirs.name, query="Quixotrope"))[0].id
    for name in (theirs.name, theirs.id, "made-up"):
        for ask in (
            open_base(runtime, ann, base=name),
            search_base(runtime, ann, base=name, query="Quixotrope"),
            read_passage(runtime, ann, base=name, passage=passage),
            list_pieces(runtime, ann, base=name, document=card.documents[0].id),
            upload_document(runtime, ann, base=name, file="a.txt", body=b"x"),
            remove_document(runtime, ann, base=name, document=card.documents[0].id),
        ):
            with pytest.raises(NotFound) as answer:
                await ask
            assert answer.value.sentence == f"There is no knowledge base “{name}”."


async def test_an_id_of_another_base_opens_nothing_through_ones_own(runtime, three):
    (ann, own), (ben, theirs) = three["hr"], three["legal"]
    passage = (await search_base(runtime, ben, base=theirs.name, query="Quixotrope"))[0]
    for ask in (
        read_passage(runtime, ann, base=own.name, passage=passage.id),
        list_pieces(runtime, ann, base=own.name, document=passage.document),
        remove_document(runtime, ann, base=own.name, document=passage.document),
        knowledge.retry_document(runtime, ann, base=own.name, document=passage.document),
    ):
        with pytest.raises(NotFound, match="no such"):
            await ask


async def test_who_may_search_may_not_add(runtime, three):
    (ann, own), (ben, _) = three["hr"], three["legal"]
    await rights.give(runtime, ann, kind="base", name=own.name, holder=ben.id, level="see")
    assert await search_base(runtime, ben, base=own.name, query="Zanzibarium")
    with pytest.raises(NotAllowed, match="right to edit"):
        await upload_document(runtime, ben, base=own.name, file="a.txt", body=b"x")
    assert runtime.reader.now(list_audit)[0].outcome == "refused"
    await rights.take(runtime, ann, kind="base", name=own.name, holder=ben.id)
    with pytest.raises(NotFound):
        await search_base(runtime, ben, base=own.name, query="Zanzibarium")


async def run(runtime, who: Actor, question: str, *names: str) -> runs.Finished:
    """Run a workflow of this person's own that searches these bases."""
    document, _ = read(SEARCHING.format(bases=list(names)).encode())
    draft = await workflows.create_workflow(runtime, who, title="Answer", document=document)
    return await runs.run_to_end(runtime, who, workflow=draft.name, inputs={"question": question})


async def test_a_run_finds_what_the_person_it_belongs_to_may_read_and_nothing_else(runtime, three):
    names = [each.name for _, each in three.values()]
    for name, (who, own) in three.items():
        end = await run(runtime, who, SECRETS[name], own.name)
        assert SECRETS[name] in repr(end.outputs)
        for secret in SECRETS.values():
            found = await runtime.knowledge.search("no run", who.id, names, secret, limit=20, min_score=0)
            assert {word for word in SECRETS.values() if word in repr(found)} == {SECRETS[name]}


async def test_a_run_that_names_a_base_its_person_may_not_read_does_not_start(runtime, three):
    ann, theirs = three["hr"][0], three["legal"][1]
    told = []
    for name in (theirs.name, "made-up"):
        with pytest.raises(BadInput) as refusal:
            await run(runtime, ann, "Quixotrope", name)
        told.append(repr(refusal.value.as_dict()).replace(name, "NAME"))
        with pytest.raises(StepFailed, match="can be read here"):
            await runtime.knowledge.search("no run", ann.id, [name], "Quixotrope", limit=5, min_score=0)
    assert told[0] == told[1]
    assert theirs.title not in told[0]


async def test_an_app_with_a_key_of_its_own_finds_what_it_was_approved_with(runtime, owner, three):
    names = {name: own.name for name, (_, own) in three.items()}
    manifest = orjson.dumps([{"kind": "base", "name": names["hr"]}, {"kind": "model", "name": names["legal"]}])
    new = NewRun(
        id="run_app", workflow="app_1", name="app", title="App", person="app_1", via="key", key=None, hash="", words="",
        catalogue="", inputs=b"{}", created=1.0, process="elsewhere", app="app_1", manifest="digest",
    )  # fmt: skip
    await runtime.writer.write(lambda tx: (keep_content(tx, "digest", manifest), insert_run(tx, new)))
    search = partial(runtime.knowledge.search, "run_app", "app_1", limit=20, min_score=0)
    assert "Zanzibarium" in repr(await search(list(names.values()), "Zanzibarium"))
    assert "Quixotrope" not in repr(await search(list(names.values()), "Quixotrope"))
    with pytest.raises(StepFailed):
        await search([names["legal"]], "Quixotrope")


async def test_a_citation_names_document_page_and_range(runtime, owner):
    made = await create_base(runtime, owner, title="Words", purpose="x", data_class="internal")
    body = docx(("Heading1", "Leave"), ("", LEAVE))
    await upload_document(runtime, owner, base=made.name, file="Leave.docx", body=body)
    await ready(runtime, owner, made.name)
    end = await run(runtime, owner, "days off", made.name)
    [source] = (end.outputs or {})["sources"]
    place = source["metadata"]
    view = await read_passage(runtime, owner, base=place["base"], passage=place["passage"])
    assert (view.title, view.page, view.start, view.end, view.text) == (
        "Leave.docx", place["page"], place["start"], place["end"], source["content"],
    )  # fmt: skip


async def test_a_base_that_cannot_be_read_is_a_problem_that_tells_nothing(runtime, owner, three):
    from runtime.graph.reading import read
    from runtime.operations import workflows

    ann, theirs = three["hr"][0], three["legal"][1]
    told = []
    for name in (theirs.name, "made-up"):
        document, _ = read(SEARCHING.format(bases=[name]).encode())
        draft = await workflows.create_workflow(runtime, ann, title="Answer", document=document)
        [problem] = [each for each in draft.check.problems if each.code == "unknown_base"]
        assert (problem.step, problem.field, draft.check.runnable) == ("search", "bases", False)
        told.append(repr(draft.check).replace(name, "NAME").replace(draft.name, "DRAFT"))
    assert told[0].split("hash=")[0] == told[1].split("hash=")[0]
    assert theirs.title not in told[0]


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
