"""An analyst makes the template her own."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.canvas import add, saved, step, write
from tests.story.acts.template import submit
from tests.story.stage import Stage


def changed(stage: Stage) -> None:
    """The analyst makes a draft from the template, changes the prompt, sends answers to an outside host, submits."""
    with stage.step("IT connects the help desk, for what is internal at most"):
        owner = stage.go("owner", "/connections")
        owner.get_by_role("button", name="Connect a system").click()
        form = owner.get_by_role("dialog")
        form.get_by_label("Name", exact=True).fill("Help desk")
        form.get_by_label("Host", exact=True).fill(stage.desk.host)
        form.get_by_label("May get data up to").select_option("internal")
        for switch in ("A host of our own network", "Without encryption"):
            form.get_by_label(switch).check()
        form.get_by_label("Everybody who builds may use it").check()
        form.get_by_role("button", name="Save").click()
        credential = owner.get_by_role("dialog", name="Credential of “Help desk”")
        credential.get_by_label("Token", exact=True).fill("a-token-of-the-story")
        stage.shoot(owner, "credential")
        credential.get_by_role("button", name="Set credential").click()
        expect(owner.get_by_text("Set just now")).to_be_visible()
    with stage.step("and tests the connection"):
        owner.get_by_role("button", name="Actions for Help desk").click()
        owner.get_by_role("menuitem", name="Test").click()
        expect(owner.get_by_text("Reached", exact=True)).to_be_visible()
        stage.shoot(owner, "connections")
    with stage.step("a draft from the template, which remembers it"):
        anna = stage.go("anna", "/library")
        anna.get_by_role("link", name="Policy assistant").click()
        anna.get_by_role("button", name="Use this template").click()
        form = anna.get_by_role("dialog")
        form.get_by_label("Name", exact=True).fill("Leave assistant")
        form.get_by_role("button", name="Make a draft").click()
        expect(step(anna, "Search knowledge")).to_be_visible()
    with stage.step("another prompt, and each answer goes to the help desk"):
        step(anna, "Ask a model").click()
        write(anna, "Message", "You help staff of ours. Answer in one sentence, from these passages only: ", "passages")
        anna.keyboard.press("Escape")
        call(anna, stage.desk.host)
        saved(anna)
        stage.shoot(anna, "draft-with-a-violation")
        expect(anna.get_by_role("button", name="problem").first).to_be_visible()
    with stage.step("submitted on two screens, with what is wrong in sight"):
        submit(stage, anna, "New colleagues do not find the rules about leave.", "The people desk")


def call(page: Page, host: str) -> None:
    """Send the model's answer to the help desk."""
    step(page, "Ask a model").click()
    add(page, "call http")
    page.get_by_role("combobox", name="What to do", exact=True).select_option(label="Send (POST)")
    page.get_by_role("textbox", name="Address").fill(f"http://{host}/answers")
    page.get_by_role("combobox", name="Send along").select_option(label="Text")
    write(page, "Text", "", "answer")


def mended(stage: Stage) -> None:
    """The analyst puts a guard before the help desk and submits again."""
    with stage.step("she reads what is asked for, and adds the guard"):
        anna = stage.go("anna", "/inbox")
        stage.shoot(anna, "inbox")
        anna = stage.go("anna", "/editor/leave-assistant")
        anna.get_by_role("button", name="Review").click()
        expect(anna.get_by_role("dialog")).to_contain_text("guard")
        stage.shoot(anna, "changes-requested")
        anna.get_by_role("dialog").get_by_role("button", name="Close").click()
        step(anna, "Ask a model").click()
        add(anna, "guard")
        write(anna, "Text", "", "answer")
        step(anna, "Call HTTP").click()
        write(anna, "Text", "", "guard")
        saved(anna)
    with stage.step("and submits again"):
        anna.get_by_role("button", name="Review").click()
        anna.get_by_role("button", name="Submit again").click()
        anna.get_by_role("dialog").get_by_role("button", name="Submit for review").click()
        expect(anna.get_by_role("dialog", name="Submitted")).to_be_visible()
