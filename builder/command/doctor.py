"""`greenlane doctor`: what works on this machine and what does not, with what to do about it."""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from runtime.errors import GreenlaneError
from runtime.local_model import LocalModels
from runtime.local_model.doors import is_taken
from runtime.local_model.pins import ENGINE, MODEL
from runtime.local_model.shelf import INSTALL, is_whole
from runtime.operations.database import database_version
from runtime.operations.doorbell import how_the_bell_is
from runtime.operations.isolation import how_code_is_kept
from runtime.operations.vault import how_secrets_are_kept
from runtime.settings import Settings, read_settings

NODE_AT_LEAST = (22, 22)
SQLITE_AT_LEAST = (3, 35)
"""RETURNING, which the store uses"""
FREE_MB_AT_LEAST = 500

Finding = tuple[bool, str, str]
"""works, what was found, what to do"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""
    del parser


def run(options: argparse.Namespace) -> int:
    del options
    try:
        settings = read_settings(os.environ)
    except GreenlaneError as error:
        print(f"  no   settings: {error.sentence}\n       {error.hint}")
        return 1
    checks: list[Callable[[Settings], Finding]] = [
        _python,
        _sqlite,
        _folder,
        _database,
        _doorbell,
        _vault,
        _space,
        _node,
        _pages,
        _ports,
        _cage,
        _local_model,
    ]
    bad = 0
    for check in checks:
        works, found, advice = check(settings)
        bad += not works
        print(f"  {'ok ' if works else 'no '}  {found}" + ("" if works else f"\n       {advice}"))
    for line in _not_yet():
        print(f"  --   {line}")
    print("Everything this version needs works here." if not bad else f"{bad} of {len(checks)} do not work yet.")
    return 1 if bad else 0


def _python(_settings: Settings) -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return (3, 11) <= sys.version_info < (3, 14), f"Python {found}", "Use Python 3.11, 3.12 or 3.13."


def _sqlite(_settings: Settings) -> Finding:
    works = sqlite3.sqlite_version_info >= SQLITE_AT_LEAST
    return works, f"SQLite {sqlite3.sqlite_version}", "Python needs SQLite 3.35 or newer; use a newer Python."


def _folder(settings: Settings) -> Finding:
    folder = settings.data.resolve()
    home = folder if folder.exists() else next(each for each in folder.parents if each.exists())
    if folder.exists() and folder.stat().st_mode & 0o007:
        return False, f"data folder {folder}: every user of this machine may look into it", f"Run: chmod 700 {folder}"
    works = os.access(home, os.W_OK)
    return works, f"data folder {folder}", f"This user may not write to {home}: change its owner or set GREENLANE_DATA."


def _database(settings: Settings) -> Finding:
    if settings.database_url:
        try:
            return True, database_version(settings), ""
        except GreenlaneError as error:
            return False, f"Postgres: {error.sentence}", "Start it, or correct GREENLANE_DATABASE_URL."
    if not settings.database.exists():
        return True, "database: made at the first start", ""
    with sqlite3.connect(f"file:{settings.database}?mode=ro", uri=True) as database:
        answer = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    return answer == "ok", f"database {settings.database.name}: {answer}", "Restore it from a backup."


def _doorbell(settings: Settings) -> Finding:
    found = how_the_bell_is(settings)
    return found.works, found.words, found.advice


def _vault(settings: Settings) -> Finding:
    found = how_secrets_are_kept(settings)
    return found.works, found.words, found.advice


def _space(settings: Settings) -> Finding:
    folder = settings.data.resolve()
    home = folder if folder.exists() else next(each for each in folder.parents if each.exists())
    free = shutil.disk_usage(home).free // 2**20
    return free > FREE_MB_AT_LEAST, f"{free:,} MB free for data", "Make room: runs stop when the disk is full."


def _node(_settings: Settings) -> Finding:
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if node is None:
        return False, "no Node", "Run `make setup`: it brings Node from PyPI."
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    version = tuple(int(each) for each in text.lstrip("v").split(".")[:2] if each.isdigit())
    return version >= NODE_AT_LEAST, f"Node {text}", "Run `make setup`: it brings Node 24 from PyPI."


def _local_model(settings: Settings) -> Finding:
    models = LocalModels.of(settings)
    if models.shelf.engine is None:
        return True, f"local model: not installed, `{INSTALL}` brings one", ""
    damaged = [
        pin.name for pin in (ENGINE, MODEL) if models.shelf.home(pin).exists() and not is_whole(models.shelf.home(pin))
    ]
    if damaged:
        return (
            False,
            f"local model: {' and '.join(damaged)} is damaged",
            f"Run `{INSTALL}`: it repairs what is damaged.",
        )
    standings = models.standings()
    failing = next((each for each in standings if each.state == "failing"), None)
    if failing is not None:
        return False, f"local model: {failing.last_error}", "Add its file again, or give it more memory."
    names = ", ".join(each.model.name for each in standings) or "no model yet"
    return True, f"local model: {ENGINE.name} {ENGINE.version}, {names}", ""


def _pages(_settings: Settings) -> Finding:
    from builder.command.serve import STAMP

    return True, "pages built" if STAMP.exists() else "pages: built at the first `greenlane serve`", ""


def _ports(settings: Settings) -> Finding:
    taken = [str(port) for port in (settings.port, settings.demo_port) if is_taken(port)]
    advice = "Another server (perhaps this one) uses them: set GREENLANE_PORT or GREENLANE_DEMO_PORT."
    return True, f"ports {settings.port} and {settings.demo_port}: {'in use' if taken else 'free'}", advice


def _cage(settings: Settings) -> Finding:
    kept = how_code_is_kept(settings)
    return kept.works, kept.words, kept.advice


def _not_yet() -> Iterator[str]:
    """What later versions will use, so that nobody looks for it now."""
    if find_spec("chromadb") is None:
        yield "knowledge bases come with the package chromadb"
