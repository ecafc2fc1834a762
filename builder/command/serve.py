"""`greenlane serve`: builds the pages when something changed, then serves everything on one port."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import uvicorn

from builder.command.stopping import leave_on_sigterm
from builder.wiring import runtime
from runtime.local_model import DemoModel
from runtime.operations.people import sign_in_code
from runtime.settings import Settings, read_settings, without_secrets

ROOT = Path(__file__).parents[2]
STAMP = ROOT / ".web" / "greenlane.stamp"
_SOURCES = ("builder/**/*.py", "builder/**/*.js", "builder/**/*.jsx", "builder/**/*.css", "builder/**/*.json")
_BESIDE = ("assets/**/*.*", "nodes/**/*.py", "reflex.lock/*", "rxconfig.py", "uv.lock")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rebuild", action="store_true", help="build the pages even when nothing changed")
    parser.add_argument("--build-only", action="store_true", help="build the pages and stop")


def run(options: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    begun = time.monotonic()
    environment = _reflex_environment()
    if options.rebuild or not _is_built(settings):
        _build(settings, environment)
    if options.build_only:
        return 0
    os.environ.update(environment, __REFLEX_SKIP_COMPILE="true", __REFLEX_MOUNT_FRONTEND_COMPILED_APP="true")
    os.environ["REFLEX_ENV_MODE"] = "prod"
    os.chdir(ROOT)
    return _serve(settings, begun)


def _serve(settings: Settings, begun: float) -> int:
    leave_on_sigterm()
    with DemoModel(settings):
        code = asyncio.run(sign_in_code(runtime()))
        config = uvicorn.Config(
            "builder.builder:app",
            factory=True,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            ws="websockets-sansio",
            ws_max_size=4 << 20,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        server = Announcing(config, settings, code, begun)
        try:
            server.run()
        finally:
            runtime().close()
    return 0 if server.started else 1


class Announcing(uvicorn.Server):
    """A server that says where it is and how to get in, once it listens."""

    def __init__(self, config: uvicorn.Config, settings: Settings, code: str, begun: float) -> None:
        super().__init__(config)
        self._settings, self._code, self._begun = settings, code, begun

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        origin = self._settings.origin
        print(f"\n  Greenlane is ready after {time.monotonic() - self._begun:.1f} s: {origin}")
        print(f"  Sign in once with this link (valid for 24 hours):\n\n    {origin}/sign-in?code={self._code}\n")
        if self._settings.demo_model:
            print("  Models answer from a script until you bind real ones on the Models page.")
        print("  Stop with Ctrl+C. `greenlane sign-in` prints a fresh link.\n", flush=True)


def _reflex_environment() -> dict[str, str]:
    """Node from PyPI in front, npm instead of bun, no telemetry, a lock without the addresses it was fetched from."""
    beside = Path(sys.executable).parent
    return {
        "PATH": f"{beside}{os.pathsep}{os.environ.get('PATH', '')}",
        "REFLEX_USE_NPM": "1",
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
        "REFLEX_TELEMETRY_ENABLED": "false",
    }


def _fingerprint(settings: Settings) -> str:
    """Changes when the pages would be built differently: sources, locks, and the address baked into them."""
    digest = sha256(settings.origin.encode())
    for pattern in (*_SOURCES, *_BESIDE):
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "assets/external" not in path.as_posix():
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _is_built(settings: Settings) -> bool:
    return STAMP.exists() and STAMP.read_text() == _fingerprint(settings)


def _build(settings: Settings, environment: Mapping[str, str]) -> None:
    print("  Building the pages. The first time fetches their libraries and takes a minute or two.", flush=True)
    STAMP.unlink(missing_ok=True)
    command = [shutil.which("reflex", path=environment["PATH"]) or "reflex", "export", "--frontend-only", "--no-zip"]
    log = ROOT / ".data" / "build.log"
    log.parent.mkdir(mode=0o700, exist_ok=True)
    begun = time.monotonic()
    with log.open("w") as out:
        child = subprocess.Popen(  # noqa: S603 - a fixed command
            command, cwd=ROOT, env={**without_secrets(os.environ), **environment}, stdout=out, stderr=subprocess.STDOUT
        )
        while child.poll() is None:
            time.sleep(0.2)
            if sys.stdout.isatty():
                print(f"\r  … {time.monotonic() - begun:.0f} s", end="", flush=True)
    if child.returncode:
        print("\n".join(log.read_text().splitlines()[-25:]), file=sys.stderr)
        raise SystemExit(f"The pages could not be built; the whole log is in {log.relative_to(ROOT)}.")
    STAMP.write_text(_fingerprint(settings))
    print(f"\r  Built in {time.monotonic() - begun:.0f} s.", flush=True)
