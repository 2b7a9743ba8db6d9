"""The jail's filter for each processor, executed here instruction by instruction, against the kernel's own tables.

An arm64 machine was not at hand, and an emulator of processes has no seccomp. So the filter is run on every number of a
system call, and the numbers come from the kernel's headers (Debian package linux-libc-dev).
"""

import re
from pathlib import Path

import pytest

from kiosk.uploads import jail

HEADERS = {
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
}
AUDIT_ARCH = {"aarch64": 0x80000000 | 0x40000000 | 183, "x86_64": 0x80000000 | 0x40000000 | 62}
"""64 bits, little endian, and the processor's number in ELF files: as in linux/audit.h."""
COMPUTING = {
    "read", "write", "close", "fstat", "lseek", "mmap", "mprotect", "munmap", "brk", "rt_sigaction", "rt_sigprocmask",
    "rt_sigreturn", "mremap", "madvise", "setitimer", "exit", "getrusage", "futex", "clock_gettime", "exit_group",
}  # fmt: skip
"""System calls that a decoder may make: they compute, allocate memory, or use open files."""
ALLOW, DENY, KILL = 0x7FFF0000, 0x00050001, 0x80000000
X32 = 0x40000000


def decide(program: list[tuple[int, int, int, int]], architecture: int, number: int) -> int:
    """Run a filter as the kernel does; return its verdict."""
    data = {0: number, 4: architecture}
    loaded = at = 0
    while True:
        code, if_true, if_false, value = program[at]
        at += 1
        if code == 0x20:  # load a word of the call
            loaded = data[value]
        elif code == 0x15:  # jump if it is equal
            at += if_true if loaded == value else if_false
        else:
            assert code == 0x06, "return"
            return value


def numbers(machine: str) -> dict[str, int]:
    """Return the number of each system call by the kernel's header; a name may lead to another one."""
    found = dict(re.findall(r"^#define __NR(?:3264)?_(\w+) (\d+)$", HEADERS[machine].read_text(), re.MULTILINE))
    return {name: int(number) for name, number in found.items()}


@pytest.mark.parametrize("machine", [name for name, path in HEADERS.items() if path.exists()])
def test_the_filter_allows_the_calls_that_compute_and_no_other(machine: str) -> None:
    program = jail.filter_program(machine)
    table = numbers(machine)
    verdicts = {number: decide(program, AUDIT_ARCH[machine], number) for number in range(600)}
    assert {number for number, verdict in verdicts.items() if verdict == ALLOW} == {table[name] for name in COMPUTING}
    assert set(verdicts.values()) == {ALLOW, DENY}


@pytest.mark.parametrize("machine", sorted(AUDIT_ARCH))
def test_a_call_of_another_kind_of_processor_ends_the_process(machine: str) -> None:
    """A 64-bit process can make 32-bit calls, whose numbers mean something else."""
    program = jail.filter_program(machine)
    for architecture in (3 | 0x40000000, 40 | 0x40000000, *(set(AUDIT_ARCH.values()) - {AUDIT_ARCH[machine]})):
        assert decide(program, architecture, 0) == KILL
    assert decide(program, AUDIT_ARCH[machine], X32) == DENY


def test_a_processor_that_is_not_known_has_no_jail() -> None:
    with pytest.raises(jail.NoJail):
        jail.filter_program("riscv64")
