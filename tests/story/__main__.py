"""`make story`: plays all acts and prints `story: steps N ok`.

`--keep` keeps the product as each act left it, and `--from ACT` goes on from there: for whoever writes an act.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import QUIET
from tests.story.acts import ACTS
from tests.story.desk import Desk
from tests.story.stage import SHOTS, Stage, StoryServer

NAMES = [act.__name__ for act in ACTS]
KEPT = SHOTS.parent / "story-acts"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shots", action="store_true", help="keep screenshots of every screen")
    parser.add_argument("--keep", action="store_true", help="keep the product as each act left it")
    parser.add_argument("--from", dest="first", choices=NAMES, default=NAMES[0], help="go on from what was kept")
    options = parser.parse_args()
    first = NAMES.index(options.first)
    with tempfile.TemporaryDirectory(prefix="greenlane-story-") as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        if first:
            shutil.copytree(KEPT / NAMES[first - 1], data)
        server, desk = StoryServer(data), Desk(data)
        server.start()
        desk.start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        stage = Stage(server, browser, desk, shots=options.shots)
        try:
            for act in ACTS[first:]:
                print(f"\n{(act.__doc__ or '').strip()}", flush=True)
                act(stage)
                if options.keep:
                    stage.keep(KEPT / act.__name__)
        except BaseException:
            SHOTS.mkdir(parents=True, exist_ok=True)
            for name, page in stage.pages.items():
                page.screenshot(path=SHOTS / f"failed-{name}.png", full_page=True)
            shutil.copytree(data, SHOTS / "failed-data", dirs_exist_ok=True)
            print(f"\nwhere everybody stood lies in {SHOTS.relative_to(Path.cwd())}", file=sys.stderr)
            raise
        finally:
            browser.close()
            server.stop()
            desk.stop()
    for error in stage.errors:
        print(f"  the browser reported: {error}")
    print(f"story: steps {stage.steps} {'ok' if not stage.errors else 'with errors'}")
    return 1 if stage.errors else 0


if __name__ == "__main__":
    sys.exit(main())
