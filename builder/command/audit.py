"""`greenlane audit verify`: whether the audit log is whole; exit code 1 and the first broken row when it is not."""

from __future__ import annotations

import argparse
import os
import sys
import time

from runtime.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify"], help="compute the whole chain again")


def run(options: argparse.Namespace) -> int:
    from runtime.operations.audit import in_words, verify_file

    del options
    begun = time.monotonic()
    found = verify_file(read_settings(os.environ))
    print(f"audit: {in_words(found)}", file=sys.stderr if found.broken is not None else sys.stdout)
    print(f"audit: rows {found.rows} head {found.head} in {time.monotonic() - begun:.1f} s")
    return 0 if found.broken is None else 1
