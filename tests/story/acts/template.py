"""IT publishes a template for one department."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.canvas import add, new_workflow, saved, step, write
from tests.story.stage import Stage


def template(stage: Stage) -> None:
    """IT draws the policy assistant, has it reviewed, and publishes it as a template for human resources."""
    with stage.step("the policy assistant is drawn: search, ask, guard"):
        owner = stage.person("owner")
        new_workflow(owner, stage.server.origin, "Policy assistant")
        step(owner, "Start").click()
        owner.get_by_role("button", name="Add an input").click()
        owner.get_by_role("textbox", name="Label of the input").fill("Question")
        add(owner, "search knowledge")
        owner.get_by_role("combobox", name="Knowledge bases").select_option(label="Staff handbook")
        write(owner, "Question", "", "question")
        add(owner, "ask a model")
        owner.get_by_role("button", name="Add a message").click()
        write(owner, "Message", "Answer from these passages only: ", "passages")
        add(owner, "guard")
        write(owner, "Text", "", "answer")
        step(owner, "Finish").click()
        owner.get_by_role("button", name="Add a result").click()
        owner.get_by_role("textbox", name="Label of the result").fill("Answer")
        write(owner, "Value", "", "guard")
        owner.get_by_role("button", name="Description, variables, limits").click()
        owner.get_by_label("What it is for").fill("Answers questions about leave and travel from the handbook.")
        owner.get_by_label("The workflow").get_by_role("button", name="Close").click()
        saved(owner)
        stage.shoot(owner, "editor")
    with stage.step("it is submitted, and a reviewer is told"):
        number = submit(stage, owner, "Staff ask the same questions about leave every week.", "Everybody in HR")
    with stage.step("who drew it may not decide about it"):
        owner = stage.go("owner", f"/reviews/{number}")
        expect(owner.get_by_role("region", name="Decide")).to_contain_text("took part")
        expect(owner.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
        stage.shoot(owner, "own-submission")
    with stage.step("the reviewer approves it"):
        rita = stage.go("rita", f"/reviews/{number}")
        stage.shoot(rita, "review-of-the-template")
        rita.get_by_role("button", name="Approve", exact=True).click()
        form = rita.get_by_role("dialog")
        form.get_by_label("Reason").fill("Only our handbook, our own model, and personal data is masked.")
        form.get_by_role("button", name="Approve", exact=True).click()
        expect(rita.get_by_text("Approved", exact=True).first).to_be_visible()
    with stage.step("and publishes it as a template for human resources"):
        publish(rita, "Publish as a template", "Human resources")
        stage.shoot(rita, "published-template")
    with stage.step("another department's analyst does not see it, also not by its address"):
        anna = stage.go("anna", "/library")
        anna.get_by_role("link", name="Policy assistant").click()
        expect(anna.get_by_role("button", name="Use this template")).to_be_visible()
        address = anna.url.removeprefix(stage.server.origin)
        stage.shoot(anna, "template")
        sam = stage.go("sam", "/library")
        expect(sam.get_by_text("No templates for you yet")).to_be_visible()
        stage.shoot(sam, "library-empty")
        for guess in (address, f"{address}-2"):
            sam = stage.go("sam", guess)
            expect(sam.get_by_text("There is no such template")).to_be_visible()
            expect(sam.get_by_text("Policy assistant")).to_have_count(0)


def submit(stage: Stage, page: Page, problem: str, users: str) -> int:
    """Submit the open workflow on its two screens; returns the number of the submission."""
    page.get_by_role("button", name="Submit for review").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Which problem does it solve?").fill(problem)
    form.get_by_label("Who will use it?").fill(users)
    stage.shoot(page, "submit")
    form.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_role("dialog", name="Submitted")).to_be_visible()
    stage.shoot(page, "submitted")
    link = page.get_by_role("link", name="See the submission").get_attribute("href") or ""
    page.get_by_role("dialog").get_by_role("button", name="Done").click()
    return int(link.rsplit("/", 1)[-1])


def publish(page: Page, how: str, group: str) -> None:
    """Publish what the open submission was approved for."""
    page.get_by_role("button", name=how).click()
    form = page.get_by_role("dialog", name=how)
    form.get_by_label("Add groups or people").fill(group)
    form.get_by_role("button", name=group).first.click()
    form.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("link", name="Open it")).to_be_visible()
