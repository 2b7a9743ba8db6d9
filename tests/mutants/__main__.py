"""`python -m tests.mutants [name ...]`: plant a defect into a copy of the project; the simulation must find it.

The simulation must pass on the copy without a defect, and fail with each one. The first line of a patch says in words
what is wrong, the rest is a diff. The exit code is 1 when a defect was not found.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATCHES = Path(__file__).parent
SUITE = ("-m", "pytest", "tests/simulation", "-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider")
_INVARIANT = re.compile(
    r"^E +(?:AssertionError: )?(I\d+[^\n]{0,60}|[A-Z]\w+(?:Error|Restored|Unavailable|Full)\b[^\n]{0,60})", re.M
)
_ANY_ERROR = re.compile(r"^E +([^\n]{1,70})", re.M)


def names() -> list[str]:
    """Return the names of the defects."""
    return sorted(patch.stem for patch in PATCHES.glob("*.patch"))


def description(name: str) -> str:
    """Return what is wrong with a defect, in words."""
    return (PATCHES / f"{name}.patch").read_text(encoding="utf-8").partition("\n")[0]


def copy_project(folder: Path) -> None:
    """Copy all files of the project that git tracks."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listing.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)


def apply_patch(folder: Path, name: str, *options: str) -> None:
    """Apply a patch to a copy; `-R` reverts it, `--check` only checks whether it applies.

    Raises:
        CalledProcessError: the patch does not apply.
    """
    patch = str(PATCHES / f"{name}.patch")
    command = ["git", "apply", *options, "--unsafe-paths", f"--directory={folder}", patch]
    subprocess.run(command, cwd="/", capture_output=True, check=True)


def run_suite(folder: Path) -> tuple[bool, str]:
    """Run the simulation in a copy; return whether it passed, and its first error."""
    run = subprocess.run([sys.executable, *SUITE], cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError(run.stdout[-2000:] + run.stderr[-2000:])
    error = _INVARIANT.search(run.stdout) or _ANY_ERROR.search(run.stdout)
    return run.returncode == 0, error[1] if error else ""


def is_found(folder: Path, name: str) -> bool:
    """Plant one defect, run the simulation, revert the patch, and print the result."""
    begun = time.monotonic()
    apply_patch(folder, name)
    has_passed, error = run_suite(folder)
    apply_patch(folder, name, "-R")
    result = "NOT FOUND" if has_passed else f"found: {error}"
    print(f"{name:<28} {time.monotonic() - begun:4.0f} s  {description(name)}\n{'':<28}         {result}", flush=True)
    return not has_passed


def main(wanted: list[str]) -> int:
    """Plant the named defects, or all."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        copy_project(folder)
        if not wanted and not run_suite(folder)[0]:
            print("the simulation fails without a defect: it cannot find one")
            return 1
        found = [is_found(folder, name) for name in wanted or names()]
    print(f"{found.count(True)} found, {found.count(False)} not")
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
