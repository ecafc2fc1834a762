"""Notes on the canvas: written, moved, kept, and the same in two browsers."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.canvas import new_workflow, saved
from tests.browser.server import Server


def note(page: Page) -> Locator:
    return page.locator(".gc-root").get_by_role("note")


def place(page: Page) -> tuple[int, int]:
    """Where the note lies on the drawing, however the view stands."""
    here = "node => { const { e, f } = new DOMMatrix(getComputedStyle(node).transform); return [e, f]; }"
    left, top = page.locator(".gc-root .react-flow__node-note").evaluate(here)
    return round(left), round(top)


def test_a_note_is_written_moved_and_still_there_after_a_reload(
    server: Server, context: BrowserContext, page: Page
) -> None:
    new_workflow(page, server.origin, "Noted")
    page.get_by_role("application").first.focus()
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Text of the note")).to_be_focused()
    page.keyboard.type("Ask **Ada**\nbefore <img src=x onerror=alert(1)> changes")
    page.keyboard.press("Escape")
    expect(note(page).locator("strong")).to_have_text("Ada")
    assert note(page).locator("img").count() == 0, "what is written stays text"
    before = place(page)
    box = note(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 25)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + box["height"] + 55, steps=6)
    page.mouse.up()
    moved = place(page)
    assert moved[0] > before[0]
    assert moved[1] > before[1]
    saved(page)

    other = context.new_page()
    other.goto(page.url)
    expect(note(other)).to_contain_text("Ask Ada")
    assert place(other) == moved
    page.get_by_role("button", name="Blue").click()
    note(page).dblclick()
    page.keyboard.press("Control+End")
    page.keyboard.type(" – or Grace")
    expect(note(other)).to_contain_text("or Grace")
    expect(note(other)).to_have_class("gc-sticky gl-status gl-tone--blue ")
    other.close()

    page.keyboard.press("Escape")
    saved(page)
    page.reload()
    expect(note(page)).to_contain_text("– or Grace")
    assert place(page) == moved
    note(page).click()
    page.keyboard.press("Delete")
    expect(note(page)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(note(page)).to_contain_text("Ask Ada")
