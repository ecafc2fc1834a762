"""`make story`: plays all acts and prints `story: steps N ok`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import QUIET
from tests.story.acts import ACTS
from tests.story.stage import SHOTS, Stage, StoryServer


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shots", action="store_true", help="keep screenshots of every screen")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="greenlane-story-") as folder, sync_playwright() as playwright:
        server = StoryServer(Path(folder) / "data")
        server.start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        stage = Stage(server, browser, shots=options.shots)
        try:
            for act in ACTS:
                print(f"\n{(act.__doc__ or '').strip()}")
                act(stage)
        except BaseException:
            SHOTS.mkdir(parents=True, exist_ok=True)
            for name, page in stage.pages.items():
                page.screenshot(path=SHOTS / f"failed-{name}.png", full_page=True)
            print(f"\nwhere everybody stood lies in {SHOTS.relative_to(Path.cwd())}", file=sys.stderr)
            raise
        finally:
            browser.close()
            server.stop()
    for error in stage.errors:
        print(f"  the browser reported: {error}")
    print(f"story: steps {stage.steps} {'ok' if not stage.errors else 'with errors'}")
    return 1 if stage.errors else 0


if __name__ == "__main__":
    sys.exit(main())
