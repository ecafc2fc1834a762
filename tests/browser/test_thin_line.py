"""The whole line as a newcomer walks it: sign in, draw, pick values, run, watch, and what survives a power cut."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.canvas import add, connect, new_workflow, saved, step, write
from tests.browser.server import Server
from tests.support.raw_socket import RawSocket, Refused


def describe_name(page: Page) -> None:
    """Let the start step ask for a name."""
    step(page, "Start").click()
    page.get_by_role("button", name="Add an input").click()
    page.get_by_role("textbox", name="Label of the input").fill("Name")


def run(page: Page, **inputs: str) -> None:
    """Fill the form made from the start step and run."""
    page.get_by_role("button", name="Run", exact=True).first.click()
    form = page.get_by_role("region", name="Run")
    for label, value in inputs.items():
        form.get_by_label(label, exact=False).first.fill(value)
    form.get_by_role("button", name="Run", exact=True).click()


def greeting(page: Page, server: Server, title: str) -> None:
    """Five steps: start, ask a model, join text, first available, finish."""
    new_workflow(page, server.origin, title)
    describe_name(page)
    add(page, "ask a model")
    page.get_by_role("button", name="Add a message").click()
    write(page, "Message", "Write a short greeting for ", "name")
    add(page, "join text")
    page.get_by_role("button", name="Add a text").click()
    write(page, "Text 1", "To be sent: ", "text")
    add(page, "first available")
    page.get_by_role("button", name="Add a value").click()
    write(page, "Value 1", "", "join")
    connect(page, step(page, "First available"), step(page, "Finish"))
    step(page, "Finish").click()
    page.get_by_role("button", name="Add a result").click()
    page.get_by_role("textbox", name="Label of the result").fill("Greeting")
    write(page, "Value", "", "first")


def test_a_newcomer_draws_five_steps_runs_them_and_sees_the_answer_come(server: Server, page: Page) -> None:
    greeting(page, server, "Greeting")
    saved(page)
    expect(page.get_by_role("button", name="No problems")).to_be_visible()
    run(page, Name="Ada Lovelace")
    shown = page.get_by_role("region", name="Run")
    expect(shown.get_by_text("Succeeded")).to_be_visible()
    expect(shown.get_by_text("To be sent:").first).to_be_visible()


def test_what_was_drawn_is_there_again_after_a_reload(server: Server, page: Page) -> None:
    new_workflow(page, server.origin, "Kept")
    add(page, "join text")
    saved(page)
    page.reload()
    expect(step(page, "Join text")).to_be_visible()


def test_edits_of_two_people_to_different_steps_both_survive(server: Server, context: BrowserContext) -> None:
    one, two = context.new_page(), context.new_page()
    new_workflow(one, server.origin, "Together")
    add(one, "join text")
    saved(one)
    two.goto(one.url)
    step(one, "Start").click()
    one.get_by_role("textbox", name="Title of the step").fill("Where it begins")
    step(two, "Join text").click()
    two.get_by_role("textbox", name="Title of the step").fill("Glue")
    for page in (one, two):
        expect(step(page, "Where it begins")).to_be_visible()
        expect(step(page, "Glue")).to_be_visible()


def told_of_a_conflict(*pages: Page) -> Page:
    """The page that is asked whose value is to stay."""
    for _ in range(300):
        for page in pages:
            if page.get_by_role("button", name="Keep yours").is_visible():
                return page
        pages[0].wait_for_timeout(100)
    raise AssertionError("nobody was told")


def test_of_two_people_in_one_field_the_second_is_told_and_keeps_the_text(
    server: Server, context: BrowserContext
) -> None:
    one, two = context.new_page(), context.new_page()
    new_workflow(one, server.origin, "Contested")
    saved(one)
    two.goto(one.url)
    for page in (one, two):
        step(page, "Start").click()
        expect(page.get_by_role("textbox", name="Title of the step")).to_be_visible()
    context.set_offline(True)  # neither hears of the other
    one.get_by_role("textbox", name="Title of the step").fill("From the first")
    two.get_by_role("textbox", name="Title of the step").fill("From the second")
    context.set_offline(False)
    loser = told_of_a_conflict(one, two)
    mine = "From the first" if loser is one else "From the second"
    expect(loser.get_by_text(mine).first).to_be_visible()
    loser.get_by_role("button", name="Keep yours").click()
    for page in (one, two):
        expect(step(page, mine)).to_be_visible()


def test_a_stranger_gets_the_sign_in_page_and_nothing_else(server: Server, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(server.origin)
    expect(page).to_have_url(f"{server.origin}/sign-in")
    page.close()
    for path in ("/editor/greeting", "/assets/", "/runs"):
        answer = httpx.get(server.origin + path)
        assert answer.status_code in (303, 401, 403, 404)
        assert "Workflows" not in answer.text


def lets_in(origin: str, **given: Any) -> bool:
    """Whether a client that speaks the socket's protocol by hand is let in."""

    async def knock() -> bool:
        try:
            socket = await RawSocket.open(origin, **given)
        except Refused:
            return False
        await socket.close()
        return True

    with ThreadPoolExecutor(1) as pool:  # the browser's own loop is running in this thread
        return pool.submit(lambda: asyncio.run(knock())).result()


def test_a_raw_socket_without_a_session_or_from_elsewhere_reaches_nothing(server: Server, signed_in: Path) -> None:
    cookies = {each["name"]: each["value"] for each in json.loads(signed_in.read_text())["cookies"]}
    session = cookies["__Host-greenlane"]
    assert lets_in(server.origin, cookie=session), "its own page is let in"
    assert not lets_in(server.origin, cookie=None)
    assert not lets_in(server.origin, cookie=session, headers={"Origin": "https://evil.example"})
    assert not lets_in(server.origin, cookie=session, headers={"Origin": ""})
    ours = {"origin": server.origin}
    assert httpx.post(f"{server.origin}/_upload", headers=ours, cookies=cookies).status_code == 404
    refused = httpx.get(f"{server.origin}/api/v1/workflows", cookies=cookies)
    assert refused.status_code == 401, "the API takes keys, never cookies"


def test_the_sign_in_link_works_once(server: Server, signed_in: object, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(server.link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("used already")).to_be_visible()
    page.close()


def test_a_run_goes_on_after_the_process_was_killed(server: Server, page: Page) -> None:
    greeting(page, server, "Survivor")
    saved(page)
    run(page, Name="Grace Hopper " * 60)
    expect(page.get_by_role("region", name="Run").get_by_role("button", name="Stop")).to_be_visible()
    server.kill()
    server.start()
    page.goto(f"{server.origin}/runs")
    page.get_by_role("row").filter(has_text="Survivor").get_by_role("link").first.click()  # a list shows what was
    expect(page.get_by_role("main").get_by_text("Succeeded").first).to_be_visible(timeout=30_000)
