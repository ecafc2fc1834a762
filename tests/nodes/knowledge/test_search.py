from nodes.knowledge.search import Search
from nodes.sdk import Draw
from tests.support.context import StepContext, run_step


def passage(number: int, score: float, heading: str = "") -> dict:
    return {
        "id": f"d.{number}", "base": "handbook", "document": "d", "title": "Handbook.pdf", "page": number, "start": 0,
        "end": 3, "heading": heading, "text": f"text {number}", "score": score,
    }  # fmt: skip


async def test_passages_are_numbered_for_a_prompt_with_document_page_and_heading():
    context = StepContext(answers=[[passage(3, 0.7, "Leave"), passage(9, 0.5)]])
    left = await run_step(Search, {"bases": ["handbook", "policies"], "query": "days off?"}, context)
    assert left.output["text"] == "[1] Handbook.pdf, page 3 – Leave\ntext 3\n\n[2] Handbook.pdf, page 9\ntext 9"
    assert context.searched == [(("handbook", "policies"), "days off?")]


async def test_a_document_that_is_not_divided_into_pages_is_cited_without_one():
    found = [passage(1, 0.7, "Leave") | {"page": 0, "title": "Handbook.md"}]
    left = await run_step(Search, {"bases": ["h"], "query": "q"}, StepContext(answers=[found]))
    assert left.output["text"] == "[1] Handbook.md – Leave\ntext 1"


async def test_each_result_can_be_cited_by_document_page_and_range():
    left = await run_step(Search, {"bases": ["h"], "query": "q"}, StepContext(answers=[[passage(3, 0.7)]]))
    place = left.output["result"][0]["metadata"]
    assert (place["document_id"], place["passage"], place["page"], place["start"], place["end"]) == (
        "d",
        "d.3",
        3,
        0,
        3,
    )


async def test_nothing_found_is_an_empty_text():
    left = await run_step(Search, {"bases": ["h"], "query": "q"}, StepContext(answers=[[passage(1, 0.1)]]))
    assert left.output == {"text": "", "result": []}


def test_it_draws_from_every_base_it_names():
    assert Search(bases=["a", "b"], query="q").draws() == [Draw("base", "a"), Draw("base", "b")]


def test_it_needs_a_base_and_a_question():
    assert [each.field for each in Search(query=" ").troubles()] == ["bases", "query"]


def test_it_explains_itself():
    assert Search(bases=["a", "b"], query="{{ start.question }}", limit=1).explain() == (
        "Searches “a” and “b” for {{ start.question }} and takes the best passage."
    )
