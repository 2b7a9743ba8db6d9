"""`python -m tests.mutants [name ...]`: plant a defect into a copy of the house, and see the simulation find it.

The suite has to be green on the copy as it is, and red with each patch. A patch is a text: its first line says what is
wrong in words, the rest is a diff. 1 when a defect was not found.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PATCHES = Path(__file__).parent
SUITE = ("-m", "pytest", "tests/simulation", "-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider")
_FOUND = re.compile(
    r"^E +(?:AssertionError: )?(I\d+[^\n]{0,60}|[A-Z]\w+(?:Error|Restored|Unavailable|Full)\b[^\n]{0,60})", re.M
)
_ANYTHING = re.compile(r"^E +([^\n]{1,70})", re.M)


def names() -> list[str]:
    """List the defects."""
    return sorted(patch.stem for patch in PATCHES.glob("*.patch"))


def words(name: str) -> str:
    """Say what is wrong with a defect."""
    return (PATCHES / f"{name}.patch").read_text(encoding="utf-8").partition("\n")[0]


def copied(place: Path) -> Path:
    """Lay a copy of all that belongs to the house."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (HOUSE / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(HOUSE / name, place / name)
    return place


def plant(place: Path, name: str, *ways: str) -> None:
    """Apply a patch to a copy; ``-R`` takes it out again, ``--check`` only looks whether it fits."""
    asked = ["git", "apply", *ways, "--unsafe-paths", f"--directory={place}", str(PATCHES / f"{name}.patch")]
    subprocess.run(asked, cwd="/", capture_output=True, check=True)


def told(place: Path) -> tuple[bool, str]:
    """Run the suite in a copy: is it green, and if not, what was found first."""
    run = subprocess.run([sys.executable, *SUITE], cwd=place, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError(run.stdout[-2000:] + run.stderr[-2000:])
    found = _FOUND.search(run.stdout) or _ANYTHING.search(run.stdout)
    return run.returncode == 0, found[1] if found else ""


def main(wanted: list[str]) -> int:
    """Plant the defects that are named, or all."""
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        place = copied(Path(folder))
        if not wanted and not told(place)[0]:
            print("the suite is red as it is: nothing can be said of defects")
            return 1
        for name in wanted or names():
            begun = time.monotonic()
            plant(place, name)
            is_green, why = told(place)
            plant(place, name, "-R")
            missed += [name] if is_green else []
            said = "NOT FOUND" if is_green else f"found: {why}"
            print(f"{name:<28} {time.monotonic() - begun:4.0f} s  {words(name)}\n{'':<28}         {said}", flush=True)
    print(f"{len(wanted or names()) - len(missed)} found, {len(missed)} not")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
