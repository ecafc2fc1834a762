"""`greenlane key`: an API key for the owner."""

from __future__ import annotations

import argparse
import asyncio
import os

from runtime.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("label", help="what will use the key")


def run(options: argparse.Namespace) -> int:
    from builder.command.attached import attached
    from runtime.operations.keys import create_key
    from runtime.operations.people import local_owner

    async def make(runtime):
        return await create_key(runtime, await local_owner(runtime), label=options.label)

    with attached(read_settings(os.environ)) as runtime:
        print(asyncio.run(make(runtime)).text)
    return 0
