"""The public conformance material, in the folder `shared/dify` beside the repository."""

import json
import os
from pathlib import Path
from typing import Any

HERE = Path(os.environ.get("CONFORMANCE_MATERIAL") or Path(__file__).parents[3] / "shared" / "dify")
WHY_NOT = f"the conformance material is not there: {HERE}"


def is_there() -> bool:
    return (HERE / "cases.json").is_file()


def listed(name: str) -> list[dict[str, Any]]:
    """A list of cases: `cases`, `node_cases`, `lint_cases`."""
    path = HERE / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else []


def case_file(case: dict[str, Any]) -> bytes:
    return (HERE / "cases" / case["file"]).read_bytes()


def corpus() -> list[Path]:
    """Real files of people."""
    return sorted((HERE / "corpus").glob("*.y*ml"))
