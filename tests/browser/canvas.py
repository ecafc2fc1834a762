"""What a person does on the canvas, in their words."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def new_workflow(page: Page, origin: str, title: str) -> None:
    """From the first screen to an empty canvas."""
    page.goto(origin)
    page.get_by_role("button", name="New workflow").first.click()
    page.get_by_role("textbox", name="Name").fill(title)
    page.get_by_role("button", name="Create workflow").click()
    expect(page.get_by_role("application").first).to_be_visible()


def add(page: Page, words: str) -> None:
    """A step from the palette, found by typing."""
    page.get_by_role("button", name="Add step").click()
    page.get_by_role("combobox", name="Search the steps").fill(words)
    page.keyboard.press("Enter")


def step(page: Page, title: str) -> Locator:
    """A step's card in the editor: other pages have pictures of workflows."""
    return page.locator(".gc-root .react-flow__node", has_text=title).first


def connect(page: Page, source: Locator, target: Locator) -> None:
    """Drag from the exit of one step to the entry of another, both in sight."""
    page.get_by_role("button", name="Show everything").click()
    page.wait_for_timeout(600)  # the view glides there
    start, end = source.locator(".react-flow__handle.source").first, target.locator(".react-flow__handle.target").first
    start.hover()
    page.mouse.down()
    end.hover()
    end.hover()
    page.mouse.up()


def saved(page: Page) -> None:
    """Everything typed so far is kept."""
    expect(page.get_by_role("status").filter(has_text="Saved").first).to_be_visible()


def write(page: Page, field: str, before: str, value: str) -> None:
    """Text with a value picked from the list, all by keyboard."""
    page.get_by_role("textbox", name=field, exact=True).last.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(before + "{{")
    page.get_by_role("textbox", name="Search the values").fill(value)
    page.keyboard.press("Enter")
