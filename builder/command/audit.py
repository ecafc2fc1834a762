"""`greenlane audit verify`: whether the audit log is whole; exit code 1 and the first broken row when it is not.

Keep the head it prints somewhere else: with `--head` a later check tells whether the log still goes on from there.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

from runtime.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify"], help="compute the whole chain again")
    parser.add_argument("--head", default="", help="a head that an earlier check printed: is it still in the log?")


def run(options: argparse.Namespace) -> int:
    from runtime.operations.audit import in_words, kept_in_words, verify_file

    begun = time.monotonic()
    found = verify_file(read_settings(os.environ), options.head)
    lost = bool(options.head) and found.kept is None
    out = sys.stderr if found.broken is not None or lost else sys.stdout
    print(f"audit: {in_words(found)}", file=out)
    if options.head:
        print(f"audit: {kept_in_words(found)}", file=out)
    print(f"audit: rows {found.rows} head {found.head} in {time.monotonic() - begun:.1f} s")
    return 1 if out is sys.stderr else 0
