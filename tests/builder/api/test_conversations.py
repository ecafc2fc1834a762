"""A program goes on with a conversation: it sends messages, lists what it has, and reads what was said."""

import asyncio

import pytest

from runtime.graph.writing import write
from runtime.operations.trying import adopt_file
from tests.builder.api.test_runs import events
from tests.runtime.operations.test_conversations import chat

RUNS = "/api/v1/workflows/helper/runs"


@pytest.fixture(autouse=True)
def _helper(runtime) -> None:
    asyncio.run(adopt_file(runtime, write(chat()).encode()))


def say(client, text: str, conversation: str | None, **fields):
    reply = client.post(RUNS, json={"inputs": {"message": text}, "conversation": conversation, **fields})
    assert reply.status_code in (200, 202), reply.text
    return reply


@pytest.mark.slow
def test_a_program_begins_a_conversation_and_goes_on(client, model):
    model.say("One.", "Two.", "Three.")
    first = say(client, "1", "new").json()
    talk = first["conversation"]
    assert first["outputs"] == {"answer": "One. (1, )"}
    streamed = events(say(client, "2", talk, mode="stream").text)
    assert streamed[0]["data"]["conversation"] == talk
    assert streamed[-1]["data"]["outputs"] == {"answer": "Two. (2, )"}
    assert "".join(each["data"]["text"] for each in streamed if each["event"] == "answer") == "Two. (2, )"
    queued = say(client, "3", talk, mode="queue").json()
    assert queued["conversation"] == talk
    client.get(f"/api/v1/runs/{queued['run_id']}", headers={"Accept": "text/event-stream"})
    assert client.get(f"/api/v1/runs/{queued['run_id']}").json()["conversation"] == talk
    (card,) = client.get("/api/v1/conversations", params={"workflow": "helper"}).json()
    assert (card["id"], card["title"], card["going"]) == (talk, "1", False)
    read = client.get(f"/api/v1/conversations/{talk}", params={"limit": 2}).json()
    assert [each["answer"] for each in read["messages"]] == ["Two. (2, )", "Three. (3, )"]
    assert read["more"] is True


def test_without_a_conversation_it_is_a_message_on_its_own(client):
    assert "conversation" not in say(client, "1", None).json()
    assert client.get("/api/v1/conversations").json() == []


def test_it_is_renamed_and_deleted(client):
    talk = say(client, "1", "new").json()["conversation"]
    place = f"/api/v1/conversations/{talk}"
    assert client.patch(place, json={"title": "Days"}).status_code == 204
    assert client.get(place).json()["card"]["title"] == "Days"
    assert client.patch(place, json={"title": ""}).status_code == 422
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404
    reply = client.post(RUNS, json={"inputs": {"message": "2"}, "conversation": talk})
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_found")
