"""Code as a person writes it: by keyboard, with a mistake that is marked on its line, and a result in the end."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.canvas import add, new_workflow, saved, step
from tests.browser.server import Server
from tests.browser.test_thin_line import run


def test_code_is_written_by_keyboard_its_mistake_is_marked_and_its_value_comes_out(server: Server, page: Page) -> None:
    new_workflow(page, server.origin, "Some code")
    add(page, "code")
    step(page, "Code").click()
    page.get_by_role("button", name="Add an input").click()
    page.get_by_role("textbox", name="Name", exact=True).last.fill("net")
    page.get_by_role("textbox", name="Value", exact=True).click()
    page.keyboard.type("100")
    page.get_by_role("button", name="Add an output").click()
    page.get_by_role("textbox", name="Name", exact=True).last.fill("gross")
    page.get_by_role("button", name="Write the beginning").click()
    code = page.get_by_role("textbox", name="Code", exact=True)
    expect(code).to_have_value('def main(net):\n    return {\n        "gross": "",\n    }\n')

    code.fill("")
    page.keyboard.type("def main(net):\nprint(net)\nreturn {'gross': nett}")
    expect(code).to_have_value("def main(net):\n    print(net)\n    return {'gross': nett}")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(code).not_to_be_focused()
    saved(page)

    run(page)
    page.get_by_role("button", name="Go to “Code”").click()
    wrong = page.locator(".gc-code__numbers li[data-wrong]")
    expect(wrong).to_have_count(1)
    expect(page.locator(".gc-code__wrong")).to_contain_text("Line 3: NameError: name 'nett' is not defined")
    code.fill("def main(net):\n    return {'gross': net + ' €'}")
    expect(wrong).to_have_count(0)
    saved(page)
    run(page)
    expect(page.get_by_text("Succeeded").first).to_be_visible()
    step(page, "Code").click()
    page.get_by_role("tab", name="Last run").click()
    expect(page.get_by_text("100 €").first).to_be_visible()
