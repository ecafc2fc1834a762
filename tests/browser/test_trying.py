"""Trying out from the page of a run: from a step on, then both runs side by side."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

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
