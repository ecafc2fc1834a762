"""`greenlane check`: everything that is wrong with a file, all at once. Exit code 1 when it cannot run."""

from __future__ import annotations

import argparse

import orjson

from builder.command.files import read_bytes
from runtime.operations.checking import check_file


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a workflow file (YAML or JSON); - reads standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    checked = check_file(read_bytes(options.file))
    if options.json:
        found = {
            "name": checked.name,
            "runnable": checked.runnable,
            "hash": checked.hash,
            "problems": [each.as_dict() for each in checked.problems],
        }
        print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return 0 if checked.runnable else 1
    for each in checked.problems:
        print(f"{each.severity}: {each.sentence}" + (f"\n       {each.hint}" if each.hint else ""))
    errors = sum(each.severity == "error" for each in checked.problems)
    warnings = len(checked.problems) - errors
    print(f"{options.file}: {_count(errors, 'error')}, {_count(warnings, 'warning')}.")
    return 0 if checked.runnable else 1


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"
