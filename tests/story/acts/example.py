"""What a newcomer tries first: an example on its own inputs."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.canvas import step
from tests.story.stage import Stage


def tried(stage: Stage) -> None:
    """The analyst opens an example from the first screen and runs it: a file goes in, code tidies it."""
    with stage.step("an example runs on its own file in four clicks"):
        anna = stage.go("anna", "/")
        stage.shoot(anna, "first-screen")
        anna.get_by_role("button", name="Clean up a table").click()
        expect(step(anna, "Tidy the lines")).to_be_visible()
        anna.get_by_role("button", name="Run", exact=True).click()
        form = anna.get_by_role("region", name="Run")
        form.get_by_role("button", name="Fill in the example").click()
        expect(form.get_by_text("csv-cleanup.csv")).to_be_visible()
        stage.shoot(anna, "example-filled-in")
        form.get_by_role("button", name="Run", exact=True).click()
        expect(form.get_by_text("2 of 5 lines are left").first).to_be_visible()
        stage.shoot(anna, "example-ran")
    with stage.step("and every step shows what went in and came out, the code too"):
        form.get_by_role("button", name="Tidy the lines").click()
        expect(anna.get_by_role("tab", name="Last run")).to_have_attribute("aria-selected", "true")
        expect(anna.get_by_text("Line 5: email cannot be read.").first).to_be_visible()
        stage.shoot(anna, "code-that-ran")
