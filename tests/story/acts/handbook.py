"""IT brings what one department knows."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.story.stage import Stage, choose_tab

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
