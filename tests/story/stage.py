"""Where the story plays: one server, a browser window for each person, steps that count, screens that are kept."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.server import ROOT, Server
from tests.story.desk import Desk

SHOTS = ROOT / ".data" / "story"
SIZES = {"laptop": (1440, 900), "phone": (390, 844)}
PASSWORD = "correct horse battery"
DAY_S = 86_400


class StoryServer(Server):
    """The product with a clock that can be moved."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, command=[sys.executable, "-m", "tests.story.clock"], STORY_CLOCK=str(data / "clock"))
        data.mkdir(parents=True, exist_ok=True)
        self.pass_days(0)

    def pass_days(self, days: float) -> None:
        """Move the clock to so many days after the real time."""
        (self.data / "clock").write_text(str(days * DAY_S))


@dataclass
class Stage:
    """What every act is given."""

    server: StoryServer
    browser: Browser
    desk: Desk
    shots: bool = False
    steps: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @contextmanager
    def step(self, sentence: str) -> Iterator[None]:
        """One step of the story. It counts when what it shows was seen."""
        yield
        self.steps += 1
        print(f"  {self.steps:>2}  {time.monotonic() - self.begun:6.1f} s  {sentence}", flush=True)

    def person(self, name: str) -> Page:
        """The window of a person, opened at their first word."""
        if name not in self.pages:
            cookies = self._cookies(name)
            context = self.browser.new_context(
                viewport={"width": SIZES["laptop"][0], "height": SIZES["laptop"][1]},
                permissions=["clipboard-read", "clipboard-write"],
                storage_state=cookies if cookies.exists() else None,
            )
            context.set_default_timeout(15_000)
            page = context.new_page()
            page.on("pageerror", lambda error: self.errors.append(f"{name}: {error}"))
            self.pages[name] = page
        return self.pages[name]

    def come_in(self, name: str, link: str) -> Page:
        """Open an invitation and choose a password."""
        page = self.person(name)
        page.goto(link)
        page.get_by_label("Choose a password").fill(PASSWORD)
        page.get_by_role("button", name="Come in").click()
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        return page

    def sign_in(self, name: str) -> Page:
        """A person whose session is over comes back by password."""
        page = self.go(name, "/")
        page.get_by_label("E-mail").fill(f"{name}@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        return page

    def go(self, name: str, path: str) -> Page:
        """A person opens an address."""
        page = self.person(name)
        page.goto(self.server.origin + path)
        return page

    def keep(self, folder: Path) -> None:
        """Keep the product and everybody's session as they are now."""
        for name, page in self.pages.items():
            page.context.storage_state(path=self._cookies(name))
        self.server.stop()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.server.data, folder)
        self.server.start()

    def _cookies(self, name: str) -> Path:
        return self.server.data / f"session-{name}.json"

    def shoot(self, page: Page, title: str) -> None:
        """Keep what the page looks like, on a laptop and a phone, light and dark."""
        if not self.shots:
            return
        SHOTS.mkdir(parents=True, exist_ok=True)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(250)
                page.screenshot(path=SHOTS / f"{self.steps:02d}-{title}-{size}-{scheme}.png")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": SIZES["laptop"][0], "height": SIZES["laptop"][1]})
        page.wait_for_timeout(150)


def choose_tab(page: Page, name: str) -> None:
    """Click until it is chosen: a page that just opened may still be getting its state."""
    tab = page.get_by_role("tab", name=name, exact=True)
    for _ in range(20):
        tab.click()
        page.wait_for_timeout(250)
        if tab.get_attribute("aria-selected") == "true":
            return
    raise AssertionError(f"the tab {name} was not chosen")
