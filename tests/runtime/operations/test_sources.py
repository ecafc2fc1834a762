"""The passages behind an answer: each once, numbered as the prompt numbered them, for who may read them now."""

import orjson
import pytest

from runtime.operations.sources import passages_in, sources_of
from runtime.store.knowledge import NewBase, insert_base
from runtime.store.log import INSERT
from runtime.store.rights import give_right, take_right
from runtime.store.runs import insert_run
from tests.runtime.store.test_writer import a_record, a_run
from tests.support.reviewing import somebody


def passage(base: str, name: str):
    return {"title": f"{name}.txt", "content": f"says {name}", "metadata": {"base": base, "passage": name, "page": 2}}


@pytest.mark.parametrize(
    "output",
    [None, "text", {"result": "text"}, {"result": [{"title": "x"}]}, {"result": [{"metadata": {"base": 1}}]},
     {"result": [{"metadata": {"base": "b"}}, "text", None]}],
)  # fmt: skip
def test_what_is_no_passage_is_no_source(output):
    assert passages_in(output) == []
    assert len(passages_in({"result": [{"metadata": {"base": "b", "passage": "p"}}, "text"]})) == 1


@pytest.fixture
async def run(runtime, ada) -> str:
    """A run of Ada's that found a passage of each of two bases, one of them twice; she may read both."""
    new = a_run(person=ada.id)
    found = [[passage("hr", "p1"), passage("legal", "p2")], [passage("hr", "p1")]]

    def work(tx) -> None:
        for name in ("hr", "legal"):
            insert_base(tx, NewBase(f"base_{name}", name, name, "x", "internal", ada.id, "model"), 1.0)
            give_right(tx, f"base_{name}", ada.id, "see")
        insert_run(tx, new)
        tx.exec_driver_sql("UPDATE run SET status = 'succeeded' WHERE id = ?", (new.id,))
        for at, each in enumerate(found, 1):
            record = a_record(new.id, at)._replace(value=orjson.dumps({"result": each}))
            tx.exec_driver_sql(INSERT, tuple(record))

    await runtime.writer.write(work)
    return new.id


async def told(runtime, actor, run: str):
    return [(each.number, each.passage, each.readable) for each in await sources_of(runtime, actor, run=run)]


async def test_each_passage_stands_once_with_the_number_the_prompt_gave_it(runtime, ada, run):
    assert await told(runtime, ada, run) == [(1, "p1", True), (2, "p2", True)]
    [first, _] = await sources_of(runtime, ada, run=run)
    assert (first.title, first.page, first.base, first.text) == ("p1.txt", 2, "hr", "says p1")


async def test_whoever_lost_a_base_gets_none_of_its_passages_and_the_others_keep_their_numbers(runtime, ada, run):
    await runtime.writer.write(lambda tx: take_right(tx, "base_hr", ada.id))
    assert await told(runtime, ada, run) == [(2, "p2", True)]


async def test_an_auditor_reads_all_a_run_found_and_opens_what_is_theirs(runtime, run):
    auditor = await somebody(runtime, "Olga", "auditor")
    assert await told(runtime, auditor, run) == [(1, "p1", False), (2, "p2", False)]
