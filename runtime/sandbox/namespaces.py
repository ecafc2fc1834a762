"""Why bubblewrap builds no cage here, and what to do about it: from its last words and what the kernel tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_UNKNOWN = "Unknown option"
_OLDEST = "0.5"
_BARS = {
    "user/max_user_namespaces": (
        "0",
        "the kernel permits no user namespaces (user.max_user_namespaces is 0)",
        "Permit some: sysctl -w user.max_user_namespaces=15000",
    ),
    "kernel/unprivileged_userns_clone": (
        "0",
        "the kernel permits user namespaces to root alone (kernel.unprivileged_userns_clone is 0)",
        "Permit them to all users: sysctl -w kernel.unprivileged_userns_clone=1",
    ),
    "kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "AppArmor permits user namespaces only to programs that have a profile for it"
        " (kernel.apparmor_restrict_unprivileged_userns is 1)",
        "Load a profile for bwrap that says `userns,`; or permit them to all programs:"
        " sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
}
"""switch of the kernel: what it stands at where it bars, the words, what to do"""
_STAYS = ". The same line without `sysctl -w`, in a file in /etc/sysctl.d, makes it stay."
_CONTAINERS = (".dockerenv", "run/.containerenv", "run/secrets/kubernetes.io")
_OF_A_CONTAINER = (
    "This server runs in a container, whose seccomp and AppArmor profiles have to permit it unshare, mount and"
    " pivot_root. In Docker these are --security-opt seccomp=… and --security-opt apparmor=…; on other platforms ask"
    " who runs them. Or run Greenlane beside the containers, as a service of its own."
)
_OF_A_FILTER = (
    "This server was started under a filter of system calls that refuses namespaces: look at SystemCallFilter and"
    " RestrictNamespaces of its service."
)
_OTHERWISE = "The kernel has to permit user namespaces to the user this server runs as."


def why_none(last_words: str, *, root: Path = Path("/")) -> tuple[str, str]:
    """The cause, and the advice. `root` is where the machine's files begin."""
    if _UNKNOWN in last_words:
        return (
            f"it is too old ({last_words})",
            f"Install bubblewrap {_OLDEST} or newer; Debian brings it since version 12.",
        )
    for cause, advice in _barred(root):
        return cause, advice + _STAYS
    if any((root / each).exists() for each in _CONTAINERS):
        return last_words, _OF_A_CONTAINER
    if "Seccomp:\t2" in _text(root / "proc/self/status"):
        return last_words, _OF_A_FILTER
    return last_words, _OTHERWISE


def _barred(root: Path) -> Iterator[tuple[str, str]]:
    for switch, (barring, cause, advice) in _BARS.items():
        if _text(root / "proc/sys" / switch).strip() == barring:
            yield cause, advice


def _text(path: Path) -> str:
    """What is in a file of the kernel; nothing where this one has none."""
    try:
        return path.read_text()
    except OSError:
        return ""
