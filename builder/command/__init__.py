"""The command `greenlane`. Each subcommand is a file here; `main` finds it and loads nothing else, so that `check` and
`explain` answer in a fraction of a second.

`check`, `explain` and `import` (a file, no server) · `run` (a file, to its end) · `serve` (everything on one port) ·
`api` (the HTTP API alone) · `worker` (executes runs) · `sign_in` (a fresh sign-in link) · `key` (an API key) · `audit`
(whether the audit log is whole) · `vault` (its master key) · `demo_model` (the scripted model) · `local_model` (a real
one on this machine) · `docs` (pages made from code) · `doctor` (what works on this machine)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from runtime.errors import GreenlaneError

COMMANDS: dict[str, str] = {
    "serve": "start the web app and the API on one port",
    "api": "start the HTTP API alone",
    "worker": "execute runs, without web app and API",
    "check": "say everything that is wrong with a workflow file",
    "explain": "say in plain words what a workflow file does",
    "run": "run a workflow file",
    "import": "take a workflow of another product over, and say what became of each step",
    "sign-in": "print a fresh sign-in link for the owner",
    "key": "make an API key for the owner",
    "audit": "check that the audit log is whole",
    "demo-model": "start the scripted demo model alone",
    "local-model": "a real model without a key: install, status, add, remove",
    "vault": "give the vault a new master key, or begin anew when it is lost",
    "docs": "write the reference pages that are made from code",
    "doctor": "say what works on this machine and what does not",
}

MODULES = {"import": "import_file"}
"""whose file cannot be called as they are, because the word means something in Python"""
NOBODY_READS = 141
"""the exit code of a program whose reader went away, as a shell counts it (128 + SIGPIPE)"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code."""
    try:
        try:
            return _run(list(sys.argv[1:] if arguments is None else arguments))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # `greenlane explain … | head -1` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at its end
        return NOBODY_READS


def _run(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="greenlane", description="Draw an AI workflow, run it, watch every step.")
    parser.add_argument("--version", action="version", version=_version())
    names = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = next((each for each in given if not each.startswith("-")), "")
    modules = {}
    for name, words in COMMANDS.items():
        sub = names.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
        if name == chosen:  # only the one that is asked for is loaded
            modules[name] = import_module(f"builder.command.{MODULES.get(name, name.replace('-', '_'))}")
            modules[name].arguments(sub)
    options = parser.parse_args(given)
    try:
        return modules[options.command].run(options)
    except GreenlaneError as error:
        print(f"{error.sentence}\n{error.hint}".strip(), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _version() -> str:
    from importlib.metadata import version

    return f"greenlane {version('greenlane')}"
