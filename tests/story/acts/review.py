"""The reviewer decides in minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.story.stage import Stage

DUE_DAYS = 30


def sent_back(stage: Stage) -> None:
    """The reviewer sees prompt and host first, and on which connection data goes where it may not."""
    with stage.step("what waits for a decision"):
        rita = stage.go("rita", "/reviews")
        stage.shoot(rita, "reviews")
        rita.get_by_role("link", name="Leave assistant").click()
        expect(rita.get_by_role("heading", name="Leave assistant")).to_be_visible()
    with stage.step("prompt and host come first, the violation names its connection"):
        changes = rita.locator("details", has=rita.get_by_role("heading", name="What changed"))
        first = changes.locator(".gl-change").nth(0).inner_text() + changes.locator(".gl-change").nth(1).inner_text()
        assert "Message" in first, first
        assert "host" in first, first
        flow = rita.locator("details", has=rita.get_by_role("heading", name="What data goes where"))
        expect(flow.get_by_role("alert").or_(flow.locator(".gl-notice")).first).to_contain_text("Staff handbook")
        stage.shoot(rita, "review-with-a-violation")
    with stage.step("changes are asked for"):
        rita.get_by_role("button", name="Ask for changes").click()
        form = rita.get_by_role("dialog")
        form.get_by_label("Reason").fill("The handbook must not reach the help desk as it is: put a guard before it.")
        form.get_by_role("button", name="Ask for changes").click()
        expect(rita.get_by_text("Changes requested").first).to_be_visible()


def approved(stage: Stage) -> None:
    """The reviewer tries the new version and approves it with a condition."""
    with stage.step("the reviewer tries it"):
        rita = stage.go("rita", "/reviews")
        rita.get_by_role("link", name="Leave assistant").first.click()
        expect(rita.get_by_role("region", name="Decide")).to_be_visible()
        stage.shoot(rita, "review-of-the-mended")
    with stage.step("and approves it with a condition"):
        rita.get_by_role("button", name="More decisions").click()
        rita.get_by_role("menuitem", name="Approve with conditions").click()
        form = rita.get_by_role("dialog")
        form.get_by_label("Condition 1").fill("Test it with ten real questions and keep the results.")
        due = datetime.now(UTC) + timedelta(days=DUE_DAYS)
        form.get_by_label("Until").first.fill(due.strftime("%Y-%m-%d"))
        form.get_by_label("Reason").fill("The guard lowers what reaches the help desk. Ten tests are still missing.")
        stage.shoot(rita, "approve-with-a-condition")
        form.get_by_role("button", name="Approve with conditions").click()
        expect(rita.get_by_text("Approved with conditions").first).to_be_visible()
        stage.shoot(rita, "approved-with-a-condition")
