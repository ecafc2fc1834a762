"""`greenlane import`: a workflow of another product, or one of ours, as a file of ours. Exit code 1 without one."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import orjson

from builder.command.files import read_bytes
from runtime.errors import BadInput
from runtime.operations.importing import Imported, convert_file


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a workflow file of Dify or of Greenlane; - reads standard input")
    parser.add_argument("-o", "--out", metavar="OUT", help="where to write the workflow; else it is printed")
    parser.add_argument("--json", action="store_true", help="print what became of each step, as one JSON object")


def run(options: argparse.Namespace) -> int:
    imported = convert_file(read_bytes(options.file))
    if options.out and imported.document is not None:
        try:
            Path(options.out).write_bytes(imported.content)
        except OSError as error:
            raise BadInput(f"{options.out} cannot be written: {error.strerror}.") from error
    elif not options.json:
        sys.stdout.buffer.write(imported.content)
    if options.json:
        print(orjson.dumps(imported.report.as_dict(), option=orjson.OPT_INDENT_2).decode())
    else:
        _tell(imported)
    return 0 if imported.document is not None else 1


def _tell(imported: Imported) -> None:
    """The report for people, beside the workflow."""
    for each in imported.report.problems:
        print(f"{each.severity}: {each.sentence}" + (f"\n       {each.hint}" if each.hint else ""), file=sys.stderr)
    counts = Counter(each.result for each in imported.report.steps.values())
    if counts:
        print(", ".join(f"{number} {result}" for result, number in counts.items()), file=sys.stderr)
