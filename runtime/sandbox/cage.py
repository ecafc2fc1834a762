"""The cage: how a child process is closed in by bubblewrap, and whether this machine can build one.

Inside there is no network, no process of ours, no file but the programs and libraries it needs (readable only), an
empty environment, a user without rights, no capability, and a filter of system calls.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from runtime.sandbox import filter as calls
from runtime.sandbox.namespaces import why_none

ROOT = Path(__file__).parents[2]
OURS = ("runtime", "nodes")
"""the only folders of this product that are seen inside"""
INTERPRETER = os.path.realpath(sys.executable)
"""not the one of the virtual environment, which is a link to it and a file that tells of folders not seen inside"""
NOBODY = "65534"
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
_SERVING = ("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp")  # noqa: S108 - its own, gone with it
_PROBE_S = 10.0


def version(bwrap: str) -> str:
    """What bubblewrap says it is."""
    return subprocess.run([bwrap, "--version"], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


@dataclass(frozen=True, slots=True)
class Cage:
    """Whether a cage can be built here, and where bubblewrap is."""

    bwrap: str
    """empty: none can be built"""
    why_not: str = ""
    """a sentence for whoever looks after the machine"""
    advice: str = ""

    @property
    def works(self) -> bool:
        return bool(self.bwrap)


@cache
def cage() -> Cage:
    """Build one and look whether a process lives in it; the answer is kept for as long as this process lives."""
    bwrap = shutil.which("bwrap", path=os.environ.get("PATH", "") + ":/usr/bin:/usr/local/bin")
    if not sys.platform.startswith("linux"):
        return Cage("", "The sandbox needs Linux.", "Run Greenlane on Linux, or in a Linux container.")
    if not calls.known():
        return Cage("", "There is no filter of system calls for this kind of processor.", "Use x86-64 or arm64.")
    if bwrap is None:
        return Cage("", "bubblewrap is not installed.", "Install it (apt-get install bubblewrap).")
    command, filter_fd = caged(bwrap, [INTERPRETER, "-ISBc", "print(1)"])
    try:
        tried = subprocess.run(  # noqa: S603 - our own interpreter
            command, capture_output=True, text=True, timeout=_PROBE_S, check=False, pass_fds=(filter_fd,), env={}
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Cage(
            "", f"bubblewrap does not start: {error}.", "Install it again (apt-get install --reinstall bubblewrap)."
        )
    finally:
        os.close(filter_fd)
    if tried.stdout.strip() != "1":
        last = (tried.stderr.strip().splitlines() or ["it said nothing"])[-1]
        cause, advice = why_none(last.partition(" See <")[0].strip(".")[:300])
        return Cage("", f"bubblewrap is installed but builds no cage: {cause}.", advice)
    return Cage(bwrap)


@contextmanager
def closed_in(command: Sequence[str], *, also: Sequence[Path] = ()) -> Generator[tuple[Sequence[str], tuple[int, ...]]]:
    """How to start `command`: in a cage where one can be built, else as it is; and the descriptors to pass on."""
    if not cage().works:
        yield command, ()
        return
    built, filter_fd = caged(cage().bwrap, command, also=also)
    try:
        yield built, (filter_fd,)
    finally:
        os.close(filter_fd)


def caged(
    bwrap: str, command: Sequence[str], *, also: Sequence[Path] = (), serves: bool = False
) -> tuple[list[str], int]:
    """How to start `command` in a cage, and the descriptor of the filter, to pass on and to close afterwards.

    `also` are further files or folders it may read. What `serves` may use sockets (of its own empty network, and those
    it was handed) and has a `/tmp` for their names."""
    filter_fd = os.memfd_create("filter", 0)
    os.write(filter_fd, calls.outer(serves=serves))
    os.lseek(filter_fd, 0, os.SEEK_SET)
    built = [
        bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL",
        "--uid", NOBODY, "--gid", NOBODY, "--hostname", "cage", "--chdir", "/",
        *(_SERVING if serves else ()), *(part for path in _mounts(also) for part in path), "--remount-ro", "/",
        "--seccomp", str(filter_fd), "--", *command,
    ]  # fmt: skip
    return built, filter_fd


def interpreter(module: str) -> list[str]:
    """The command that calls `main` of a module of ours in a bare interpreter: no environment, no site, no start-up
    files."""
    return [INTERPRETER, "-ISBc", f"import sys; sys.path += {_paths()!r}; from {module} import main; sys.exit(main())"]


def _paths() -> list[str]:
    """Where a caged interpreter finds modules beyond its own: this product, and what is installed beside it."""
    return list(dict.fromkeys([str(ROOT), sysconfig.get_path("platlib"), sysconfig.get_path("purelib")]))


def _mounts(also: Sequence[Path]) -> Iterator[tuple[str, ...]]:
    """The interpreter, the shared libraries, the installed packages, our own two folders: all to read only."""
    for each in _LIBRARIES:
        path = Path(each)
        if path.is_symlink():
            yield "--symlink", str(path.readlink()), each
        elif path.is_dir():
            yield "--ro-bind", each, each
    interpreter = Path(INTERPRETER)
    wanted = [interpreter, *_interpreter_libraries(interpreter), *map(Path, _paths()[1:]), *also]
    wanted += [ROOT / each for each in OURS]
    for path in dict.fromkeys(wanted):
        if path.exists() and not any(path.is_relative_to(each) for each in _LIBRARIES):
            yield "--ro-bind", str(path), str(path)


def seen_at_root() -> frozenset[str]:
    """What is to be seen in `/` of a cage: the ways to what is mounted, and nothing beside them."""
    return frozenset(Path(path[-1]).parts[1] for path in _mounts(()))


def _interpreter_libraries(interpreter: Path) -> list[Path]:
    """The standard library; and, of an interpreter outside the system's folders, its own shared library."""
    found = [
        Path(sysconfig.get_path("stdlib")),
        Path(sysconfig.get_path("platstdlib", vars={"platbase": sys.base_exec_prefix})),
    ]
    shared = Path(sysconfig.get_config_var("LIBDIR") or "/usr/lib")
    if not shared.is_relative_to("/usr/lib"):
        found += sorted(shared.glob("libpython*.so*"))
    return [each for each in found if not each.is_relative_to(interpreter)]
