"""Tag a release: `make release VERSION=0.3.0` sets the number, closes the change log, commits and tags with the notes.

Usage: python deploy/tag_release.py VERSION [FOLDER]
"""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from kiosk.clock import SYSTEM, local
from sync.versions import is_older, parse_version

OPEN = "## Unreleased\n"
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


def set_version(project: str, version: str) -> str:
    """Return the text of pyproject.toml with the number of the release.

    Raises:
        Refused: the number is no release number, or is not higher than the present one.
    """
    found = VERSION_LINE.search(project)
    present = found[1] if found else ""
    if parse_version(version) is None:
        raise Refused(f"{version} is no number of a release, such as 0.3.0")
    if not is_older(present, version):
        raise Refused(f"{version} is not higher than {present}")
    return VERSION_LINE.sub(f'version = "{version}"', project, count=1)


def tag(root: Path, version: str, day: date) -> None:
    """Write number and heading, commit, and make an annotated tag."""
    if _git(root, "status", "--porcelain"):
        raise Refused("commit first: the checkout has changes")
    project = root / "pyproject.toml"
    log = root / "CHANGELOG.md"
    text = set_version(project.read_text("utf-8"), version)
    changes, notes = close_changes(log.read_text("utf-8"), version, day)
    project.write_text(text, "utf-8")
    log.write_text(changes, "utf-8")
    _git(root, "commit", "--quiet", "-m", f"Release {version}", "pyproject.toml", "CHANGELOG.md")
    _git(root, "tag", "--annotate", f"v{version}", "--cleanup=verbatim", "-m", f"Release {version}\n\n{notes}")


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    try:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path.cwd()
        tag(folder, sys.argv[1], local(SYSTEM.now()).date())
    except (Refused, IndexError) as refused:
        sys.exit(f"usage: make release VERSION=0.3.0 ({refused})")
