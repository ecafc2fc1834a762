"""Files that are only read: those of their linter, and real ones of people."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from runtime.exchange.report import CODES
from runtime.graph.problems import errors
from runtime.operations.importing import convert_file
from tests.conformance.material import case_file

LINT = frozenset(code for code in CODES if code.split("_")[0] in ("agent", "if", "knowledge", "list", "question",
                                                                   "trigger"))  # fmt: skip
"""codes that are rules of their linter"""


def lint_verdict(case: Mapping[str, Any]) -> str:
    """What is wrong with what is said of a file; nothing where all is as expected."""
    found = {each.code for each in convert_file(case_file(dict(case))).report.problems} & LINT
    wanted = set(case["expected_lint_error_codes"] or [])
    return "" if found == wanted else f"{sorted(found)}, not {sorted(wanted)}"


@dataclass
class Read:
    """What came of some files."""

    files: int = 0
    crashed: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    """those that gave no workflow"""
    compiled: int = 0
    results: dict[str, Counter[str]] = field(default_factory=dict)
    """mapped, partly, placeholder; by kind"""
    forgotten: list[str] = field(default_factory=list)
    """steps nothing is said of"""


def read_all(paths: list[Path]) -> Read:
    """Every file, imported."""
    read = Read()
    for path in paths:
        read.files += 1
        content = path.read_bytes()
        try:
            imported = convert_file(content)
        except Exception as error:  # noqa: BLE001 - this is what is counted
            read.crashed.append(f"{path.name}: {type(error).__name__}: {error}")
            continue
        if imported.document is None:
            read.without.append(f"{path.name}: {imported.report.problems[0].sentence}")
            continue
        read.compiled += not errors(imported.report.problems)
        for node, kind in _kinds(content):
            fate = imported.report.steps.get(node)
            if fate is None or fate.step not in imported.document.meaning.steps:
                read.forgotten.append(f"{path.name}: {node}")
            else:
                read.results.setdefault(kind, Counter())[fate.result] += 1
    return read


def _kinds(content: bytes) -> list[tuple[str, str]]:
    data = yaml.safe_load(content)
    graph = (data.get("workflow") or {}).get("graph") or data.get("graph") or data
    nodes = [each for each in graph.get("nodes", []) if each.get("type") != "custom-note"]
    return [(str(each["id"]), str(each["data"].get("type") or each.get("type"))) for each in nodes]
