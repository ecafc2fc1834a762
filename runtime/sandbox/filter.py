"""The filter of system calls a caged process lives under: classic BPF, written here, checked by the kernel.

`outer` holds for everything in a cage: what could reach out of it, or the kernel's rarely used corners, is refused.
`inner` is put on a worker by itself once it is ready: it names the few calls that computing and answering need, and
all others are refused.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

_REFUSED = 0x00050000 | 1
"""the call returns EPERM"""
_KILLED, _PERMITTED = 0x80000000, 0x7FFF0000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06

_SECCOMP = {"x86_64": 317, "aarch64": 277}
_NO_NEW_RIGHTS, _FILTER, _ALL_THREADS = 38, 1, 1
ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""machine → the kernel's number for it, and the column of its calls below"""

# name: (x86_64, aarch64); -1 where a machine has no such call
_REACHING: dict[str, tuple[int, int]] = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242), "bind": (49, 200),
    "listen": (50, 201), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "personality": (135, 92), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "sethostname": (170, 161), "setdomainname": (171, 162),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "acct": (163, 89),
    "quotactl": (179, 60), "syslog": (103, 116), "iopl": (172, -1), "ioperm": (173, -1), "mknod": (133, -1),
    "mknodat": (259, 33), "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430),
    "fsmount": (432, 432), "mount_setattr": (442, 442), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "vhangup": (153, 58), "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180), "memfd_create": (319, 279), "fanotify_init": (300, 262), "inotify_init1": (294, 26),
}  # fmt: skip
_SERVING = ("socket", "connect", "accept", "accept4", "bind", "listen")
_COMPUTING: dict[str, tuple[int, int]] = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "poll": (7, -1), "ppoll": (271, 73), "lseek": (8, 62),
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "mremap": (25, 216),
    "madvise": (28, 233), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132), "recvfrom": (45, 207), "sendto": (44, 206), "recvmsg": (47, 212), "sendmsg": (46, 211),
    "futex": (202, 98), "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115), "clock_gettime": (228, 113), "gettimeofday": (96, 169), "time": (201, -1),
    "getrandom": (318, 278), "getpid": (39, 172), "gettid": (186, 178), "exit": (60, 93), "exit_group": (231, 94),
    "restart_syscall": (219, 128), "epoll_wait": (232, -1), "epoll_pwait": (281, 22), "epoll_ctl": (233, 21),
    "eventfd2": (290, 19), "readv": (19, 65), "writev": (20, 66), "fcntl": (72, 25), "membarrier": (324, 283),
    "getrusage": (98, 165), "rseq": (334, 293), "set_robust_list": (273, 99), "wait4": (61, 260), "waitid": (247, 95),
    "tgkill": (234, 131), "ioctl": (16, 29), "fstat": (5, 80),
}  # fmt: skip
_THREADS: dict[str, tuple[int, int]] = {"clone": (56, 220), "clone3": (435, 435)}


def known() -> bool:
    """Whether there is a filter for this machine."""
    return os.uname().machine in ARCHITECTURES


def outer(*, serves: bool = False) -> bytes:
    """All is permitted but what reaches out; what `serves` may use sockets."""
    reaching = {name: each for name, each in _REACHING.items() if not (serves and name in _SERVING)}
    return _program(_numbers(reaching), then=_REFUSED, else_=_PERMITTED)


def inner(*, threads: bool) -> bytes:
    """Nothing is permitted but what computing needs; the client of the Python interpreter also begins threads."""
    return _program(_numbers(_COMPUTING | (_THREADS if threads else {})), then=_PERMITTED, else_=_REFUSED)


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def put_on(program: bytes) -> None:
    """Put a filter on every thread of this process and on all it starts; there is no way back."""
    libc = ctypes.CDLL(None, use_errno=True)
    filled = _Program(len(program) // 8, program)
    refused = libc.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    refused = refused or libc.syscall(_SECCOMP[os.uname().machine], _FILTER, _ALL_THREADS, ctypes.byref(filled))
    if refused:
        raise OSError(ctypes.get_errno(), "the filter of system calls could not be put on")


def _numbers(calls: dict[str, tuple[int, int]]) -> list[int]:
    _, column = ARCHITECTURES[os.uname().machine]
    return sorted(number for each in calls.values() if (number := each[column]) >= 0)


def _program(numbers: Iterable[int], *, then: int, else_: int) -> bytes:
    """Another architecture's calls and those of the x32 kind kill the process; a listed number ends in `then`."""
    machine, _ = ARCHITECTURES[os.uname().machine]
    lines = [
        _line(_LOAD, 4), _line(_EQUAL, machine, 1, 0), _line(_RETURN, _KILLED),
        _line(_LOAD, 0), _line(_AT_LEAST, 0x40000000, 0, 1), _line(_RETURN, _KILLED),
    ]  # fmt: skip
    for number in numbers:
        lines += [_line(_EQUAL, number, 0, 1), _line(_RETURN, then)]
    return b"".join([*lines, _line(_RETURN, else_)])


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
