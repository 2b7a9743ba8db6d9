"""Debian version of a build: sorted by its commits, and different for each."""

import os
import subprocess
from itertools import pairwise
from pathlib import Path

from kiosk.config import ROOT

SCRIPT = ROOT / "deploy" / "deb-version.sh"
PERSON = {f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *arguments: str, at: str = "") -> None:
    env = os.environ | PERSON | ({"GIT_COMMITTER_DATE": at} if at else {})
    subprocess.run(["git", "-C", str(folder), *arguments], env=env, check=True, capture_output=True)


def version(folder: Path, release: str = "0.3.0") -> str:
    run = subprocess.run(["sh", str(SCRIPT), release], cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def commit(folder: Path, at: str) -> None:
    git(folder, "commit", "--allow-empty", "-m", "one", at=at)


def test_builds_are_sorted_by_their_commits(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    commit(tmp_path, "2026-12-01T07:00:00+0700")
    found = [version(tmp_path)]
    assert found[0].startswith("0.3.0~git20261201.000000.")
    commit(tmp_path, "2026-12-01T07:00:01+0700")
    found.append(version(tmp_path))
    git(tmp_path, "tag", "v0.3.0")
    found.append(version(tmp_path))
    assert found[-1] == "0.3.0"
    for at in ("2026-12-01T23:59:00+0700", "2026-12-02T08:00:00+0700"):
        commit(tmp_path, at)
        found.append(version(tmp_path))
        assert found[-1].startswith("0.3.0+git2026120")
    found.append(version(tmp_path, "0.4.0"))
    for older, newer in pairwise(found):
        subprocess.run(["dpkg", "--compare-versions", older, "lt", newer], check=True)
