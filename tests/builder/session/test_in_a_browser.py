"""A real browser: signing in by the link, and a page that works under our content security policy."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

pytestmark = pytest.mark.slow
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])


def test_the_link_signs_in_and_the_page_works_under_the_policy(origin: str, browser: Browser):
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(origin)
    expect(page).to_have_url(f"{origin}/sign-in")
    page.goto(f"{origin}/sign-in?code=Ann")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{origin}/")
    expect(page.locator("#state")).to_have_text("ready")  # before that a button is only a picture of one
    page.locator("#write").click()
    expect(page.locator("#note")).to_have_text("hellohello")
    page.locator("#open").click()
    expect(page.locator("#opened")).to_have_text("1")
    assert not [one for one in said if "Content Security Policy" in one]


def test_no_script_that_was_slipped_in_runs(origin: str, browser: Browser):
    page = browser.new_page()
    page.goto(f"{origin}/sign-in?code=Ann")
    page.get_by_role("button", name="Sign in").click()
    page.evaluate(
        """() => {
            const script = document.createElement('script'); script.textContent = 'window.slipped = 1';
            document.body.append(script);
            document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.slipped = 2">');
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.slipped") is None


def test_scripts_of_the_page_cannot_read_the_cookie(origin: str, browser: Browser):
    page = browser.new_page()
    page.goto(f"{origin}/sign-in?code=Ann")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{origin}/")
    assert page.evaluate("document.cookie") == ""
    assert [cookie.get("name") for cookie in page.context.cookies()] == ["__Host-greenlane"]
