"""Finding runs again: one's own for everybody, everybody's for auditors, by who, what, when and by words."""

import pytest

from runtime.errors import NotAllowed
from runtime.operations import runs
from runtime.operations.actors import Actor
from runtime.operations.exploring import Wanted, explore_runs
from runtime.operations.trying import adopt_file
from runtime.store import people
from runtime.store.audit import list_audit
from tests.bench.workload import flow


@pytest.fixture
async def two_runs(runtime, owner) -> list[str]:
    _, name = await adopt_file(runtime, flow(3))
    found = [
        await runs.run_to_end(runtime, owner, workflow=name, inputs={"text": text})
        for text in ("the Straße invoice of 100%", 'a "quoted" order')
    ]
    return [each.run for each in found]


async def someone(runtime, name: str, *roles: str) -> Actor:
    await runtime.writer.write(lambda tx: people.insert_person(tx, person=name, name=name, roles=roles, now=1.0))
    return Actor(name, name, frozenset(roles))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("invoice", [0]),
        ("INVOICE straße", [0]),
        ('"quoted"', [1]),
        ("100%", [0]),
        ("1_0", []),
        ("nothing", []),
        ("", [1, 0]),
    ],
)
async def test_all_words_are_found_in_inputs_and_outputs_taken_as_they_are(runtime, owner, two_runs, words, found):
    cards = await explore_runs(runtime, owner, wanted=Wanted(words=words))
    assert [each.run for each in cards] == [two_runs[at] for at in found]


async def test_another_person_finds_none_of_them_and_an_auditor_all_and_that_is_recorded(runtime, two_runs):
    other = await someone(runtime, "p_other", "analyst")
    assert await explore_runs(runtime, other, wanted=Wanted()) == []
    with pytest.raises(NotAllowed):
        await explore_runs(runtime, other, wanted=Wanted(), everybody=True)
    auditor = await someone(runtime, "p_auditor", "auditor")
    cards = await explore_runs(runtime, auditor, wanted=Wanted(words="order"), everybody=True)
    assert [each.run for each in cards] == [two_runs[1]]
    looked = [each for each in runtime.reader.now(list_audit) if each.action == "run.explore"]
    assert [(each.person, each.thing, each.outcome) for each in looked] == [
        ("p_auditor", "order", "done"), ("p_other", "", "refused"),
    ]  # fmt: skip


async def test_time_and_status_narrow_the_list(runtime, owner, two_runs):
    [later, earlier] = await explore_runs(runtime, owner, wanted=Wanted())
    assert [each.run for each in await explore_runs(runtime, owner, wanted=Wanted(before=later.created))] == [
        earlier.run
    ]
    assert [each.run for each in await explore_runs(runtime, owner, wanted=Wanted(since=later.created))] == [later.run]
    assert await explore_runs(runtime, owner, wanted=Wanted(status="failed")) == []


async def test_a_run_says_how_its_input_begins(runtime, owner, two_runs):
    cards = await explore_runs(runtime, owner, wanted=Wanted())
    assert [each.said for each in cards] == ['a "quoted" order', "the Straße invoice of 100%"]
