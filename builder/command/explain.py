"""`greenlane explain`: what a file does, in plain words. No model is asked."""

from __future__ import annotations

import argparse
import sys

from builder.command.files import read_bytes
from runtime.operations.checking import explain_file


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a workflow file (YAML or JSON); - reads standard input")


def run(options: argparse.Namespace) -> int:
    text, problems = explain_file(read_bytes(options.file))
    if text:
        print(text)
        return 0
    for each in problems:
        print(f"{each.severity}: {each.sentence}", file=sys.stderr)
    return 1
