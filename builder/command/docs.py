"""`greenlane docs`: the reference pages that are made from code."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only say whether the pages are in sync")


def run(options: argparse.Namespace) -> int:
    from builder.command.pages import pages

    folder, stale = Path(__file__).parents[2] / "docs", []
    for name, text in pages().items():
        path = folder / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if not options.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    if stale and options.check:
        print(f"Not in sync: {', '.join(stale)}. Run `greenlane docs`.", file=sys.stderr)
        return 1
    print(f"docs: {len(stale)} written." if stale else "docs: in sync.")
    return 0
