"""Deciding: who is asked, what they see, and that one decision wins."""

import asyncio
import json

import pytest

from runtime.clock import MovedClock
from runtime.errors import BadInput, Conflict, NotAllowed, NotFound
from runtime.operations import inbox, runs, traces, trying
from runtime.operations.actors import Actor
from runtime.operations.notifications import count_unseen
from runtime.store.audit import list_audit
from runtime.store.people import insert_person
from runtime.store.waits import OWN, NewWait, find_holders, open_wait
from tests.support.product import product

SOURCE = b"""
greenlane: 1
name: order
words: {title: Order a laptop}
meaning:
  steps:
    start: {type: flow.start, settings: {inputs: [{name: item, kind: text}, {name: salary, kind: text}]}}
    ask:
      type: people.approve
      settings:
        title: "Buy {{ start.item }}?"
        text: "It costs 900."
        approvers: [Procurement]
        deadline_hours: 1
    bought: {type: flow.finish, settings: {outputs: [{name: bought, value: "{{ ask.by }}"}]}}
    not_bought: {type: flow.finish, settings: {outputs: [{name: why, value: "{{ ask.decision }}: {{ ask.comment }}"}]}}
  edges:
    - {from: start, to: ask}
    - {from: ask.approved, to: bought}
    - {from: ask.rejected, to: not_bought}
    - {from: ask.timeout, to: not_bought}
"""


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def runtime(tmp_path, model, clock):
    with product(tmp_path, model, clock=clock) as running:
        yield running


@pytest.fixture
async def people(runtime, owner) -> dict[str, Actor]:
    """Ada and Ben in Procurement, Eve outside; the owner, who starts the runs, is in Procurement too."""

    def add(tx) -> None:
        tx.exec_driver_sql(
            "INSERT INTO people_group (id, name, description, created) VALUES ('group_1', 'Procurement', '', 1.0)"
        )
        for name in ("Ada", "Ben", "Eve"):
            insert_person(tx, person=name.lower(), name=name, roles={"member"}, now=1.0)
        for person in ("ada", "ben", owner.id):
            tx.exec_driver_sql("INSERT INTO group_member (group_id, person) VALUES ('group_1', ?)", (person,))

    await runtime.writer.write(add)
    return {each: Actor(each, each.title(), frozenset({"member"})) for each in ("ada", "ben", "eve")}


@pytest.fixture
async def asked(runtime, people) -> str:
    """A run that waits for Procurement."""
    return await start(runtime)


async def start(runtime) -> str:
    actor, name = await trying.adopt_file(runtime, SOURCE)
    end = await runs.run_to_end(runtime, actor, workflow=name, inputs={"item": "a laptop", "salary": "canary-salary"})
    assert (end.status, end.outputs) == ("waiting", None)
    return end.run


async def ended(runtime, owner, run: str) -> traces.Finished:
    for _ in range(500):
        found = await traces.read_finished(runtime, owner, run=run)
        if found.status not in ("queued", "running", "waiting"):
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("it goes on for ever")


async def test_whoever_is_in_the_group_is_asked_and_shown_no_more_than_the_step_shows(runtime, people, asked):
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    assert (entry.title, entry.text, entry.about) == ("Buy a laptop?", "It costs 900.", "Order a laptop")
    assert [each.id for each in entry.choices] == ["approved", "rejected"]
    assert (entry.asked_by, entry.run, entry.deadline) == ("Owner", "", entry.opened + 3600)
    assert "canary" not in repr(entry)
    assert await inbox.read_entry(runtime, people["ben"], entry=entry.id) == entry
    assert await inbox.count_news(runtime, people["ada"]) == 1
    assert await count_unseen(runtime, people["ada"]) == 1
    with pytest.raises(NotFound):
        await traces.read_run(runtime, people["ada"], run=asked)


async def test_the_starter_and_strangers_find_nothing_and_cannot_decide(runtime, owner, people, asked):
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    absent = {}
    for actor in (owner, people["eve"]):
        assert await inbox.list_inbox(runtime, actor) == []
        assert await inbox.count_news(runtime, actor) == 0
        for wanted in (entry.id, "wait_none"):
            with pytest.raises(NotFound) as refusal:
                await inbox.answer_entry(runtime, actor, entry=wanted, choice="approved")
            absent[actor.id, wanted] = refusal.value.sentence
    assert len(set(absent.values())) == 1, "what is hidden and what is not there get one answer"
    hidden = [each for each in runtime.reader.now(list_audit) if each.action == "inbox.answer"]
    assert [(each.outcome, each.thing, each.person, each.reason.partition(":")[0]) for each in hidden] == [
        ("refused", "wait_none", "eve", "not there"),
        ("refused", entry.id, "eve", "hidden"),
        ("refused", "wait_none", owner.id, "not there"),
        ("refused", entry.id, owner.id, "hidden"),
    ]


@pytest.mark.parametrize(
    ("choice", "outputs"), [("approved", {"bought": "Ada"}), ("rejected", {"why": "rejected: too dear"})]
)
async def test_a_decision_is_the_way_the_run_goes_on(runtime, owner, people, asked, choice, outputs):
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    done = await inbox.answer_entry(runtime, people["ada"], entry=entry.id, choice=choice, comment=" too dear ")
    assert (done.status, done.decided_by, done.comment) == ("answered", "Ada", "too dear")
    [row] = [each for each in runtime.reader.now(list_audit) if each.action == "inbox.answer"]
    assert row.reason.lower() == choice
    assert (await ended(runtime, owner, asked)).outputs == outputs
    assert await inbox.list_inbox(runtime, people["ben"]) == []
    assert [each.id for each in await inbox.list_decided(runtime, people["ada"])] == [entry.id]
    assert await count_unseen(runtime, people["ben"]) == 0, "what is decided is news to nobody"


async def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told_who(runtime, owner, people, asked):
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    found = await asyncio.gather(
        inbox.answer_entry(runtime, people["ada"], entry=entry.id, choice="approved"),
        inbox.answer_entry(runtime, people["ben"], entry=entry.id, choice="rejected"),
        return_exceptions=True,
    )
    [won] = [each for each in found if isinstance(each, inbox.Entry)]
    [lost] = [each for each in found if isinstance(each, Conflict)]
    assert lost.sentence.startswith(f"{won.decided_by} has decided already")
    assert won.decision in lost.sentence
    done = [each for each in runtime.reader.now(list_audit) if each.action == "inbox.answer"]
    assert [(each.outcome, each.person) for each in done] == [("done", won.decided_by.lower())]
    assert (await ended(runtime, owner, asked)).status == "succeeded"


@pytest.mark.slow
async def test_after_the_deadline_nobody_decides_any_more(runtime, owner, people, asked, clock):
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    clock.move(3600)
    with pytest.raises(Conflict, match="time to decide has run out"):
        await inbox.answer_entry(runtime, people["ada"], entry=entry.id, choice="approved")
    assert (await ended(runtime, owner, asked)).outputs == {"why": "timeout: "}
    with pytest.raises(Conflict, match="time to decide has run out"):
        await inbox.answer_entry(runtime, people["ada"], entry=entry.id, choice="approved")


async def test_a_stopped_run_asks_nobody_any_more(runtime, owner, people, asked):
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    await runs.cancel_run(runtime, owner, run=asked)
    assert await inbox.list_inbox(runtime, people["ada"]) == []
    with pytest.raises(Conflict, match="run has ended"):
        await inbox.answer_entry(runtime, people["ada"], entry=entry.id, choice="approved")
    assert (await inbox.read_entry(runtime, people["ada"], entry=entry.id)).status == "closed"


async def test_who_left_the_group_between_opening_and_clicking_decides_nothing(runtime, people, asked):
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    await runtime.writer.write(lambda tx: tx.exec_driver_sql("DELETE FROM group_member WHERE person = 'ada'"))
    with pytest.raises(NotFound):
        await inbox.answer_entry(runtime, people["ada"], entry=entry.id, choice="approved")


async def test_an_answer_that_is_not_offered_or_too_long_is_refused(runtime, people, asked):
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    for given in ({"choice": "timeout"}, {"choice": "approved", "comment": "x" * 4001}):
        with pytest.raises(BadInput):
            await inbox.answer_entry(runtime, people["ada"], entry=entry.id, **given)
    assert len(await inbox.list_inbox(runtime, people["ada"])) == 1


async def test_the_runs_view_says_whom_it_waits_for_and_what_was_decided(runtime, owner, people, asked):
    view = await traces.read_run(runtime, owner, run=asked)
    step = next(each for each in view.steps if each.step == "ask")
    assert step.asked is not None
    assert (view.card.status, step.status, step.asked.waits_for) == ("waiting", "asking", "Procurement")
    assert step.asked.since is not None
    assert step.asked.deadline == step.asked.since + 3600
    seen = await traces.inspect_step(runtime, owner, run=asked, step="ask")
    assert seen["input"]["title"] == "Buy a laptop?"
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    await inbox.answer_entry(runtime, people["ada"], entry=entry.id, choice="approved")
    await ended(runtime, owner, asked)
    step = next(each for each in (await traces.read_run(runtime, owner, run=asked)).steps if each.step == "ask")
    assert step.asked is not None
    assert (step.status, step.asked.choice, step.asked.by) == ("done", "approved", "Ada")


@pytest.mark.slow
async def test_a_patient_reader_hears_of_the_wait_once_and_of_all_that_follows(runtime, owner, people, asked):
    kinds: list[str] = []
    looked = asyncio.Event()

    async def read() -> None:
        async for event in runs.follow_run(runtime, owner, run=asked, patient=True):
            kinds.append(event["kind"])
            if event["kind"] == "quiet":
                looked.set()

    reading = asyncio.create_task(read())
    await asyncio.wait_for(looked.wait(), 10)
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    await inbox.answer_entry(runtime, people["ada"], entry=entry.id, choice="approved")
    await asyncio.wait_for(reading, 10)
    assert [each for each in kinds if each not in ("step.started", "run.started", "quiet")] == [
        "step.done", "step.waiting", "run.waiting", "step.answered", "step.done", "step.done", "run.ended",
    ]  # fmt: skip


@pytest.mark.slow
async def test_a_patient_reader_hears_that_a_waiting_run_was_stopped(runtime, owner, people, asked):
    async def read() -> list[str]:
        heard = [each["kind"] async for each in runs.follow_run(runtime, owner, run=asked, patient=True)]
        return [each for each in heard if each != "quiet"]

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.2)
    await runs.cancel_run(runtime, owner, run=asked)
    assert (await asyncio.wait_for(reading, 5))[-2:] == ["run.waiting", "run.ended"]


async def test_groups_come_first_among_those_who_may_be_asked(runtime, owner, people):
    found = await inbox.list_approvers(runtime, owner)
    assert [(each.name, each.group) for each in found] == [
        ("Procurement", True), ("Ada", False), ("Ben", False), ("Eve", False), ("Owner", False)]  # fmt: skip


async def test_what_an_interrupted_run_asks_is_for_who_started_it_and_nobody_else(runtime, owner, people, asked):
    question = {"title": "“Send” was interrupted", "text": "It may have happened.", "choices": [
        {"id": "again", "label": "Do it again", "chosen": ""},
        {"id": "stop", "label": "Stop the run", "chosen": "Run stopped"},
    ]}  # fmt: skip
    new = NewWait("wait_own", asked, 99, "send", "", OWN, json.dumps(question), "Send", 1.0, None, [owner.id], owner.id)
    await runtime.writer.write(lambda tx: open_wait(tx, new))
    assert [each.id for each in await inbox.list_inbox(runtime, people["ada"])] != ["wait_own"]
    [entry] = await inbox.list_inbox(runtime, owner)
    assert (entry.id, entry.run, [each.label for each in entry.choices]) == (
        "wait_own", asked, ["Do it again", "Stop the run"])  # fmt: skip
    with pytest.raises(NotFound):
        await inbox.answer_entry(runtime, people["ada"], entry="wait_own", choice="again")
    done = await inbox.answer_entry(runtime, owner, entry="wait_own", choice="stop")
    assert (done.decision, done.decided_by) == ("Run stopped", "Owner")


async def test_a_group_called_like_a_person_is_meant_and_an_address_tells_namesakes_apart(runtime, people):
    def look(tx):
        tx.exec_driver_sql(
            "INSERT INTO people_group (id, name, description, created) VALUES ('group_eve', 'Eve', '', 1.0)"
        )
        for number in (1, 2):
            insert_person(
                tx, person=f"max{number}", name="Max", roles={"member"}, now=1.0, email=f"max{number}@example.com"
            )
        return find_holders(tx, ["eve", "Max", "MAX2@example.com", "Nobody"])

    found, unclear = await runtime.writer.write(look)
    assert ([each.id for each in found], unclear) == (["group_eve", "max2"], ["Max", "Nobody"])


async def test_who_may_be_asked_is_listed_by_name_and_namesakes_by_their_groups(runtime, owner, people):
    def put(tx):
        for number in (1, 2):
            insert_person(
                tx, person=f"max{number}", name="Max", roles={"member"}, now=1.0, email=f"m{number}@example.com"
            )
        tx.exec_driver_sql("INSERT INTO group_member (group_id, person) SELECT id, 'max2' FROM people_group")

    await runtime.writer.write(put)
    found = await inbox.list_approvers(runtime, owner)
    assert [(each.name, each.label) for each in found if "Max" in each.label] == [
        ("max1", "Max"), ("max2", "Max · Procurement"),
    ]  # fmt: skip
    assert not [each for each in found if "@" in f"{each.name}{each.label}"]
    holders, unclear = await runtime.writer.write(lambda tx: find_holders(tx, ["max2"]))
    assert ([each.id for each in holders], unclear) == (["max2"], [])


async def test_a_disabled_person_decides_nothing(runtime, people, asked):
    [entry] = await inbox.list_inbox(runtime, people["ada"])
    await runtime.writer.write(lambda tx: tx.exec_driver_sql("UPDATE person SET disabled = 5.0 WHERE id = 'ada'"))
    with pytest.raises(NotAllowed):
        await inbox.answer_entry(runtime, people["ada"], entry=entry.id, choice="approved")
    assert (await inbox.read_entry(runtime, people["ben"], entry=entry.id)).status == "open"
