"""A chat in a real browser: messages with Enter, a file beside one, what was said before, another conversation."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Page, expect

from builder.screens.app_chat import PAGE
from runtime.assembly import assemble
from runtime.graph.document import Document
from runtime.graph.writing import write
from runtime.operations.actors import Actor
from runtime.operations.apps import start_app_run
from runtime.operations.conversations import NEW
from runtime.operations.people import local_owner
from runtime.settings import Settings
from runtime.store import people
from tests.browser.server import Server
from tests.runtime.operations.test_conversations import chat, ended
from tests.support.publishing import person, published


def helper() -> Document:
    """Greets, suggests, answers with what the model says and the number of the message."""
    document = chat()
    start = document.meaning.steps["start"]
    greeting = {"opening": "I help with **trips**.", "suggestions": ["What can you do?"]}
    step = start.model_copy(update={"settings": start.settings | greeting})
    meaning = document.meaning.model_copy(update={"steps": document.meaning.steps | {"start": step}})
    return document.model_copy(update={"meaning": meaning})


PATIENT = b"""
greenlane: 1
name: patient
words: {title: Patient}
meaning:
  steps:
    start: {type: flow.start, settings: {kind: chat}}
    way: {type: flow.branch, settings: {cases: [{id: slow, conditions: [
      {left: "{{ start.message }}", operator: contains, right: wait}]}]}}
    wait: {type: flow.wait, settings: {amount: 1, unit: hours}}
    answer: {type: flow.answer, settings: {text: "| You | said |\\n|---|---|\\n| it | {{ start.message }} |"}}
  edges: [{from: start, to: way}, {from: way.slow, to: wait}, {from: way.else, to: answer}]
"""


IT = "p_it"
"""who decides, in the rows of `published`"""


async def _publish(server: Server, source: bytes) -> str:
    runtime = assemble(Settings(data=server.data, demo_model=False), sweeps=False)
    try:
        known = runtime.reader.now(lambda tx: people.find_person(tx, IT))
        roles = frozenset({"reviewer"})
        it = Actor(IT, IT, roles, proved=runtime.clock.now()) if known else await person(runtime, IT, *roles)
        return await published(runtime, it, await local_owner(runtime), source=source)
    finally:
        runtime.close()


def test_a_person_chats_with_an_app(server: Server, page: Page):
    with ThreadPoolExecutor(1) as aside:  # the browser has a loop of its own in this thread
        app = aside.submit(asyncio.run, _publish(server, write(helper()).encode())).result()
    page.goto(f"{server.origin}/apps/{app}")
    expect(page.get_by_text("I help with trips.")).to_be_visible()
    page.get_by_role("button", name="What can you do?").click()
    room = page.get_by_role("log")
    expect(room.get_by_text("(1, )")).to_be_visible()

    box = page.get_by_role("textbox", name="Write a message")
    box.fill("The meeting is on Monday.")
    box.press("Shift+Enter")
    box.type("It begins at ten.")
    expect(box).to_have_value("The meeting is on Monday.\nIt begins at ten.")
    page.get_by_label("Files of the message").set_input_files(
        {"name": "agenda.txt", "mimeType": "text/plain", "buffer": b"ten o'clock"}
    )
    expect(page.get_by_text("11 bytes")).to_be_visible()
    box.press("Enter")
    expect(box).to_have_value("")
    box.fill("And who comes?")
    box.press("Enter")
    expect(room.get_by_text("(3, )")).to_be_visible()
    expect(room.get_by_text("agenda.txt")).to_be_visible()
    expect(room.get_by_role("link", name="How it went")).to_have_count(3)

    page.get_by_role("button", name="New conversation").click()
    expect(room.get_by_role("article")).to_have_count(0)
    box.fill("Another matter")
    box.press("Enter")
    expect(room.get_by_text("(1, )")).to_be_visible()

    talks = page.get_by_role("navigation", name="Conversations")
    expect(talks.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("button", name="Actions for Another matter").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Title").fill("Matters")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    page.get_by_role("button", name="Actions for Matters").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(talks.get_by_role("listitem")).to_have_count(1)
    talks.get_by_role("button", name="What can you do?").first.click()
    expect(room.get_by_text("It begins at ten.").first).to_be_visible()

    page.reload()
    expect(room.get_by_text("(3, )")).to_be_visible()
    room.get_by_role("link", name="How it went").last.click()
    expect(page.get_by_role("button", name="Ask a model")).to_be_visible()
    page.go_back()
    expect(room.get_by_text("(3, )")).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    expect(room.get_by_role("article")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="What can you do?").first).to_be_visible()
    expect(room.get_by_text("(3, )")).to_have_count(0)


async def _talk(server: Server, app: str, messages: int) -> str:
    runtime = assemble(Settings(data=server.data, demo_model=False), sweeps=False)
    try:
        owner, conversation = await local_owner(runtime), NEW
        for number in range(1, messages + 1):
            said = {"message": f"number {number}"}
            started = await start_app_run(runtime, owner, app=app, inputs=said, conversation=conversation)
            await ended(runtime, owner, started.run)
            conversation = started.conversation
        return conversation
    finally:
        runtime.close()


def test_older_messages_come_page_by_page_and_what_is_read_stays_where_it_is(server: Server, page: Page):
    with ThreadPoolExecutor(1) as aside:
        app = aside.submit(asyncio.run, _publish(server, PATIENT)).result()
        conversation = aside.submit(asyncio.run, _talk(server, app, 2 * PAGE + 1)).result()
    page.goto(f"{server.origin}/apps/{app}?conversation={conversation}")
    room = page.get_by_role("log")
    expect(room.get_by_role("article")).to_have_count(PAGE)
    oldest = room.get_by_text(f"number {PAGE + 2}", exact=True).first
    page.mouse.wheel(0, -100_000)
    expect(oldest).to_be_in_viewport()
    was = (oldest.bounding_box() or {})["y"]
    room.get_by_role("button", name="Show earlier messages").click()
    expect(room.get_by_role("article")).to_have_count(2 * PAGE)
    expect(oldest).to_be_in_viewport()
    assert abs((oldest.bounding_box() or {})["y"] - was) < 60, "it stays where it was read"
    room.get_by_role("button", name="Show earlier messages").click()
    expect(room.get_by_role("article")).to_have_count(2 * PAGE + 1)
    expect(room.get_by_role("button", name="Show earlier messages")).to_have_count(0)


def test_what_was_stopped_is_tried_again_and_whatever_waited_behind_it_has_its_turn(server: Server, page: Page):
    with ThreadPoolExecutor(1) as aside:
        app = aside.submit(asyncio.run, _publish(server, PATIENT)).result()
    page.goto(f"{server.origin}/apps/{app}")
    box, room = page.get_by_role("textbox", name="Write a message"), page.get_by_role("log")
    for words in ("please wait", "and then this"):
        box.fill(words)
        box.press("Enter")
        expect(box).to_have_value("")
    expect(room.get_by_text("Waits for the message before.")).to_be_visible()
    room.get_by_role("button", name="Stop").click()
    expect(room.get_by_text("Stopped")).to_be_visible()
    expect(room.get_by_role("cell", name="and then this")).to_be_visible()

    expect(room.get_by_role("button", name="Try again")).to_have_count(0)  # only the newest may be
    box.fill("wait once more")
    box.press("Enter")
    room.get_by_role("button", name="Stop").click()
    room.get_by_role("button", name="Try again").click()
    expect(room.get_by_role("button", name="Stop")).to_be_visible()
    expect(room.get_by_text("wait once more")).to_have_count(2)
    room.get_by_role("button", name="Stop").click()
    expect(room.get_by_text("Stopped")).to_have_count(3)
