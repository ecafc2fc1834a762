"""A for-each with a step inside: drawn by mouse and keyboard, run, and read item by item."""

from __future__ import annotations

import json

from playwright.sync_api import Locator, Page, expect

from tests.browser.canvas import add, new_workflow, saved, step, write
from tests.browser.server import Server


def frame(page: Page, title: str) -> Locator:
    return page.locator(".gc-root .react-flow__node-container", has_text=title).first


def inside(page: Page, step_: Locator, container: Locator) -> bool:
    """Whether a step lies within the frame, as one sees it."""
    page.wait_for_timeout(300)
    inner, outer = step_.bounding_box(), container.bounding_box()
    assert inner is not None
    assert outer is not None
    beside = outer["x"] < inner["x"] < outer["x"] + outer["width"]
    return beside and outer["y"] < inner["y"] < outer["y"] + outer["height"]


def drag(page: Page, what: Locator, to: tuple[float, float]) -> None:
    box = what.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.mouse.move(*to, steps=8)
    page.mouse.up()


def test_a_for_each_is_drawn_by_mouse_and_keyboard_run_and_read_item_by_item(server: Server, page: Page) -> None:
    new_workflow(page, server.origin, "All names")
    step(page, "Start").click()
    page.get_by_role("button", name="Add an input").click()
    page.get_by_role("textbox", name="Label of the input").fill("Names")
    page.get_by_role("combobox", name="Kind").first.select_option("list")
    add(page, "for each")
    everyone = frame(page, "For each")
    write(page, "List", "", "names")

    page.get_by_role("application").first.focus()
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search the steps").fill("join text")
    page.keyboard.press("Enter")
    greet = step(page, "Join text")
    assert inside(page, greet, everyone), "the keyboard puts a step into the chosen container"
    page.get_by_role("button", name="Add a text").click()
    write(page, "Text 1", "Dear ", "item")

    page.get_by_role("button", name="Show everything").click()
    page.wait_for_timeout(600)
    around = everyone.bounding_box()
    assert around is not None
    drag(page, greet, (around["x"] + 60, around["y"] + around["height"] + 120))
    expect(page.get_by_role("button", name="Add a step inside")).to_be_visible()
    assert not inside(page, greet, everyone), "the mouse takes it out"
    page.get_by_role("application").first.focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Add a step inside", exact=True)).to_have_count(0)
    assert inside(page, greet, everyone), "one undo puts it back"

    everyone.locator(".gc-step__title").first.click()
    write(page, "Result of an item", "", "join")
    step(page, "Finish").click()
    page.get_by_role("button", name="Add a result").click()
    page.get_by_role("textbox", name="Label of the result").fill("Letters")
    write(page, "Value", "", "results")
    saved(page)
    expect(page.get_by_role("button", name="No problems")).to_be_visible()

    page.get_by_role("button", name="Run", exact=True).first.click()
    form = page.get_by_role("region", name="Run")
    form.get_by_label("Names", exact=False).first.fill("Ada\nGrace\nEdsger")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_text("Succeeded")).to_be_visible()
    expect(form.get_by_text("Dear Edsger").first).to_be_visible()
    expect(everyone.get_by_text("3 done")).to_be_visible()

    everyone.locator(".gc-step__title").first.click()
    items = page.get_by_role("region", name="Items")
    expect(items.get_by_role("listitem")).to_have_count(3)
    items.get_by_role("button", name="Item 2").click()
    page.get_by_role("region", name="Item 2").get_by_role("button", name="Join text").click()
    expect(page.get_by_role("region", name="Step Join text").get_by_text("Dear Grace").first).to_be_visible()

    page.goto(f"{server.origin}/runs")
    page.get_by_role("link", name="All names").first.click()
    page.get_by_role("button", name="For each").first.click()
    shown = page.get_by_role("region", name="Items")
    shown.get_by_role("button", name="Item 3").click()
    expect(shown.get_by_text("Dear Edsger").first).to_be_visible()


def test_a_workflow_file_dropped_on_the_page_opens_with_what_became_of_its_steps(server: Server, page: Page) -> None:
    page.goto(server.origin)
    expect(page.get_by_role("button", name="Import")).to_be_visible()
    drop(page, "broken.yml", "hello: world")
    expect(page.get_by_role("alert")).to_contain_text("no workflow")
    tool = {"type": "tool", "title": "Stock price", "provider_id": "x", "tool_name": "price", "tool_parameters": {}}
    wordless = {"type": "template-transform", "template": "Hello", "variables": []}
    nodes = [{"id": "1", "data": {"type": "start", "variables": []}}, {"id": "2", "data": tool},
             {"id": "3", "data": wordless}]  # fmt: skip
    edges = [{"id": "a", "source": "1", "target": "2"}, {"id": "b", "source": "2", "target": "3"}]
    graph = {"graph": {"nodes": nodes, "edges": edges}}
    theirs = {"kind": "app", "version": "0.3.0", "app": {"mode": "workflow", "name": "Their app"}, "workflow": graph}
    drop(page, "app.yml", json.dumps(theirs))
    report = page.get_by_role("region", name="Import report")
    expect(report).to_contain_text("1 has no counterpart and keeps its place")
    report.get_by_role("button", name="Stock price").click()
    expect(page.get_by_role("region", name="Step Stock price")).to_be_visible()
    step(page, "Template").click()
    expect(page.get_by_text("When it fails")).to_be_visible()  # a step without words of its own


def drop(page: Page, name: str, text: str) -> None:
    """Let a file fall on the page, as the browser tells of it."""
    page.evaluate(
        """([name, text]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], name));
            const told = { dataTransfer: carried, bubbles: true, cancelable: true };
            const kinds = ["dragenter", "dragover", "drop"];
            for (const kind of kinds) document.body.dispatchEvent(new DragEvent(kind, told));
        }""",
        [name, text],
    )
