"""Tag a release: `make release VERSION=0.3.0` sets the number, closes the change log, commits and tags with the notes.

Usage: python deploy/tag_release.py VERSION KEY [FOLDER]
       python deploy/tag_release.py --check [FOLDER]

KEY is the ssh key that signs the tag, or `unsigned`. `--check` compares number, change log and tags.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kiosk.base.clock import SYSTEM, local
from sync.versions import is_older, parse_version

OPEN = "## Unreleased\n"
UNSIGNED = "unsigned"
HEADING = re.compile(r"^## (\d+\.\d+\.\d+) \(\d{4}-\d{2}-\d{2}\)$", re.MULTILINE)
VERSION_LINE = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)


class Refused(Exception):  # noqa: N818 - reads well in "raise Refused"
    """The release cannot be tagged; the text says why."""


def close_changes(changes: str, version: str, day: date) -> tuple[str, str]:
    """Return the change log with a heading for the release, and the notes of the release.

    Raises:
        Refused: nothing is listed as unreleased, or the release has a heading already.
    """
    before, found, rest = changes.partition(OPEN)
    notes = rest.partition("\n## ")[0].strip()
    if not found or not notes:
        raise Refused("CHANGELOG.md lists nothing below ## Unreleased")
    if f"\n## {version} " in changes:
        raise Refused(f"CHANGELOG.md has release {version} already")
    return f"{before}{OPEN}\n## {version} ({day.isoformat()})\n{rest}", notes


def notes_of(changes: str, version: str) -> str:
    """Return the notes of a release: its section of the change log; empty without a heading."""
    found = re.search(rf"^## {re.escape(version)} \([^)]*\)\n", changes, re.MULTILINE)
    return changes[found.end() :].partition("\n## ")[0].strip() if found else ""


def set_version(project: str, version: str, released: Sequence[str]) -> str:
    """Return the text of pyproject.toml with the number of the release.

    Args:
        project: the present text.
        version: the number; the present one may be tagged as long as it was not released.
        released: the numbers of the change log.

    Raises:
        Refused: the number is no release number, or is not higher than the present one.
    """
    found = VERSION_LINE.search(project)
    present = found[1] if found else ""
    if parse_version(version) is None:
        raise Refused(f"{version} is no number of a release, such as 0.3.0")
    is_first = version == present and present not in released
    if not is_first and not is_older(present, version):
        raise Refused(f"{version} is not higher than {present}")
    return VERSION_LINE.sub(f'version = "{version}"', project, count=1)


def check(root: Path) -> list[str]:
    """Return what disagrees between the number in pyproject.toml, the change log and the tags.

    The newest section of the change log has the present number, and each tag has the notes of its section. Without a
    section nothing was released yet.
    """
    changes = (root / "CHANGELOG.md").read_text("utf-8")
    found = VERSION_LINE.search((root / "pyproject.toml").read_text("utf-8"))
    present = found[1] if found else ""
    released = HEADING.findall(changes)
    tags = [name.removeprefix("v") for name in _git(root, "tag", "--list", "v*").split()]
    faults = []
    if changes.count(OPEN) != 1:
        faults.append("CHANGELOG.md has no heading ## Unreleased")
    if released and released[0] != present:
        faults.append(f"pyproject.toml has {present}, the newest section of CHANGELOG.md is {released[0]}")
    if released != sorted(released, key=version_numbers, reverse=True):
        faults.append("the sections of CHANGELOG.md are not in the order of their numbers")
    faults += [f"release {version} has no tag v{version}" for version in released if version not in tags]
    for version in tags:
        message = _git(root, "for-each-ref", "--format=%(contents:subject)%0a%(contents:body)", f"refs/tags/v{version}")
        notes = notes_of(changes, version)
        if not notes or " ".join(notes.split()) not in " ".join(message.split()):
            faults.append(f"tag v{version} has not the notes of its section in CHANGELOG.md")
    return faults


def version_numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, to sort by."""
    return tuple(int(part) for part in version.split("."))


def tag(root: Path, version: str, key: str, day: date) -> None:
    """Write number and heading, commit, and make an annotated tag.

    Args:
        root: the checkout.
        version: the number of the release.
        key: the ssh key that signs the tag, or `unsigned`: a forgotten key is no choice.
        day: the day of the release.

    Raises:
        Refused: it cannot be tagged; nothing was changed.
    """
    if not key:
        raise Refused("who signs? SIGN_KEY=~/.ssh/id_ed25519, or UNSIGNED=1 for a trial")
    if _git(root, "status", "--porcelain"):
        raise Refused("commit first: the checkout has changes")
    project = root / "pyproject.toml"
    log = root / "CHANGELOG.md"
    before = log.read_text("utf-8")
    text = set_version(project.read_text("utf-8"), version, HEADING.findall(before))
    changes, notes = close_changes(before, version, day)
    project.write_text(text, "utf-8")
    log.write_text(changes, "utf-8")
    _git(root, "commit", "--quiet", "-m", f"Release {version}", "pyproject.toml", "CHANGELOG.md")
    signing = ["--annotate"] if key == UNSIGNED else ["--sign"]
    ssh = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={key}"]
    _git(root, *ssh, "tag", *signing, f"v{version}", "--cleanup=verbatim", "-m", f"Release {version}\n\n{notes}\n")


def main(arguments: list[str]) -> None:
    """Tag or check; end with what is wrong."""
    if arguments[:1] == ["--check"]:
        faults = check(Path(*arguments[1:]))
        sys.exit("\n".join(faults) or None)
    version, key, *folder = [*arguments, "", ""][:2] + arguments[2:3]
    try:
        tag(Path(*folder), version, key, local(SYSTEM.now()).date())
    except Refused as refused:
        sys.exit(f"usage: make release VERSION=0.3.0 SIGN_KEY=~/.ssh/id_ed25519 ({refused})")


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1:])
