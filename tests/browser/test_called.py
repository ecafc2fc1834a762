"""A workflow calls another: one looks into it on the canvas; its steps are read in the run, there and on its page."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.canvas import add, connect, new_workflow, saved, step, write
from tests.browser.server import Server
from tests.browser.test_thin_line import describe_name, run


def test_the_steps_of_a_called_workflow_are_read_where_they_were_called(server: Server, page: Page) -> None:
    new_workflow(page, server.origin, "Say hello")
    describe_name(page)
    add(page, "join text")
    page.get_by_role("button", name="Add a text").click()
    write(page, "Text 1", "Hello ", "name")
    connect(page, step(page, "Join text"), step(page, "Finish"))
    step(page, "Finish").click()
    page.get_by_role("button", name="Add a result").click()
    page.get_by_role("textbox", name="Label of the result").fill("Greeting")
    write(page, "Value", "", "join")
    saved(page)
    page.get_by_role("button", name="Versions").click()
    page.get_by_role("button", name="Save version").click()
    expect(page.get_by_text("1", exact=True).first).to_be_visible()

    new_workflow(page, server.origin, "Welcome")
    describe_name(page)
    add(page, "run a workflow")
    page.get_by_role("combobox", name="Workflow").select_option(label="Say hello (version 1)")
    write(page, "Value", "", "name")  # its inputs are there already
    connect(page, step(page, "Run a workflow"), step(page, "Finish"))
    saved(page)
    card = step(page, "Run a workflow")
    expect(card).to_contain_text("Runs “Say hello”")
    card.get_by_role("button", name="Look inside “Say hello”").click()
    inside = page.get_by_role("region", name="Say hello, version 1")
    expect(inside.get_by_text("Join text").first).to_be_visible()
    expect(inside.get_by_role("link", name="Open")).to_have_attribute("href", re.compile("/editor/say-hello"))
    page.keyboard.press("Escape")
    expect(inside).to_have_count(0)

    run(page, Name="Ada")
    shown = page.get_by_role("region", name="Run")
    expect(shown.get_by_text("Succeeded")).to_be_visible()
    shown.get_by_role("region", name="Steps of Say hello").get_by_role("button", name="Join text").click()
    expect(shown.get_by_text("Hello Ada").first).to_be_visible()
    shown.get_by_role("button", name="Whole run").click()
    expect(shown.get_by_role("region", name="Steps of Say hello")).to_be_visible()

    page.goto(f"{server.origin}/runs")
    page.get_by_role("link", name="Welcome").first.click()
    page.get_by_role("button", name=re.compile("Join text")).first.click()
    expect(page.get_by_text("Hello Ada").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Run a workflow")).first.click()
    expect(page.get_by_text("Calls Say hello, version 1")).to_be_visible()
    expect(page.get_by_role("link", name="Open", exact=True)).to_be_visible()
