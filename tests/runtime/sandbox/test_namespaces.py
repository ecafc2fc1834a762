"""A machine on which no cage can be built: the cause is named, and what to do about each."""

import shutil
import subprocess
import sys

import pytest

from runtime.sandbox.cage import ROOT
from runtime.sandbox.namespaces import why_none

SAID = "bwrap: No permissions to create new namespace"


@pytest.fixture
def machine(tmp_path):
    """A root folder as the kernel fills it."""

    def made(files):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return tmp_path

    return made


@pytest.mark.parametrize(
    ("files", "cause", "advice"),
    [
        (
            {"proc/sys/user/max_user_namespaces": "0\n"},
            "no user namespaces",
            "sysctl -w user.max_user_namespaces=15000",
        ),
        (
            {"proc/sys/user/max_user_namespaces": "100\n", "proc/sys/kernel/unprivileged_userns_clone": "0\n"},
            "root alone",
            "sysctl -w kernel.unprivileged_userns_clone=1",
        ),
        ({"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n"}, "AppArmor", "profile for bwrap"),
        ({".dockerenv": ""}, SAID, "--security-opt seccomp="),
        ({"run/.containerenv": ""}, SAID, "This server runs in a container"),
        ({"proc/self/status": "Name:\tpython\nSeccomp:\t2\n"}, SAID, "RestrictNamespaces"),
        ({"proc/self/status": "Name:\tpython\nSeccomp:\t0\n"}, SAID, "has to permit user namespaces"),
    ],
)
def test_each_cause_has_its_own_advice(machine, files, cause, advice):
    told = why_none(SAID, root=machine(files))
    assert cause in told[0]
    assert advice in told[1]


def test_switches_that_permit_are_not_blamed(machine):
    root = machine({
        "proc/sys/user/max_user_namespaces": "96365\n", "proc/sys/kernel/unprivileged_userns_clone": "1\n",
        "proc/sys/kernel/apparmor_restrict_unprivileged_userns": "0\n",
    })  # fmt: skip
    assert why_none(SAID, root=root)[0] == SAID


def test_a_bubblewrap_that_is_too_old_is_told_as_such(machine):
    cause, advice = why_none("bwrap: Unknown option --clearenv", root=machine({}))
    assert "too old" in cause
    assert "0.5 or newer" in advice


@pytest.mark.slow
def test_where_the_kernel_really_permits_none_it_says_so():
    if shutil.which("unshare") is None or shutil.which("bwrap") is None:
        pytest.skip("unshare or bubblewrap is not installed")
    look = "from runtime.sandbox.cage import cage; print(cage().works, cage().why_not, cage().advice)"
    command = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$0" -c "$1"'
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "sh", "-c", command, sys.executable, look],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"no user namespace can be made here: {done.stderr.strip()}")
    assert done.stdout.startswith(
        "False bubblewrap is installed but builds no cage: the kernel permits no user namespaces"
    )
    assert "sysctl -w user.max_user_namespaces=15000. The same line" in done.stdout
