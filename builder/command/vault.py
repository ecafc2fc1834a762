"""`greenlane vault`: a new master key for the vault (`rotate`), or a new beginning when the key is lost (`reset`)."""

from __future__ import annotations

import argparse
import asyncio
import os

from runtime.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=["rotate", "reset"],
        help="rotate: seal every credential with a new key; reset: forget what a lost key sealed, and begin anew",
    )


def run(options: argparse.Namespace) -> int:
    from builder.command.attached import attached
    from runtime.operations.people import local_owner
    from runtime.operations.vault import reset_vault, rotate_vault

    act = rotate_vault if options.what == "rotate" else reset_vault

    async def do(runtime):
        return await act(runtime, await local_owner(runtime))

    with attached(read_settings(os.environ)) as runtime:
        done = asyncio.run(do(runtime))
    many = f"{done.sealed} credential{'s' if done.sealed != 1 else ''}"
    if options.what == "reset":
        print(f"vault: {many} forgotten; enter them again on the Connections page. New key {done.key}.")
        return 0
    print(f"vault: {many} sealed with the new key {done.key}.")
    if done.by_environment:
        print("Now set GREENLANE_VAULT_KEY to what GREENLANE_VAULT_KEY_NEXT is, take that one away, and start again.")
    else:
        print("The old key is gone. Keep a copy of vault.key apart from the backups of the database.")
    return 0
