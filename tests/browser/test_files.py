"""A file in a real browser: asked for, brought, read, looked into, saved, and gone when the run's data is removed."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.canvas import add, connect, new_workflow, saved, step, write
from tests.browser.server import Server

PAGE = b"<!doctype html><script>document.title = 'taken over'</script><h1>Twenty Euro</h1>"


def test_a_file_is_brought_read_looked_into_and_removed_with_its_run(server: Server, page: Page, tmp_path: Path):
    invoice = tmp_path / "invoice.png"
    invoice.write_bytes(PAGE)
    new_workflow(page, server.origin, "Reading a file")
    step(page, "Start").click()
    page.get_by_role("button", name="Add an input").click()
    page.get_by_role("textbox", name="Label of the input").fill("Invoice")
    page.get_by_role("combobox", name="Kind", exact=True).select_option(label="File")
    add(page, "read a file")
    write(page, "File", "", "invoice")
    connect(page, step(page, "Read a file"), step(page, "Finish"))
    step(page, "Finish").click()
    page.get_by_role("button", name="Add a result").click()
    page.get_by_role("textbox", name="Label of the result").fill("Words")
    write(page, "Value", "", "text")
    page.get_by_role("button", name="Add a result").click()
    page.get_by_role("textbox", name="Label of the result").last.fill("Paper")
    write(page, "Value", "", "invoice")
    saved(page)

    page.get_by_role("button", name="Run", exact=True).first.click()
    form = page.get_by_role("region", name="Run")
    form.locator("input[type=file]").set_input_files(invoice)
    expect(form.get_by_text("HTML")).to_be_visible()
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_text("Succeeded")).to_be_visible()
    expect(form.get_by_text("Twenty Euro").first).to_be_visible()
    form.get_by_role("button", name="Preview").click()
    expect(form.get_by_role("group", name="Text of invoice.png")).to_contain_text("Twenty Euro")
    with page.expect_download() as fetched:
        form.get_by_role("link", name="Download invoice.png").click()
    assert Path(fetched.value.path()).read_bytes() == PAGE
    assert fetched.value.suggested_filename == "invoice.png"
    address = form.get_by_role("link", name="Download invoice.png").get_attribute("href")

    page.goto(f"{server.origin}/runs")
    page.get_by_role("link", name="Reading a file").first.click()
    page.get_by_role("button", name="Remove data").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove data").click()
    expect(page.get_by_text("Data removed")).to_be_visible()
    assert page.request.get(f"{server.origin}{address}").status == 404
