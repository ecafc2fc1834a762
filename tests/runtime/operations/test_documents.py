"""Documents that come, come twice, are replaced and go, also while somebody searches; in German and in English."""

import asyncio

import pytest

from nodes.sdk import StepFailed
from runtime.errors import BadInput, Conflict, NotFound
from runtime.knowledge import shelves
from runtime.operations.knowledge import create_base, open_base, remove_base, remove_document, upload_document
from runtime.operations.passages import search_base
from runtime.store.knowledge import FILE
from tests.support.library import base, ready
from tests.support.papers import LEAVE, bomb, docx, laughing, pdf, round_pdf

pytestmark = pytest.mark.slow  # each document has a process of its own; `test_knowledge` is in `make check`

GERMAN = {
    "urlaub": "Jeder Mitarbeiter hat dreißig Urlaubstage im Jahr. Resturlaub verfällt am 31. März.",
    "kündigung": "Die Kündigungsfrist beträgt drei Monate zum Quartalsende. In der Probezeit sind es zwei Wochen.",
    "krank": "Wer krank ist, meldet sich bis neun Uhr bei der Führungskraft. Ein Attest ist ab dem dritten Tag nötig.",
    "parken": "Parkplätze in der Tiefgarage vergibt der Empfang. Besucher melden sich vorher an.",
}
ENGLISH = {
    "leave": "Everybody has thirty days of leave a year. What is left expires on 31 March.",
    "notice": "The period of notice is three months to the end of a quarter; two weeks during probation.",
    "sick": "Whoever is ill tells their manager by nine. A doctor's note is needed from the third day.",
    "parking": "Parking spaces in the garage are given out by reception. Visitors are announced beforehand.",
}


async def made(runtime, owner) -> str:
    return (await create_base(runtime, owner, title="Papers", purpose="Tests.", data_class="internal")).name


async def document_named(runtime, owner, name: str, file: str) -> str:
    return next(each.id for each in (await open_base(runtime, owner, base=name)).documents if each.name == file)


def files_kept(runtime) -> int:
    question = "SELECT count(*) FROM blob WHERE digest LIKE ? || '%'"
    return runtime.reader.now(lambda tx: tx.exec_driver_sql(question, (FILE,)).scalar_one())


async def test_the_same_file_twice_is_refused_under_its_name_and_under_another(runtime, owner):
    name = await made(runtime, owner)
    await upload_document(runtime, owner, base=name, file="Leave.txt", body=LEAVE.encode())
    with pytest.raises(Conflict, match=r"“Leave\.txt” already"):
        await upload_document(runtime, owner, base=name, file="Leave.txt", body=LEAVE.encode())
    with pytest.raises(Conflict, match=r"very same file is here already, as “Leave\.txt”") as refusal:
        await upload_document(runtime, owner, base=name, file="Copy.txt", body=LEAVE.encode())
    assert "twice" in refusal.value.hint
    assert len(await ready(runtime, owner, name)) == 1


async def test_two_brought_at_once_under_one_name_become_one(runtime, owner):
    name = await made(runtime, owner)
    brought = [upload_document(runtime, owner, base=name, file="a.txt", body=b"text %d" % at) for at in range(5)]
    ends = await asyncio.gather(*brought, return_exceptions=True)
    assert sorted(type(each).__name__ for each in ends) == ["Conflict"] * 4 + ["DocumentCard"]
    assert len(await ready(runtime, owner, name)) == 1


async def test_two_bases_with_the_same_file_lose_it_one_by_one(runtime, owner):
    first, second = [await base(runtime, owner, title, leave=LEAVE) for title in ("One", "Two")]
    assert files_kept(runtime) == 1
    for left, each in ((1, first), (0, second)):
        assert await search_base(runtime, owner, base=each.name, query="days of leave")
        document = await document_named(runtime, owner, each.name, "leave.txt")
        await remove_document(runtime, owner, base=each.name, document=document)
        assert files_kept(runtime) == left


async def test_a_replaced_document_is_found_by_its_new_words_only(runtime, owner):
    name = (await base(runtime, owner, "Papers", leave=LEAVE)).name
    document = await document_named(runtime, owner, name, "leave.txt")
    await remove_document(runtime, owner, base=name, document=document)
    new = "Everybody has forty days of leave a year."
    await upload_document(runtime, owner, base=name, file="leave.txt", body=new.encode())
    await ready(runtime, owner, name)
    found = await search_base(runtime, owner, base=name, query="How many days of leave?")
    assert [each.text for each in found] == [new]


@pytest.mark.parametrize(
    ("file", "body", "says"),
    [
        ("empty.txt", b"", "empty"),
        ("bomb.docx", bomb(), "unpacks to more"),
        ("broken.docx", docx(("", "x"))[:60], "cannot be unpacked"),
        ("photo.pdf", b"\x89PNG\r\n\x1a\n\x00\x00", "no kind of file"),
        ("big.txt", b"x" * 20_000_001, "larger than 20 MB"),
    ],
    ids=["empty", "bomb", "broken", "photo", "big"],  # a Word file holds the time it was made
)
async def test_what_can_be_told_at_once_is_refused_at_once(runtime, owner, file: str, body: bytes, says: str):
    name = await made(runtime, owner)
    with pytest.raises(BadInput, match=says):
        await upload_document(runtime, owner, base=name, file=file, body=body)
    assert (await open_base(runtime, owner, base=name)).documents == []
    assert files_kept(runtime) == 0


async def test_what_only_its_reader_finds_out_stands_beside_the_document(runtime, owner):
    name = await made(runtime, owner)
    hostile = {
        "round.pdf": (round_pdf(), "damaged"),
        "scan.pdf": (pdf(""), "OCR"),
        "laugh.docx": (laughing(), "damaged"),
    }
    for file, (body, _) in hostile.items():
        await upload_document(runtime, owner, base=name, file=file, body=body)
    await upload_document(runtime, owner, base=name, file="old.txt", body="Größe".encode("cp1252"))
    for each in await ready(runtime, owner, name):
        if each.name in hostile:
            assert (each.status, hostile[each.name][1] in each.error) == ("failed", True), each
        else:
            assert each.status == "ready"
    found = await search_base(runtime, owner, base=name, query="Größe")
    assert [each.text for each in found] == ["Größe"]


@pytest.mark.parametrize("large", [2, 1000])
async def test_a_search_while_a_document_goes_finds_it_or_not_and_never_fails(runtime, owner, monkeypatch, large: int):
    monkeypatch.setattr(shelves, "LARGE", large)  # in a collection of its own, which goes with its last passage
    name = (await base(runtime, owner, "Papers", leave=LEAVE, food="The canteen serves soup.")).name
    found: list[list[str]] = []

    async def look() -> None:
        for _ in range(15):
            hits = await runtime.knowledge.search("no run", owner.id, [name], "days of leave", limit=5, min_score=0)
            found.append([each.title for each in hits])

    async def clear() -> None:
        for file in ("leave.txt", "food.txt"):
            await asyncio.sleep(0.05)
            document = await document_named(runtime, owner, name, file)
            await remove_document(runtime, owner, base=name, document=document)

    await asyncio.gather(look(), look(), clear())
    assert {tuple(each) for each in found} <= {("leave.txt", "food.txt"), ("food.txt",), ()}
    assert await runtime.knowledge.search("no run", owner.id, [name], "leave", limit=5, min_score=0) == []
    assert runtime.knowledge._index.ids() == set()


async def test_a_search_in_a_base_that_has_gone_says_so(runtime, owner):
    name = (await base(runtime, owner, "Papers", leave=LEAVE)).name
    await remove_base(runtime, owner, base=name)
    with pytest.raises(NotFound, match=f"no knowledge base “{name}”"):
        await search_base(runtime, owner, base=name, query="leave")
    with pytest.raises(StepFailed, match="not shared with you") as failure:
        await runtime.knowledge.search("no run", owner.id, [name], "leave", limit=5, min_score=0)
    assert "owner can share it" in failure.value.hint


async def test_german_and_english_questions_find_what_answers_them(runtime, owner):
    name = (await base(runtime, owner, "Both", **GERMAN, **ENGLISH)).name
    asked = {
        "Wie viele Urlaubstage habe ich?": "urlaub",
        "Wann verfällt mein Resturlaub?": "urlaub",
        "Wie lang ist die Kündigungsfrist in der Probezeit?": "kündigung",
        "KUNDIGUNGSFRIST": "kündigung",
        "Ab wann brauche ich ein Attest?": "krank",
        "Wo dürfen Besucher parken?": "parken",
        "How many days off do I get?": "leave",
        "What is the notice period?": "notice",
        "When do I need a sick note?": "sick",
        "Where can guests park?": "parking",
    }
    for question, file in asked.items():
        best = (await search_base(runtime, owner, base=name, query=question))[0]
        assert best.title == f"{file}.txt", question
