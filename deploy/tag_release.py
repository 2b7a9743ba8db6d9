"""Tag a release: `make release VERSION=0.3.0` sets the number, closes the change log, commits and tags with the notes.

Usage: python deploy/tag_release.py VERSION KEY [FOLDER]
       python deploy/tag_release.py --check [FOLDER]
       python deploy/tag_release.py --notes [FOLDER]

KEY is the ssh key that signs the tag, or `unsigned`. `--check` compares number, change log and tags, `--notes` prints
the notes of the present number. Towncrier makes them from the files in changes/. The heading of a release in
CHANGELOG.md marks its commit: a push leaves tags behind.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kiosk.base.clock import SYSTEM, local
from sync.versions import is_older, parse_version

START = "<!-- releases -->\n"
UNSIGNED = "unsigned"
HEADING = re.compile(r"^## (\d+\.\d+\.\d+) \(\d{4}-\d{2}-\d{2}\)$", re.MULTILINE)
VERSION_LINE = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)


class Refused(Exception):  # noqa: N818 - reads well in "raise Refused"
    """The release cannot be tagged; the text says why."""


def fragments(root: Path) -> list[Path]:
    """Return the files of changes that no release has yet."""
    return sorted((root / "changes").glob("*.*.md"))


def close_changes(root: Path, version: str, day: date) -> None:
    """Move the fragments into CHANGELOG.md, below the heading of the release; git has both changes staged.

    Raises:
        Refused: there are no fragments, or towncrier does not take one of them.
    """
    if not fragments(root):
        raise Refused("changes/ lists nothing that is new")
    towncrier = str(Path(sys.executable).with_name("towncrier"))
    command = [towncrier, "build", "--yes", "--dir", str(root), "--version", version, "--date", day.isoformat()]
    built = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if built.returncode:
        _git(root, "restore", "--staged", "--worktree", ".")
        raise Refused(built.stderr.strip() or built.stdout.strip())
    log = root / "CHANGELOG.md"
    log.write_text(re.sub(r"\n{3,}", "\n\n", log.read_text("utf-8")).rstrip() + "\n", "utf-8")


def notes_of(changes: str, version: str) -> str:
    """Return the notes of a release: its section of the change log; empty without a heading."""
    found = re.search(rf"^## {re.escape(version)} \([^)]*\)\n", changes, re.MULTILINE)
    return changes[found.end() :].partition("\n## ")[0].strip() if found else ""


def set_version(project: str, version: str) -> str:
    """Return the text of pyproject.toml with the number of the release.

    Args:
        project: the present text.
        version: the number; the present one may be released as long as it was not.

    Raises:
        Refused: the number is no release number, or is lower than the present one.
    """
    found = VERSION_LINE.search(project)
    present = found[1] if found else ""
    if parse_version(version) is None:
        raise Refused(f"{version} is no number of a release, such as 0.3.0")
    if is_older(version, present):
        raise Refused(f"{version} is not higher than {present}")
    return VERSION_LINE.sub(f'version = "{version}"', project, count=1)


def check(root: Path) -> list[str]:
    """Return what disagrees between the number in pyproject.toml, the change log and the tags.

    The newest section of the change log has the present number, and each tag has the notes of its section. Without a
    section nothing was released yet. A clone that has no tags at all is not asked for them.
    """
    changes = (root / "CHANGELOG.md").read_text("utf-8")
    present = _present(root)
    released = HEADING.findall(changes)
    tags = [name.removeprefix("v") for name in _git(root, "tag", "--list", "v*").split()]
    faults = []
    if changes.count(START) != 1:
        faults.append(f"CHANGELOG.md has no line {START.strip()}")
    if released and released[0] != present:
        faults.append(f"pyproject.toml has {present}, the newest section of CHANGELOG.md is {released[0]}")
    if released != sorted(released, key=version_numbers, reverse=True):
        faults.append("the sections of CHANGELOG.md are not in the order of their numbers")
    if tags:
        faults += [f"release {version} has no tag v{version}" for version in released if version not in tags]
    for version in tags:
        message = _git(root, "for-each-ref", "--format=%(contents:subject)%0a%(contents:body)", f"refs/tags/v{version}")
        notes = notes_of(changes, version)
        if not notes or " ".join(notes.split()) not in " ".join(message.split()):
            faults.append(f"tag v{version} has not the notes of its section in CHANGELOG.md")
    return faults


def _present(root: Path) -> str:
    found = VERSION_LINE.search((root / "pyproject.toml").read_text("utf-8"))
    return found[1] if found else ""


def version_numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, to sort by."""
    return tuple(int(part) for part in version.split("."))


def tag(root: Path, version: str, key: str, day: date) -> None:
    """Write number and heading, commit, and make an annotated tag; a release that is closed already gets its tag alone.

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
    if _git(root, "tag", "--list", f"v{version}"):
        raise Refused(f"the tag v{version} is there already")
    log = root / "CHANGELOG.md"
    if version not in HEADING.findall(log.read_text("utf-8")):
        project = root / "pyproject.toml"
        text = set_version(project.read_text("utf-8"), version)
        close_changes(root, version, day)
        project.write_text(text, "utf-8")
        _git(root, "commit", "--quiet", "-m", f"Release {version}", "pyproject.toml", "CHANGELOG.md", "changes")
    notes = notes_of(log.read_text("utf-8"), version)
    signing = ["--annotate"] if key == UNSIGNED else ["--sign"]
    ssh = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={key}"]
    message = ["--cleanup=verbatim", "-m", f"Release {version}\n\n{notes}\n"]
    _git(root, *ssh, "tag", *signing, f"v{version}", *message, _closing_commit(root, version))


def _closing_commit(root: Path, version: str) -> str:
    """Return the commit that has put the heading of a release into the change log."""
    found = _git(root, "log", "--format=%H", f"-S\n## {version} (", "--", "CHANGELOG.md").split()
    return found[-1]


def main(arguments: Sequence[str]) -> None:
    """Tag or check; end with what is wrong."""
    if list(arguments[:1]) == ["--check"]:
        faults = check(Path(*arguments[1:]))
        sys.exit("\n".join(faults) or None)
    if list(arguments[:1]) == ["--notes"]:
        root = Path(*arguments[1:])
        sys.stdout.write(notes_of((root / "CHANGELOG.md").read_text("utf-8"), _present(root)) + "\n")
        return
    version, key, *folder = [*arguments, "", ""][:2] + list(arguments[2:3])
    try:
        tag(Path(*folder), version, key, local(SYSTEM.now()).date())
    except Refused as refused:
        sys.exit(f"usage: make release VERSION=0.3.0 SIGN_KEY=~/.ssh/id_ed25519 ({refused})")


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1:])
