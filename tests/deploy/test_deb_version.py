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


def commit(folder: Path, at: str, changes: str = "") -> None:
    with (folder / "CHANGELOG.md").open("a") as log:
        log.write(changes)
    git(folder, "add", ".")
    git(folder, "commit", "--allow-empty", "-m", "one", at=at)


def close(folder: Path, at: str, release: str = "0.3.0") -> None:
    commit(folder, at, f"## {release} (2026-12-01)\n")


def is_sorted(versions: list[str]) -> bool:
    """Tell whether dpkg takes each version for an upgrade of the one before."""
    runs = [subprocess.run(["dpkg", "--compare-versions", a, "lt", b], check=False) for a, b in pairwise(versions)]
    return all(run.returncode == 0 for run in runs)


def test_builds_are_sorted_by_their_commits(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    commit(tmp_path, "2026-12-01T07:00:00+0700")
    found = ["0.2.0", version(tmp_path)]
    assert found[1].startswith("0.3.0~git20261201.000000.")
    commit(tmp_path, "2026-12-01T07:00:01+0700")
    found.append(version(tmp_path))
    close(tmp_path, "2026-12-01T07:00:02+0700")
    found.append(version(tmp_path))
    assert found[-1] == "0.3.0"
    for at in ("2026-12-01T23:59:00+0700", "2026-12-02T08:00:00+0700"):
        commit(tmp_path, at)
        found.append(version(tmp_path))
        assert found[-1].startswith("0.3.0+git2026120")
    found.append(version(tmp_path, "0.4.0"))
    assert is_sorted(found)


def test_a_tag_that_is_missing_or_late_makes_no_build_a_downgrade(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    commit(tmp_path, "2026-12-01T07:00:00+0700", "# Changes\n")
    before = version(tmp_path)
    close(tmp_path, "2026-12-01T07:00:01+0700")
    closed = version(tmp_path)
    commit(tmp_path, "2026-12-01T07:00:02+0700")
    after = version(tmp_path)
    git(tmp_path, "tag", "v0.3.0")
    assert version(tmp_path) == after, "a tag changes no version"
    assert is_sorted([before, closed, after])


def test_a_merge_and_a_shallow_clone_of_a_release_are_newer_than_it(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    commit(root, "2026-12-01T07:00:00+0700")
    git(root, "switch", "-q", "-c", "release")
    close(root, "2026-12-01T07:00:01+0700")
    git(root, "switch", "-q", "main")
    (root / "other").touch()
    commit(root, "2026-12-01T07:00:02+0700")
    git(root, "merge", "-q", "--no-edit", "release", at="2026-12-01T07:00:03+0700")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{root}", "shallow")
    assert is_sorted(["0.3.0", version(root)])
    assert version(tmp_path / "shallow") == version(root)
