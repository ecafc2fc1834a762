"""A conversation belongs to one person and one place; its messages are answered in turn, and it remembers."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from runtime.errors import BadInput, Conflict, NotFound, NotSignedIn
from runtime.graph.document import Document, Edge, Meaning, Step, Variable, Words
from runtime.graph.writing import write
from runtime.operations import apps, conversations, erasing, runs, traces, workflows
from runtime.operations.actors import Actor
from runtime.operations.conversations import NEW
from runtime.operations.runtime import Runtime
from runtime.operations.trying import adopt_file, pins_of
from runtime.store.audit import list_audit
from runtime.store.rights import give_right, thing_id
from tests.runtime.operations.flows import summary
from tests.support.model_server import ModelServer, Turn
from tests.support.publishing import person, published
from tests.support.reviewing import somebody


def chat(**ask: Any) -> Document:
    """Counts the messages, asks a model that remembers, and answers."""
    settings = {"messages": [{"role": "user", "text": "{{ start.message }}"}], "memory": "window"} | ask
    return Document(
        name="helper",
        words=Words(title="Helper"),
        meaning=Meaning(
            steps={
                "start": Step(type="flow.start", settings={
                    "kind": "chat",
                    "inputs": [
                        {"name": "city", "required": False},
                        {"name": "papers", "kind": "files", "required": False},
                    ],
                }),
                "count": Step(type="flow.set_value", version=2, settings={
                    "changes": [{"variable": "conversation.count", "operation": "add", "value": 1}]
                }),
                "ask": Step(type="ai.ask_model", settings=settings),
                "answer": Step(type="flow.answer", settings={
                    "text": "{{ ask.text }} ({{ conversation.count }}, {{ start.city }})"
                }),
            },
            edges=tuple(Edge.between(*each) for each in (("start", "count"), ("count", "ask"), ("ask", "answer"))),
            conversation={"count": Variable(kind="number", start=0)},
        ),
    )  # fmt: skip


@pytest.fixture
async def helper(runtime) -> str:
    _, name = await adopt_file(runtime, write(chat()).encode())
    return name


def say(runtime: Runtime, actor: Actor, name: str, message: str, conversation: str, **options: Any):
    inputs = {"message": message} | options.pop("inputs", {})
    return runs.start_run(runtime, actor, workflow=name, inputs=inputs, conversation=conversation, **options)


async def ended(runtime: Runtime, actor: Actor, run: str) -> Mapping[str, Any]:
    async with asyncio.timeout(10):
        async for event in runs.follow_run(runtime, actor, run=run):
            if event["kind"] == "run.ended":
                return event
    raise AssertionError("it ends")


async def answers(runtime: Runtime, actor: Actor, conversation: str) -> list[str]:
    view = await conversations.read_conversation(runtime, actor, conversation=conversation)
    return [each.answer for each in view.messages]


async def test_a_conversation_remembers_what_was_said_and_its_variables(runtime, owner, helper, model: ModelServer):
    model.say("Hello Ada.", "Ada.", "Bye.")
    first = await say(runtime, owner, helper, "I am Ada.", NEW, inputs={"city": "Rome"})
    assert first.conversation.startswith("conv_")
    assert (await ended(runtime, owner, first.run))["outputs"] == {"answer": "Hello Ada. (1, Rome)"}
    second = await say(runtime, owner, helper, "Who am I?", first.conversation)
    assert second.conversation == first.conversation
    assert (await ended(runtime, owner, second.run))["outputs"] == {"answer": "Ada. (2, Rome)"}
    third = await say(runtime, owner, helper, "Thanks.", first.conversation, inputs={"city": "Oslo"})
    assert (await ended(runtime, owner, third.run))["outputs"] == {"answer": "Bye. (3, Oslo)"}
    texts = [each["content"] for each in model.calls[2].body["messages"]]
    assert texts == ["I am Ada.", "Hello Ada. (1, Rome)", "Who am I?", "Ada. (2, Rome)", "Thanks."]
    view = await conversations.read_conversation(runtime, owner, conversation=first.conversation)
    assert [(each.number, each.message, each.status) for each in view.messages] == [
        (1, "I am Ada.", "succeeded"), (2, "Who am I?", "succeeded"), (3, "Thanks.", "succeeded"),
    ]  # fmt: skip
    assert (view.card.title, view.card.going, view.more) == ("I am Ada.", False, False)


async def test_another_conversation_knows_nothing_of_it(runtime, owner, helper, model):
    for _ in range(2):
        model.say("Hi.")
        told = await say(runtime, owner, helper, "Hello", NEW)
        assert (await ended(runtime, owner, told.run))["outputs"] == {"answer": "Hi. (1, )"}
    model.say("Hi.")
    alone = await runs.run_to_end(runtime, owner, workflow=helper, inputs={"message": "Hello"})
    assert alone.outputs == {"answer": "Hi. (1, )"}
    assert len(await conversations.list_conversations(runtime, owner, workflow=helper)) == 2


@pytest.mark.slow
async def test_a_second_message_waits_for_the_first_and_finds_what_it_left(runtime, owner, helper, model):
    model.say(Turn("One.", delay_s=0.3), "Two.", "Three.")
    first = await say(runtime, owner, helper, "1", NEW)
    rest = [await say(runtime, owner, helper, text, first.conversation) for text in ("2", "3")]
    view = await conversations.read_conversation(runtime, owner, conversation=first.conversation)
    assert [each.behind for each in view.messages] == [False, True, True]
    assert view.card.going
    for each in rest:
        await ended(runtime, owner, each.run)
    assert await answers(runtime, owner, first.conversation) == ["One. (1, )", "Two. (2, )", "Three. (3, )"]


async def test_thirty_messages_at_once_are_answered_in_order_and_each_counts_once(runtime, owner, helper, model):
    first = await say(runtime, owner, helper, "0", NEW)
    sent = [say(runtime, owner, helper, str(number), first.conversation) for number in range(1, 30)]
    for each in await asyncio.gather(*sent):
        await ended(runtime, owner, each.run)
    found = await answers(runtime, owner, first.conversation)
    assert [each.rpartition("(")[2] for each in found] == [f"{number}, )" for number in range(1, 31)]


@pytest.mark.slow
async def test_a_message_that_fails_or_is_stopped_leaves_the_variables_as_they_were(runtime, owner, helper, model):
    model.say("One.", Turn(status=400), Turn("slow", delay_s=60), "Four.")
    first = await say(runtime, owner, helper, "1", NEW)
    failed = await say(runtime, owner, helper, "2", first.conversation)
    assert (await ended(runtime, owner, failed.run))["status"] == "failed"
    stopped = await say(runtime, owner, helper, "3", first.conversation)
    last = await say(runtime, owner, helper, "4", first.conversation)
    await asyncio.to_thread(model.wait_until, lambda server: len(server.calls) > 2)
    await runs.cancel_run(runtime, owner, run=stopped.run)
    assert (await ended(runtime, owner, last.run))["outputs"] == {"answer": "Four. (2, )"}
    said = [each["content"] for each in model.calls[-1].body["messages"]]
    assert said == ["1", "One. (1, )", "4"]


async def test_a_key_that_was_used_is_the_same_message(runtime, owner, helper):
    first = await say(runtime, owner, helper, "1", NEW, key="k")
    again = await say(runtime, owner, helper, "1", NEW, key="k")
    assert (again.run, again.again, again.conversation) == (first.run, True, first.conversation)
    assert len(await conversations.list_conversations(runtime, owner)) == 1


@pytest.mark.slow
async def test_with_pins_a_message_is_answered_here_or_refused(runtime, owner, helper, model):
    pins = pins_of({"ask": {"outputs": {"text": "pinned"}, "delay_s": 0.3}})
    first = await say(runtime, owner, helper, "1", NEW, pins=pins)
    with pytest.raises(Conflict, match="being answered"):
        await say(runtime, owner, helper, "2", first.conversation, pins=pins)
    assert (await ended(runtime, owner, first.run))["outputs"] == {"answer": "pinned (1, )"}
    again = await runs.run_to_end(
        runtime, owner, workflow=helper, inputs={"message": "2"}, conversation=first.conversation, pins=pins
    )
    assert again.outputs == {"answer": "pinned (2, )"}


async def test_a_conversation_of_somebody_else_is_as_if_it_were_not_there(runtime, owner, helper):
    first = await say(runtime, owner, helper, "1", NEW)
    await ended(runtime, owner, first.run)
    ben = await somebody(runtime, "Ben", "analyst", "auditor", "owner")
    told = set[str]()
    for name in (first.conversation, "conv_made_up"):
        for ask in (
            conversations.read_conversation(runtime, ben, conversation=name),
            conversations.rename_conversation(runtime, ben, conversation=name, title="Mine"),
            conversations.remove_conversation(runtime, ben, conversation=name),
        ):
            with pytest.raises(NotFound) as refusal:
                await ask
            told.add(refusal.value.sentence.replace(name, "ID"))
    assert told == {"There is no conversation ID."}
    assert await conversations.list_conversations(runtime, ben) == []
    whys = {row.reason for row in runtime.reader.now(list_audit) if row.outcome == "refused"}
    assert f"hidden: There is no conversation {first.conversation}." in whys
    assert (await traces.read_run(runtime, ben, run=first.run)).chat, "of its runs auditors see what they see of all"


async def test_who_may_run_it_does_not_go_on_with_the_conversation_of_somebody_else(runtime):
    it, ada, ben = [
        await person(runtime, *each) for each in (("p_it", "reviewer"), ("p_a", "member"), ("p_b", "member"))
    ]
    app = await published(runtime, it, ada, source=write(chat()).encode())
    await runtime.writer.write(lambda tx: give_right(tx, thing_id(tx, "app", app) or "", ben.id, "run"))
    first = await apps.start_app_run(runtime, ada, app=app, inputs={"message": "1"}, conversation=NEW)
    with pytest.raises(NotFound, match="no conversation"):
        await apps.start_app_run(runtime, ben, app=app, inputs={"message": "2"}, conversation=first.conversation)
    (card,) = await conversations.list_conversations(runtime, ada, app=app)
    assert card.id == first.conversation
    assert await conversations.list_conversations(runtime, ben, app=app) == []


async def test_it_stays_where_it_began(runtime, owner, helper):
    first = await say(runtime, owner, helper, "1", NEW)
    _, other = await adopt_file(runtime, write(chat()).encode())
    with pytest.raises(BadInput, match="something else"):
        await say(runtime, owner, other, "2", first.conversation)
    _, form = await adopt_file(runtime, write(summary()).encode())
    with pytest.raises(BadInput, match="does not begin with a chat message"):
        await runs.start_run(runtime, owner, workflow=form, inputs={"text": "a"}, conversation=NEW)
    assert await conversations.list_conversations(runtime, owner, app="none") == []
    assert await conversations.list_conversations(runtime, owner, workflow="none") == []


@pytest.mark.slow
async def test_it_is_renamed_and_removed_and_its_runs_stay(runtime, owner, helper, model):
    model.say(Turn("One.", delay_s=0.2))
    first = await say(runtime, owner, helper, "  What a\nlong " + "day " * 50, NEW)
    talk = first.conversation
    with pytest.raises(Conflict, match="being answered"):
        await conversations.remove_conversation(runtime, owner, conversation=talk)
    await ended(runtime, owner, first.run)
    (card,) = await conversations.list_conversations(runtime, owner)
    assert (card.title[:15], card.title[-1], len(card.title) <= 100) == ("What a long day", "…", True)
    await conversations.rename_conversation(runtime, owner, conversation=talk, title=" Days ")
    assert [each.title for each in await conversations.list_conversations(runtime, owner)] == ["Days"]
    for bad in ("", " ", "x" * 101):
        with pytest.raises(BadInput):
            await conversations.rename_conversation(runtime, owner, conversation=talk, title=bad)
    await conversations.remove_conversation(runtime, owner, conversation=talk)
    assert await conversations.list_conversations(runtime, owner) == []
    assert (await traces.read_run(runtime, owner, run=first.run)).outputs is not None
    with pytest.raises(NotFound):
        await say(runtime, owner, helper, "2", talk)


async def test_what_was_removed_of_a_run_the_conversation_knows_no_more(runtime, owner, helper, model):
    model.say("One.", "Two.", "Three.")
    first = await say(runtime, owner, helper, "the canary sings", NEW)
    await ended(runtime, owner, first.run)
    second = await say(runtime, owner, helper, "2", first.conversation)
    await ended(runtime, owner, second.run)
    await erasing.erase_run(runtime, owner, run=first.run)
    (card,) = await conversations.list_conversations(runtime, owner)
    assert card.title == ""
    view = await conversations.read_conversation(runtime, owner, conversation=first.conversation)
    assert (view.messages[0].message, view.messages[0].answer, view.messages[0].erased is None) == ("", "", False)
    third = await say(runtime, owner, helper, "3", first.conversation)
    assert (await ended(runtime, owner, third.run))["outputs"] == {"answer": "Three. (1, )"}, "the counter began anew"
    assert "canary" not in str(model.calls[-1].body)
    assert "Two. (2, )" in str(model.calls[-1].body)


async def test_older_messages_are_read_page_by_page(runtime, owner, helper):
    first = await say(runtime, owner, helper, "1", NEW)
    for number in (2, 3):
        last = await say(runtime, owner, helper, str(number), first.conversation)
    await ended(runtime, owner, last.run)
    talk = first.conversation
    newest = await conversations.read_conversation(runtime, owner, conversation=talk, limit=2)
    assert ([each.number for each in newest.messages], newest.more) == ([2, 3], True)
    older = await conversations.read_conversation(runtime, owner, conversation=talk, limit=2, before=2)
    assert ([each.number for each in older.messages], older.more) == ([1], False)


async def test_with_a_deleted_workflow_go_the_conversations_in_which_it_was_tried(runtime, owner, helper):
    first = await say(runtime, owner, helper, "1", NEW)
    await ended(runtime, owner, first.run)
    await workflows.remove_workflow(runtime, owner, name=helper)
    assert await conversations.list_conversations(runtime, owner) == []


async def test_what_a_step_saw_of_the_conversation_is_told_by_the_log_alone(runtime, owner, helper):
    first = await say(runtime, owner, helper, "1", NEW)
    await ended(runtime, owner, first.run)
    second = await say(runtime, owner, helper, "2", first.conversation)
    await ended(runtime, owner, second.run)
    seen = await traces.inspect_step(runtime, owner, run=second.run, step="answer")
    assert seen["input"]["text"].endswith("(2, )")


async def test_older_messages_are_summarised_once_and_the_summary_is_kept(runtime, owner, model):
    _, name = await adopt_file(runtime, write(chat(memory="summary", memory_turns=1)).encode())
    model.say("One.", "Two.", "Three.", "They count.", "Four.", "Five.")
    first = await say(runtime, owner, name, "1", NEW)
    for number in (2, 3, 4, 5):
        last = await say(runtime, owner, name, str(number), first.conversation)
    assert (await ended(runtime, owner, last.run))["outputs"] == {"answer": "Five. (5, )"}
    told = [[each["content"] for each in call.body["messages"]] for call in model.calls]
    assert len(told) == 6, "five answers and one summary"
    assert "User: 2\nAssistant: Two. (2, )" in told[3][1]
    assert told[4] == ["Summary of the conversation so far:\nThey count.", "3", "Three. (3, )", "4"]
    assert told[5] == [told[4][0], "3", "Three. (3, )", "4", "Four. (4, )", "5"]


async def test_with_the_key_of_an_app_one_goes_on_with_its_conversations_and_no_others(runtime):
    it, ada = await person(runtime, "p_it", "reviewer"), await person(runtime, "p_a", "member")
    app = await published(runtime, it, ada, source=write(chat()).encode())
    named = runtime.reader.now(lambda tx: thing_id(tx, "app", app)) or ""
    program = Actor(named, "Greeter", via="key", app=named)
    hers = await apps.start_app_run(runtime, ada, app=app, inputs={"message": "1"}, conversation=NEW)
    first = await apps.run_app_to_end(runtime, program, app=app, inputs={"message": "1"}, conversation=NEW)
    again = await apps.run_app_to_end(
        runtime, program, app=app, inputs={"message": "2"}, conversation=first.conversation
    )
    assert str((again.outputs or {})["answer"]).endswith("(2, )")
    assert [each.id for each in await conversations.list_conversations(runtime, program)] == [first.conversation]
    with pytest.raises(NotFound):
        await conversations.read_conversation(runtime, program, conversation=hers.conversation)


async def test_whether_it_chats_is_told_to_who_may_run_it(runtime, owner, helper):
    assert await runs.chats(runtime, owner, workflow=helper)
    _, form = await adopt_file(runtime, write(summary()).encode())
    assert not await runs.chats(runtime, owner, workflow=form)
    with pytest.raises(NotFound):
        await runs.chats(runtime, await somebody(runtime, "Ben", "analyst"), workflow=helper)


async def test_nobody_has_conversations(runtime):
    for ask in (
        conversations.list_conversations(runtime, None),
        conversations.read_conversation(runtime, None, conversation="conv_1"),
        conversations.rename_conversation(runtime, None, conversation="conv_1", title="Mine"),
        conversations.remove_conversation(runtime, None, conversation="conv_1"),
    ):
        with pytest.raises(NotSignedIn):
            await ask
