"""The app: published, used, stopped, explained."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.story.acts.review import DUE_DAYS
from tests.story.acts.template import publish
from tests.story.stage import Stage

QUESTION = "How many weeks of parental leave are there?"


def published(stage: Stage) -> None:
    """What was approved becomes an app for human resources."""
    with stage.step("published to one group"):
        rita = stage.go("rita", "/reviews")
        rita.get_by_role("link", name="Leave assistant").first.click()
        publish(rita, "Publish as an app", "Human resources")
        stage.shoot(rita, "published-app")


def used(stage: Stage) -> None:
    """A member runs it and opens a source; an outsider finds nothing; the model behind the alias changes."""
    with stage.step("a member runs it and reads the answer as it comes"):
        member = stage.go("max", "/apps")
        stage.shoot(member, "apps")
        member.get_by_role("link", name="Leave assistant").click()
        member.get_by_label("Question").fill(QUESTION)
        stage.shoot(member, "app")
        member.get_by_role("button", name="Run", exact=True).click()
        expect(member.get_by_role("heading", name="Sources")).to_be_visible(timeout=30_000)
        stage.shoot(member, "app-answered")
    with stage.step("the help desk got the answer, with personal data masked"):
        assert len(stage.desk.received) == 1, stage.desk.received
        assert "twelve weeks" in stage.desk.received[0], stage.desk.received
        assert "travel@example.com" not in stage.desk.received[0], stage.desk.received
    with stage.step("a source opens at the passage"):
        member.get_by_role("link", name="Handbook").first.click()
        expect(member.locator("mark").first).to_be_visible()
        stage.shoot(member, "cited-passage")
    with stage.step("an outsider finds no such app"):
        outsider = stage.go("otto", "/apps")
        expect(outsider.get_by_text("No apps for you yet")).to_be_visible()
        outsider = stage.go("otto", "/apps/leave-assistant")
        expect(outsider.get_by_text("There is no such app")).to_be_visible()
        stage.shoot(outsider, "no-such-app")
    with stage.step("another model stands behind the alias, and the policy for it acts: the app stops"):
        owner = stage.go("owner", "/policies")
        expect(owner.get_by_role("row", name="the model behind an alias")).to_contain_text("stops")
        stage.shoot(owner, "policies")
        was = swap_model(stage, "openai/demo-scripted-2")
        member = stage.go("max", "/apps/leave-assistant")
        expect(member.get_by_text("The model alias “fast” changed")).to_be_visible()
        expect(member.get_by_role("button", name="Run", exact=True)).to_be_disabled()
        stage.shoot(member, "app-stopped-by-policy")
    with stage.step("the approved model is back, and the app runs again"):
        swap_model(stage, was)
        member = stage.go("max", "/apps/leave-assistant")
        expect(member.get_by_role("button", name="Run", exact=True)).to_be_enabled()


def swap_model(stage: Stage, model: str) -> str:
    """Put another model behind the alias that the app names; returns the one before."""
    owner = stage.go("owner", "/models")
    owner.get_by_role("button", name="Actions for fast").click()
    owner.get_by_role("menuitem", name="Change").click()
    form = owner.get_by_role("dialog")
    field = form.get_by_label("Model", exact=True)
    before = field.input_value()
    field.fill(model)
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    return before


def stopped(stage: Stage) -> None:
    """Nobody met the condition: when its date has passed, the app stops by itself."""
    with stage.step("the date of the condition passes, and the app stops"):
        stage.server.pass_days(DUE_DAYS + 2)
        stage.sign_in("max")
        member = stage.go("max", "/apps/leave-assistant")
        expect(member.get_by_text("condition").first).to_be_visible()
        expect(member.get_by_role("button", name="Run", exact=True)).to_be_disabled()
        stage.shoot(member, "app-stopped")


def read_whole(stage: Stage) -> None:
    """The auditor finds the member's run by a word of its answer and reads it whole."""
    with stage.step("the auditor finds the run by a word of its answer"):
        stage.sign_in("ada")
        ada = stage.go("ada", "/runs")
        ada.get_by_label("Words in input or result").fill("twelve")
        expect(ada.get_by_role("link", name="Leave assistant").first).to_be_visible()
        stage.shoot(ada, "runs")
    with stage.step("and reads it whole"):
        ada.get_by_role("link", name="Leave assistant").first.click()
        for title in ("Search knowledge", "Ask a model", "Guard", "Call HTTP"):
            expect(ada.get_by_text(title).first).to_be_visible()
        stage.shoot(ada, "run")
    with stage.step("and who did what stands in the audit log"):
        ada = stage.go("ada", "/audit")
        ada.get_by_role("searchbox", name="Thing").fill("fast")
        ada.get_by_role("button", name="Search").click()
        expect(
            ada.get_by_text("openai/demo-scripted, cleared for restricted → openai/demo-scripted-2, ").first
        ).to_be_visible()
        ada.get_by_role("searchbox", name="Thing").fill("")
        ada.get_by_role("button", name="Search").click()
        expect(ada.get_by_role("row", name="Publish an app")).to_contain_text("Leave assistant")
        stage.shoot(ada, "audit")
    with stage.step("and nobody changed it since"):
        ada.get_by_role("button", name="Check the log").click()
        expect(ada.get_by_text("The log is whole")).to_be_visible()
