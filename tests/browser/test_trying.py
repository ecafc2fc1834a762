"""Trying out: from the page of a run, then both runs side by side; and on the canvas."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.canvas import saved, step
from tests.browser.server import Server
from tests.browser.test_thin_line import greeting, run


def test_a_run_goes_on_from_a_step_and_both_are_compared(server: Server, page: Page) -> None:
    greeting(page, server, "Tried out")
    run(page, Name="Ada Lovelace")
    expect(page.get_by_role("region", name="Run").get_by_text("Succeeded")).to_be_visible()
    page.goto(f"{server.origin}/runs")
    page.get_by_role("link", name="Tried out").first.click()
    expect(page).to_have_url(re.compile("/runs/run_"))
    first = page.url
    page.get_by_role("button", name=re.compile("Join text")).first.click()
    page.get_by_role("button", name="Run from here").click()
    expect(page).not_to_have_url(first)
    expect(page.get_by_text("Succeeded").first).to_be_visible()
    page.get_by_role("button", name="Try this run out").click()
    page.get_by_role("menuitem", name="Compare with another run").click()
    expect(page).to_have_url(re.compile("/runs/compare"))
    page.get_by_label("Second run").select_option(first.rpartition("/")[2])
    expect(page.get_by_role("status").filter(has_text="steps are the same")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Ask a model")
    expect(row).to_contain_text("given left")
    row.get_by_role("button").click()
    expect(page.get_by_text("Ada Lovelace").first).to_be_visible()


def test_a_step_is_tried_and_pinned_on_the_canvas_by_mouse_and_keyboard(server: Server, page: Page) -> None:
    greeting(page, server, "Tried on the canvas")
    saved(page)
    title = step(page, "Join text").locator(".gc-step__title")
    title.click()
    panel = page.get_by_role("region", name="Step Join text")
    panel.get_by_role("tab", name="Last run").click()
    panel.get_by_role("button", name="Run from here").click()
    expect(panel.get_by_role("alert")).to_contain_text("There is no last run")
    panel.get_by_role("button", name="Run this step").click()
    expect(panel.get_by_role("alert")).to_contain_text("“Ask a model” hands on, and that is not known")

    run(page, Name="Ada Lovelace")
    expect(page.get_by_role("region", name="Run").get_by_text("Succeeded")).to_be_visible()
    title.click()
    expect(panel.get_by_text("To be sent").first).to_be_visible()
    panel.get_by_role("button", name="Pin this output").click()
    expect(step(page, "Join text").locator(".gc-pin")).to_be_visible()

    page.get_by_role("application").first.focus()
    page.keyboard.press("Shift+Enter")
    expect(step(page, "Ask a model").get_by_text("given")).to_be_visible()
    expect(step(page, "Finish").get_by_text("Skipped")).to_be_attached()
    expect(panel.get_by_text("To be sent").first).to_be_visible()

    run(page, Name="Grace Hopper")
    expect(page.get_by_role("region", name="Run").get_by_text("Ada Lovelace").first).to_be_visible()
    title.click()
    panel.get_by_role("button", name="Unpin").click()
    expect(step(page, "Join text").locator(".gc-pin")).to_have_count(0)
