"""The release of this program: its number and, where it is known, its commit.

The number is written in one place, pyproject.toml. A bundle and a package have it in the file RELEASE too, with the
commit that they were built from; a checkout asks git.
"""

import subprocess  # nosec B404 # asks git for the commit of this checkout only
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = "RELEASE"
_COMMIT_LETTERS = 8
_GIT_SECONDS = 5


@dataclass(frozen=True)
class Release:
    """A release: its number, and the first letters of its commit (empty: not known)."""

    version: str
    commit: str = ""

    @property
    def text(self) -> str:
        """The release in one word, such as 0.2.0+401343ed."""
        return f"{self.version}+{self.commit}" if self.commit else self.version


@cache
def current() -> Release:
    """Return the release of this program."""
    return read(ROOT)


def read(root: Path) -> Release:
    """Return the release of a program in a folder: of its file RELEASE, else of pyproject.toml and git."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        return parse((root / FILE).read_text("utf-8"))
    with suppress(OSError, ValueError, LookupError, TypeError):
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
        return Release(str(project["project"]["version"]), _commit_of_checkout(root))
    return Release("0.0.0")


def parse(text: str) -> Release:
    """Return the release that the text of a file RELEASE names.

    Raises:
        LookupError: it names none.
        ValueError: it is no TOML.
    """
    built = tomllib.loads(text)
    return Release(str(built["version"]), str(built.get("commit", ""))[:_COMMIT_LETTERS])


def _commit_of_checkout(root: Path) -> str:
    if not (root / ".git").exists():
        return ""
    with suppress(OSError, subprocess.SubprocessError):
        command = ["git", "-C", str(root), "rev-parse", f"--short={_COMMIT_LETTERS}", "HEAD"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_GIT_SECONDS, check=False)  # noqa: S603  # nosec B603 # no text of others
        return answer.stdout.strip()
    return ""
