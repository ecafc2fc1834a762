"""What is in a knowledge base reaches only who may read it. One house with three people, each with a base of their own,
serves all tests here: what they try changes nothing in it."""

import asyncio
import threading
from collections.abc import Iterator
from functools import partial

import orjson
import pytest

from nodes.sdk import StepFailed
from runtime.errors import BadInput, NotAllowed, NotFound
from runtime.graph.reading import read
from runtime.operations import knowledge, rights, workflows
from runtime.operations.actors import Actor
from runtime.operations.knowledge import BaseCard, list_bases, open_base, remove_document, upload_document
from runtime.operations.passages import list_pieces, read_passage, search_base
from runtime.operations.runtime import Runtime
from runtime.store.audit import list_audit
from runtime.store.runs import NewRun, insert_run, keep_content
from tests.support.library import SEARCHING, answered, base, person
from tests.support.model_server import ModelServer
from tests.support.papers import LEAVE
from tests.support.product import product

SECRETS = {"hr": "Zanzibarium", "legal": "Quixotrope", "sales": "Vermillionaire"}
"""a word that stands in one base only"""

Three = dict[str, tuple[Actor, BaseCard]]
"""three people, each with a base nobody else may read"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Runtime, Three]]:
    async def settle(running: Runtime) -> Three:
        found: Three = {}
        for name, word in SECRETS.items():
            who = await person(running, f"{name}-person")
            text = f"The project {word} starts in May. Ask {name} about it."
            found[name] = (who, await base(running, who, f"{name} papers", secret=text, leave=LEAVE))
        return found

    with ModelServer() as model, product(tmp_path_factory.mktemp("readers"), model) as running:
        yield running, asyncio.run(settle(running))


@pytest.fixture
def runtime(house: tuple[Runtime, Three]) -> Runtime:
    return house[0]


@pytest.fixture
def three(house: tuple[Runtime, Three]) -> Three:
    return house[1]


@pytest.mark.slow
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


async def test_a_run_finds_what_the_person_it_belongs_to_may_read_and_nothing_else(runtime, three):
    names = [each.name for _, each in three.values()]
    for name, (who, own) in three.items():
        end = await answered(runtime, who, SECRETS[name], own.name)
        assert SECRETS[name] in repr(end.outputs)
        for secret in SECRETS.values():
            found = await runtime.knowledge.search("no run", who.id, names, secret, limit=20, min_score=0)
            assert {word for word in SECRETS.values() if word in repr(found)} == {SECRETS[name]}


async def test_a_run_that_names_a_base_its_person_may_not_read_does_not_start(runtime, three):
    ann, theirs = three["hr"][0], three["legal"][1]
    told = []
    for name in (theirs.name, "made-up"):
        with pytest.raises(BadInput) as refusal:
            await answered(runtime, ann, "Quixotrope", name)
        told.append(repr(refusal.value.as_dict()).replace(name, "NAME"))
        with pytest.raises(StepFailed, match="not shared with you"):
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


async def test_the_first_step_of_an_app_searches_although_the_start_is_not_committed_yet(runtime, three):
    name = three["hr"][1].name
    manifest = orjson.dumps([{"kind": "base", "name": name, "digest": "", "facts": {}}])
    new = NewRun(
        id="run_soon", workflow="app_2", name="app", title="App", person="app_2", via="key", key=None, hash="",
        words="", catalogue="", inputs=b"{}", created=1.0, process="elsewhere", app="app_2", manifest="digest_2",
    )  # fmt: skip
    busy = threading.Event()
    runtime.writer.offer(lambda _tx: busy.wait(5))
    runtime.writer.offer(lambda tx: (keep_content(tx, "digest_2", manifest), insert_run(tx, new)))
    search = asyncio.create_task(
        runtime.knowledge.search("run_soon", "app_2", [name], "Zanzibarium", limit=5, min_score=0)
    )
    await asyncio.sleep(0.1)
    busy.set()
    assert "Zanzibarium" in repr(await search)


async def test_a_base_that_cannot_be_read_is_a_problem_that_tells_nothing(runtime, owner, three):
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
