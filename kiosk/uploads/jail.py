"""Jail of the decoding process: after `enter` it computes and writes to open pipes, nothing else.

It needs no root and no other program. Layers, each of which holds alone where the next one is missing:

- resource limits: memory, processor time, no new file descriptor, no child process;
- Landlock without any rule, where the kernel has it (Debian 12 and 13 do): no path can be opened;
- seccomp: a list of allowed system calls. None of them opens, connects, starts a process or touches another one.

Seccomp is required, because only it protects the memory of the kiosk, which runs as the same user.
"""

import ctypes
import os
import platform
import resource
import signal
from ctypes import POINTER, Structure, byref, c_long, c_ubyte, c_uint32, c_uint64, c_ushort, c_void_p, sizeof
from pathlib import Path
from typing import ClassVar

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 30
PAGE_CPU_SECONDS = 5
"""Processor time of one page or photo; A4 at 600 dpi takes half a second."""

_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_RESTRICT_SELF = 446
_LANDLOCK_VERSION_FLAG = 1
_FS_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""Number of rights to files by version of Landlock's interface; all of them are taken away."""
_MAX_LANDLOCK = 6
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_FILTER = 2

_LOAD_WORD = 0x20
_JUMP_IF_EQUAL = 0x15
_RETURN = 0x06
_ALLOW = 0x7FFF0000
_DENY = 0x00050001
"""The call returns EPERM: libraries that ask for fonts or threads go on without."""
_KILL = 0x80000000
_NUMBER_OFFSET = 0
_ARCH_OFFSET = 4

_CALLS: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            "read": 0,
            "write": 1,
            "close": 3,
            "fstat": 5,
            "lseek": 8,
            "mmap": 9,
            "mprotect": 10,
            "munmap": 11,
            "brk": 12,
            "rt_sigaction": 13,
            "rt_sigprocmask": 14,
            "rt_sigreturn": 15,
            "mremap": 25,
            "madvise": 28,
            "setitimer": 38,
            "exit": 60,
            "getrusage": 98,
            "futex": 202,
            "clock_gettime": 228,
            "exit_group": 231,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "close": 57,
            "lseek": 62,
            "read": 63,
            "write": 64,
            "fstat": 80,
            "exit": 93,
            "exit_group": 94,
            "futex": 98,
            "setitimer": 103,
            "clock_gettime": 113,
            "rt_sigaction": 134,
            "rt_sigprocmask": 135,
            "rt_sigreturn": 139,
            "getrusage": 165,
            "brk": 214,
            "munmap": 215,
            "mremap": 216,
            "mprotect": 226,
            "madvise": 233,
            "mmap": 222,
        },
    ),
}
"""Number of the architecture and of each allowed system call, as in Linux's tables."""


class _Instruction(Structure):
    _fields_: ClassVar = [("code", c_ushort), ("if_true", c_ubyte), ("if_false", c_ubyte), ("value", c_uint32)]


class _Program(Structure):
    _fields_: ClassVar = [("length", c_ushort), ("instructions", POINTER(_Instruction))]


class _Ruleset(Structure):
    _fields_: ClassVar = [("files", c_uint64), ("network", c_uint64), ("scoped", c_uint64)]


class NoJail(Exception):  # noqa: N818 - named after what happened, as in errors.py
    """This machine cannot confine a process; nothing may be decoded."""


def enter() -> frozenset[str]:
    """Confine this process for ever; return the layers that hold.

    Raises:
        NoJail: the kernel or the architecture has no seccomp filter that is known here.
    """
    _limit_resources()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = c_long
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise NoJail
    layers = {"limits", "seccomp"}
    if _deny_paths(libc):
        layers.add("landlock")
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    _filter_calls(libc)
    return frozenset(layers)


def begin_page() -> None:
    """Give the next page its processor time; a page that needs more ends the process."""
    signal.setitimer(signal.ITIMER_PROF, PAGE_CPU_SECONDS)


def _limit_resources() -> None:
    """Limit memory and time, forbid children, and offer this process first when memory runs out."""
    Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    os.nice(5)
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _deny_paths(libc: ctypes.CDLL) -> bool:
    """Take away all paths, and TCP and signals to other processes where this kernel can; False without Landlock."""
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION_FLAG)
    if version < 1:
        return False
    version = min(version, _MAX_LANDLOCK)
    files = (1 << _FS_RIGHTS[min(version, max(_FS_RIGHTS))]) - 1
    rules = _Ruleset(files=files, network=3 if version >= 4 else 0, scoped=3 if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else sizeof(rules)
    ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    is_confined = libc.syscall(_LANDLOCK_RESTRICT_SELF, ctypes.c_int(ruleset), 0) == 0
    os.close(ruleset)
    return bool(is_confined)


def _filter_calls(libc: ctypes.CDLL) -> None:
    """Allow the system calls of `_CALLS` only."""
    body = filter_program(platform.machine())
    instructions = (_Instruction * len(body))(*(_Instruction(*fields) for fields in body))
    program = _Program(length=len(body), instructions=instructions)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, c_void_p(ctypes.addressof(program)), 0, 0):
        raise NoJail


def filter_program(machine: str) -> list[tuple[int, int, int, int]]:
    """Return the instructions of the seccomp filter for a processor.

    Raises:
        NoJail: its system calls are not known here.
    """
    if machine not in _CALLS:
        raise NoJail
    architecture, calls = _CALLS[machine]
    return [
        (_LOAD_WORD, 0, 0, _ARCH_OFFSET),
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD_WORD, 0, 0, _NUMBER_OFFSET),
        *((_JUMP_IF_EQUAL, len(calls) - index, 0, number) for index, number in enumerate(calls.values())),
        (_RETURN, 0, 0, _DENY),
        (_RETURN, 0, 0, _ALLOW),
    ]
