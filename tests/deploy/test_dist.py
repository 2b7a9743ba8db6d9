"""`make dist` collects the files of a release, with checksums that a key signs."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.config import ROOT

VERIFY = "ssh-keygen -Y verify -f signers -I thanh-pho -n ward-kiosk -s SHA256SUMS.sig"
CHANGES = "# Changes\n\n<!-- releases -->\n\n## 0.3.0 (2026-12-01)\n\n### Technicians\n\n- An alarm.\n"


def run(*command: str, folder: Path, given: bytes = b"") -> int:
    return subprocess.run(command, cwd=folder, input=given, capture_output=True, check=False).returncode


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Make a checkout at the commit that closed 0.3.0, in which everything was built."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "0.3.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGES)
    (tmp_path / ".gitignore").write_text("/build/\n")
    person = ("-c", "user.name=Ward", "-c", "user.email=ward@example.com")
    for command in (("init", "-q"), ("add", "."), (*person, "commit", "-q", "-m", "Release 0.3.0")):
        assert run("git", *command, folder=tmp_path) == 0
    for name in ("kiosk", "sync"):
        (tmp_path / name).symlink_to(ROOT / name)
    architecture = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    debs = [f"{name}_0.3.0_{architecture.stdout.strip()}.deb" for name in ("ward-kiosk", "ward-gateway")]
    bundle = ["bundle/ward-kiosk/SBOM.json", "bundle/ward-kiosk/LICENCES.txt", "ward-kiosk.tar.gz", "ward-kiosk.sha256"]
    for name in (*debs, *(f"{deb}.sha256" for deb in debs), *bundle, "film/ward-kiosk.webm", "site/index.html"):
        path = tmp_path / "build" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_a_release_has_the_files_that_its_guide_lists_and_signed_checksums(built: Path) -> None:
    assert run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key", folder=built) == 0
    (built / "build" / "ward-kiosk.sha256.sig").write_text("signature")
    assert run("sh", "deploy/dist.sh", sys.executable, "key", folder=built) == 0
    dist = built / "build" / "dist"
    assert (dist / "NOTES.md").read_text() == "### Technicians\n\n- An alarm.\n"
    assert run("sha256sum", "-c", "SHA256SUMS", folder=dist) == 0
    listed = {line.split()[1] for line in (dist / "SHA256SUMS").read_text().splitlines()}
    assert listed | {"SHA256SUMS", "SHA256SUMS.sig"} == {path.name for path in dist.iterdir()}
    (dist / "signers").write_text("thanh-pho " + (built / "key.pub").read_text())
    sums = (dist / "SHA256SUMS").read_bytes()
    assert run(*VERIFY.split(), folder=dist, given=sums) == 0
    assert run(*VERIFY.split(), folder=dist, given=sums.replace(b"NOTES", b"NOTE5")) != 0
    guide = (ROOT / "docs" / "releases.md").read_text("utf-8")
    assert VERIFY in guide
    kinds = {re.sub(r"_.*\.deb", "", name).removesuffix(".sha256").removesuffix(".sig") for name in listed}
    assert [kind for kind in kinds if kind not in guide] == []


def test_a_build_that_is_missing_ends_it(built: Path) -> None:
    (built / "build" / "film" / "ward-kiosk.webm").unlink()
    assert run("sh", "deploy/dist.sh", sys.executable, folder=built) != 0
