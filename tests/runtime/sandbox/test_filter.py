"""The filter of system calls, tried by a process that puts it on itself."""

import struct
import subprocess

import pytest

from runtime.sandbox import filter as calls
from runtime.sandbox.cage import ROOT, interpreter

TRY = """
import ctypes, errno, os, sys
from runtime.sandbox import filter as calls
libc = ctypes.CDLL(None, use_errno=True)
calls.put_on(calls.{which})
{what}
print("alive", flush=True)
"""

pytestmark = pytest.mark.skipif(not calls.known(), reason="no filter for this processor")


def under(which: str, what: str) -> subprocess.CompletedProcess[str]:
    """What a process says that puts this filter on and then does this."""
    command = interpreter("nothing")
    program = command[2].partition("; from nothing")[0]
    written = program + "\n" + TRY.format(which=which, what=what)
    return subprocess.run(
        [command[0], "-ISBc", written], cwd=ROOT, env={}, capture_output=True, text=True, timeout=20, check=False
    )


def test_what_computes_is_not_disturbed():
    assert under("inner(threads=False)", "assert sum(range(1000)); bytearray(10_000_000)").stdout == "alive\n"


@pytest.mark.parametrize(
    ("which", "what"),
    [
        ("outer()", "libc.socket(2, 1, 0)"),
        ("outer()", "libc.socket(1, 1, 0)"),
        ("outer()", "libc.unshare(0x10000000)"),
        ("outer()", "libc.ptrace(0, 0, 0, 0)"),
        ("outer()", "libc.mount(b'a', b'/', b'tmpfs', 0, None)"),
        ("inner(threads=False)", "libc.open(b'/etc/passwd', 0)"),
        ("inner(threads=False)", "libc.execve(b'/bin/sh', None, None)"),
        ("inner(threads=False)", "libc.fork()"),
        ("inner(threads=False)", "libc.kill(1, 0)"),
        ("inner(threads=True)", "libc.open(b'/etc/passwd', 0)"),
        ("inner(threads=True)", "libc.execve(b'/bin/sh', None, None)"),
    ],
)
def test_what_reaches_out_is_refused_and_the_process_lives(which, what):
    done = under(which, f"assert {what} == -1, 'it went through'; assert ctypes.get_errno() == errno.EPERM")
    assert (done.stdout, done.stderr) == ("alive\n", "")


def test_a_program_is_eight_bytes_a_line_and_checks_the_architecture_first():
    program = calls.outer()
    assert len(program) % 8 == 0
    code, _, _, at = struct.unpack("HBBI", program[:8])
    assert (code, at) == (0x20, 4)


def test_every_call_has_a_number_of_its_own():
    for table in (calls._REACHING, calls._COMPUTING):
        for column in (0, 1):
            numbers = [each[column] for each in table.values() if each[column] >= 0]
            assert len(numbers) == len(set(numbers))


def test_nothing_is_both_refused_and_needed():
    assert not set(calls._REACHING) & set(calls._COMPUTING)
