"""What happens: from an empty product to the auditor who reads a run whole."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.canvas import add, new_workflow, saved, step, write
from tests.story.stage import Stage, choose_tab


def people(stage: Stage) -> None:
    """The owner comes in by the one-time link, chooses a password, makes two departments and invites everybody."""
    server = stage.server
    with stage.step("the owner comes in by the link the server printed and sets a password"):
        owner = stage.person("owner")
        owner.goto(server.link)
        owner.get_by_role("button", name="Sign in").click()
        expect(owner.get_by_role("heading", name="Workflows")).to_be_visible()
        stage.go("owner", "/account")
        stage.shoot(owner, "account")
    with stage.step("departments"):
        for name in ("Human resources", "Sales"):
            stage.go("owner", "/people")
            choose_tab(owner, "Groups")
            owner.get_by_role("button", name="New group").first.click()
            owner.get_by_label("Name").fill(name)
            owner.get_by_role("dialog").get_by_role("button").last.click()
            expect(owner.get_by_text(name)).to_be_visible()
    for who, roles, group in (
        ("Rita Reviewer", ["IT reviewer"], None),
        ("Anna Analyst", ["Analyst"], "Human resources"),
        ("Sam Seller", ["Analyst"], "Sales"),
        ("Max Member", [], "Human resources"),
        ("Otto Outsider", [], "Sales"),
        ("Ada Auditor", ["Auditor"], None),
    ):
        with stage.step(f"{who} is invited and comes in"):
            invite(stage, who, roles, group)


def invite(stage: Stage, who: str, roles: list[str], group: str | None) -> None:
    """The owner makes a link; the person opens it."""
    owner = stage.go("owner", "/people")
    choose_tab(owner, "People")
    owner.get_by_role("button", name="Invite a person").click()
    form = owner.get_by_role("dialog")
    form.get_by_label("Name").fill(who)
    form.get_by_label("E-mail").fill(f"{who.split()[0].lower()}@example.com")
    for each in [*roles, *([group] if group else [])]:
        form.get_by_text(each, exact=True).click()
    form.get_by_role("button", name="Make the link").click()
    link = owner.get_by_role("dialog").locator("code").inner_text()
    stage.shoot(owner, "invitation") if who.startswith("Rita") else None
    page = stage.come_in(who.split()[0].lower(), link)
    if who.startswith("Max"):
        stage.shoot(page, "home-of-a-member")


HANDBOOK = """# Leave

Everybody has 30 days of paid leave a year. Ask your lead two weeks before.

# Parents

Parents take up to twelve weeks of paid parental leave after a birth. The project name BLUEHERON is confidential.

# Travel

Journeys of more than 300 km go by train. Questions: travel@example.com or +49 30 901820.
"""


def knowledge(stage: Stage) -> None:
    """IT makes the knowledge base of one department and sees that it finds what it should."""
    with stage.step("a knowledge base for human resources, with the handbook"):
        owner = stage.go("owner", "/knowledge")
        owner.get_by_role("button", name="New knowledge base").first.click()
        form = owner.get_by_role("dialog")
        form.get_by_label("Name").fill("Staff handbook")
        form.get_by_label("What is it for?").fill("Answers staff questions about leave, parents and travel.")
        form.get_by_label("How confidential").select_option("confidential")
        form.get_by_role("button", name="Create").click()
        expect(owner.get_by_role("heading", name="Staff handbook")).to_be_visible()
        owner.locator("input[type=file]").set_input_files(
            {"name": "Handbook.md", "mimeType": "text/markdown", "buffer": HANDBOOK.encode()}
        )
        expect(owner.get_by_text("Ready", exact=True)).to_be_visible(timeout=60_000)
        stage.shoot(owner, "knowledge-base")
    with stage.step("a search finds the right passage, and it opens"):
        choose_tab(owner, "Try a search")
        owner.get_by_label("Ask as a workflow would").fill("How many weeks may a father stay at home?")
        owner.get_by_role("button", name="Search", exact=True).click()
        first = owner.get_by_role("listitem").filter(has=owner.get_by_role("link", name="Handbook")).first
        expect(first).to_contain_text("twelve weeks")
        stage.shoot(owner, "search")
        first.get_by_role("link").first.click()
        expect(owner.locator("mark")).to_contain_text("twelve weeks")
        stage.shoot(owner, "passage")
    with stage.step("it is shared with human resources, and nobody else knows of it"):
        owner = stage.go("owner", "/knowledge/staff-handbook")
        share(owner, "Human resources")
        expect(stage.go("anna", "/knowledge").get_by_text("Staff handbook")).to_be_visible()
        other = stage.go("sam", "/knowledge")
        expect(other.get_by_role("heading", name="Knowledge", exact=True)).to_be_visible()
        expect(other.get_by_text("Staff handbook")).to_have_count(0)
        other = stage.go("sam", "/knowledge/staff-handbook")
        expect(other.get_by_text("not here")).to_be_visible()


def share(page: Page, holder: str) -> None:
    """Give somebody a right in the open page's Share dialog."""
    page.get_by_role("button", name="Share").first.click()
    page.get_by_label("Add people, groups or a role").fill(holder)
    page.get_by_role("dialog").get_by_role("button", name=holder).first.click()
    expect(page.get_by_label(f"What {holder} may do")).to_be_visible()
    page.get_by_role("button", name="Done").click()


def template(stage: Stage) -> None:
    """IT draws the policy assistant and has it reviewed."""
    with stage.step("the policy assistant is drawn: search, ask, guard"):
        owner = stage.person("owner")
        new_workflow(owner, stage.server.origin, "Policy assistant")
        step(owner, "Start").click()
        owner.get_by_role("button", name="Add an input").click()
        owner.get_by_role("textbox", name="Label of the input").fill("Question")
        add(owner, "search knowledge")
        owner.get_by_role("checkbox", name="Staff handbook").or_(owner.get_by_label("Staff handbook")).first.click()
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
        saved(owner)
        stage.shoot(owner, "editor")


ACTS = (people, knowledge, template)
