"""The import contracts themselves: strict, free of typing errors, and able to fail."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.rules.sources import HOUSE, PACKAGES

FILE = HOUSE / "tests/rules/imports.toml"
CONTRACTS = tomllib.loads(FILE.read_text())["tool"]["importlinter"]["contracts"]
ROOMS = {
    f"{contract['containers'][0]}.{room.strip(' ()')}"
    for contract in CONTRACTS
    if "containers" in contract
    for layer in contract["layers"]
    for room in layer.replace(":", "|").split("|")
}


def test_no_contract_has_an_exception():
    assert not [contract["name"] for contract in CONTRACTS if any("ignore" in key for key in contract)]


def test_a_contract_names_only_rooms_that_are_planned():
    named = {
        module
        for contract in CONTRACTS
        for key in ("source_modules", "forbidden_modules", "protected_modules", "allowed_importers")
        for module in contract.get(key, [])
        if module.split(".")[0] in PACKAGES and "." in module
    }
    assert not {module for module in named if ".".join(module.split(".")[:2]) not in ROOMS}


@pytest.mark.parametrize(
    ("where", "line", "contract"),
    [
        ("runtime/settings.py", "import builder.wiring", "builder -> runtime -> nodes, never back"),
        ("runtime/store/rows.py", "import runtime.engine.state", "inside runtime"),
        ("builder/wiring.py", "import builder.session.gate", "inside builder"),
        ("nodes/data/join_text.py", "import nodes.flow.start", "inside nodes: a category knows only the sdk"),
        ("builder/utils/text.py", "", "inside builder"),
        ("builder/screens/home.py", "import runtime.store.rows", "builder enters by the door"),
        ("runtime/graph/plan.py", "import asyncio", "governance and graph are pure"),
        ("builder/api/runs.py", "import reflex", "reflex stays in the screens"),
        ("nodes/data/join_text.py", "import os", "nodes touch no vendor, no wire, no process"),
        ("runtime/engine/state.py", "import pickle", "no pickle, no toy sandboxes"),
        ("runtime/engine/state.py", "import litellm", "one owner: litellm"),
        ("runtime/engine/state.py", "import sqlalchemy.orm", "one owner: sqlmodel"),
        ("runtime/gateway/fast.py", "from aiohttp import ClientSession", "one owner: outgoing connections"),
        ("runtime/engine/state.py", "import subprocess", "one owner: the sandbox and child processes"),
    ],
)
def test_a_planted_breach_is_caught(tmp_path: Path, where: str, line: str, contract: str):
    plant(tmp_path, where, line)
    verdict = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", FILE, "--no-cache"],
        cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path)}, check=False,
    )  # fmt: skip
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    broken = [seen for seen in verdict.stdout.splitlines() if seen.endswith("BROKEN")]
    assert any(seen.startswith(contract) for seen in broken), verdict.stdout


def plant(house: Path, where: str, line: str) -> None:
    """Our three packages with one file in them, and whatever that file imports of ours."""
    imported = [word for word in line.split() if word.split(".")[0] in PACKAGES]
    for module in [f"{package}.__init__" for package in PACKAGES] + [*imported, where.removesuffix(".py")]:
        path = house / (module.replace(".", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        for folder in path.parents:
            if folder == house:
                break
            (folder / "__init__.py").touch()
    (house / where).write_text(line)
