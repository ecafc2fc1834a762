"""`greenlane sign-in`: a fresh sign-in link for the owner."""

from __future__ import annotations

import argparse
import asyncio
import os

from runtime.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: whoever may read the data folder may sign in."""
    del parser


def run(options: argparse.Namespace) -> int:
    from builder.command.attached import attached
    from runtime.operations.people import sign_in_code

    del options
    settings = read_settings(os.environ)
    with attached(settings) as runtime:
        code = asyncio.run(sign_in_code(runtime))
    print(f"{settings.origin}/sign-in?code={code}")
    return 0
