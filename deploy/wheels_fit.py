"""Check that the wheels of a bundle are for this Python and this processor, before pip fails at the first of them.

Usage: python deploy/wheels_fit.py WHEELS

Ends with 2 and a sentence that says which Python the bundle needs. It uses Python's own library only.
"""

import platform
import re
import sys
from pathlib import Path

_TAGS = re.compile(r"-cp3([0-9]+)-cp3[0-9]+-[^-]*?(?:_(x86_64|aarch64))?\.whl$")
"""Python and processor of a wheel with C code for one Python; a wheel for all of them has other tags."""


def find_fault(names: list[str], *, minor: int, machine: str) -> str:
    """Return in Vietnamese and English why wheels do not fit; empty where they do.

    Args:
        names: file names of the wheels.
        minor: 13 of Python 3.13.
        machine: the processor, such as x86_64.
    """
    tags = [(int(found[1]), found[2]) for name in names if (found := _TAGS.search(name))]
    pythons = sorted({python for python, _ in tags})
    if tags and minor not in pythons:
        wanted = ", ".join(f"3.{python}" for python in pythons)
        command = f"make install PYTHON=python3.{pythons[0]}"
        return (
            f"Gói này cho Python {wanted}, máy có Python 3.{minor}. Xin gói đóng trên Debian cùng bản với máy này.\n"
            f"Máy có sẵn Python đó thì xóa thư mục .venv rồi gõ: {command}\n"
            f"This bundle is for Python {wanted}, and this is Python 3.{minor}. Ask for one built on this Debian,\n"
            f"or with that Python installed delete .venv and run: {command}"
        )
    machines = sorted({processor for _, processor in tags if processor})
    if machines and machine not in machines:
        return (
            f"Gói này cho máy {machines[0]}, máy này là {machine}. Xin gói đóng cho {machine}.\n"
            f"This bundle is for {machines[0]}, and this machine is {machine}. Ask for a bundle for {machine}."
        )
    return ""


def main(folder: str) -> int:
    """Check the wheels of a folder; return the exit status."""
    names = [path.name for path in Path(folder).glob("*.whl")]
    fault = find_fault(names, minor=sys.version_info.minor, machine=platform.machine())
    if fault:
        sys.stderr.write(f"{fault}\n")
    return 2 if fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
