"""Checksum and signature of the bundle, and the reasons of ignored security findings."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from kiosk.config import ROOT

CHECK = "sha256sum -c ward-kiosk.sha256"
VERIFY = "ssh-keygen -Y verify -f signers -I thanh-pho -n ward-kiosk -s ward-kiosk.sha256.sig"
IGNORE = re.compile(r"# (?:noqa: S\d+|nosec)")
REASON = re.compile(r"# nosec B\d+ # [\w`][^#]{3,}$")
"""Ruff's S and bandit's B are the same checks: a line that ignores one ignores both, for one reason."""


def _run(*command: str, folder: Path, given: bytes = b"") -> int:
    return subprocess.run(command, cwd=folder, input=given, capture_output=True, check=False).returncode


def _build(tmp_path: Path, *options: str) -> Path:
    """Make the checksum of an archive, and with a key its signature, as `make bundle` does."""
    build = tmp_path / "build"
    build.mkdir()
    (build / "ward-kiosk.tar.gz").write_bytes(b"an archive")
    shutil.copy(ROOT / "Makefile", tmp_path)
    assert _run("make", "sums", *options, folder=tmp_path) == 0
    return build


def test_a_bundle_without_a_key_is_refused_unless_somebody_says_so(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    refused = subprocess.run(["make", "sums"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (refused.returncode, "UNSIGNED=1 for a trial" in refused.stdout) == (2, True)
    assert not (tmp_path / "build").exists()
    build = _build(tmp_path, "UNSIGNED=1")
    assert not (build / "ward-kiosk.sha256.sig").exists()


@pytest.mark.parametrize("goal", ["install", "run"])
def test_a_bundle_that_nobody_signed_is_installed_only_by_an_explicit_word(goal: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "UNSIGNED").write_text("A trial.")
    command = ["make", goal, "VENV=.venv", "PYTHON=false"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (refused.returncode, "GÓI NÀY KHÔNG CÓ CHỮ KÝ" in refused.stdout) == (2, True)
    assert {path.name for path in tmp_path.iterdir()} == {"Makefile", "UNSIGNED"}, "nothing of the bundle ran"
    assert _run("make", "signed", "UNSIGNED=1", folder=tmp_path) == 0
    (tmp_path / "UNSIGNED").unlink()
    assert _run("make", "signed", folder=tmp_path) == 0


def test_a_changed_bundle_fails_the_documented_check(tmp_path: Path) -> None:
    build = _build(tmp_path, "UNSIGNED=1")
    assert _run(*CHECK.split(), folder=build) == 0
    (build / "ward-kiosk.tar.gz").write_bytes(b"another archive")
    assert _run(*CHECK.split(), folder=build) != 0
    guide = (ROOT / "docs/technician.md").read_text("utf-8")
    assert CHECK in guide
    assert VERIFY in guide


@pytest.mark.parametrize("keygen", [path for path in [shutil.which("ssh-keygen")] if path])
def test_a_changed_checksum_fails_the_signature(keygen: str, tmp_path: Path) -> None:
    """Debian has ssh-keygen in openssh-client, which a machine that runs the kiosk need not have."""
    assert _run(keygen, "-q", "-t", "ed25519", "-N", "", "-f", "key", folder=tmp_path) == 0
    build = _build(tmp_path, "SIGN_KEY=key")
    (build / "signers").write_text("thanh-pho " + (tmp_path / "key.pub").read_text())
    sums = build / "ward-kiosk.sha256"
    assert _run(*VERIFY.split(), folder=build, given=sums.read_bytes()) == 0
    (build / "ward-kiosk.tar.gz").write_bytes(b"another archive")
    assert _run("sh", "-c", "sha256sum ward-kiosk.tar.gz > ward-kiosk.sha256", folder=build) == 0
    assert _run(*CHECK.split(), folder=build) == 0, "the checksum on the stick alone proves nothing"
    assert _run(*VERIFY.split(), folder=build, given=sums.read_bytes()) != 0


def _pins(name: str) -> dict[str, str]:
    """Return package -> version of a lock file."""
    return dict(re.findall(r"^([\w.-]+)==([^ \\;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-voice.lock"])
def test_a_ward_gets_the_versions_that_the_tests_run_with(name: str) -> None:
    tested = _pins("requirements-dev.lock")
    shipped = _pins(name)
    assert len(shipped) > 20
    others = {package: version for package, version in shipped.items() if tested.get(package, version) != version}
    assert others == {}, "run `make lock`"


def test_each_ignored_finding_of_security_has_a_reason() -> None:
    bare = []
    for folder in ("kiosk", "sync", "printers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if IGNORE.search(line) and not REASON.search(line):
                    bare.append(f"{path.relative_to(ROOT)}:{number} {line.strip()}")
    assert bare == [], "write it so: # noqa: S608  # nosec B608 # constants of this module"


@pytest.mark.machine_date
def test_install_makes_a_command_that_runs_from_any_folder(tmp_path: Path) -> None:
    for name in (
        "Makefile",
        "requirements.lock",
        "pyproject.toml",
        "kiosk",
        "printers",
        "sync",
        "kiosk.toml",
        "README.md",
        "LICENSE",
    ):
        (tmp_path / name).symlink_to(ROOT / name)
    venv = tmp_path / ".venv"
    assert _run(sys.executable, "-m", "venv", "--without-pip", str(venv), folder=tmp_path) == 0
    (packages,) = venv.glob("lib/python*/site-packages")
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib"))
    (venv / "run.stamp").touch()
    # VENV again: `make check VENV=...` hands its own to each make that it calls.
    assert _run("make", "VENV=.venv", ".venv/bin/kiosk", folder=tmp_path) == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    form = ROOT / "kiosk/procedures/catalogue/2.000815.toml"
    assert _run(str(venv / "bin/kiosk"), "procedure", "check", str(form), folder=elsewhere) == 0


def test_the_bill_of_a_release_names_each_package_with_licence_and_hash(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "deploy/parts.py"), sysconfig.get_path("purelib"), str(tmp_path)]
    assert _run(*command, folder=ROOT) == 0
    bill = json.loads((tmp_path / "SBOM.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "ward-kiosk")
    names = {component["name"] for component in bill["components"]}
    assert {"flask", "tuf", "cryptography", "pillow"} <= names
    assert "pytest" not in names, "a release contains no tools of its makers"
    for component in bill["components"]:
        assert component["licenses"], component["name"]
        assert component["externalReferences"][0]["hashes"], component["name"]
    texts = (tmp_path / "LICENCES.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in texts
    assert "reference_data/NOTICE.md" in texts
    assert all(f"\n{component['name']} " in texts for component in bill["components"])


def test_a_package_without_a_licence_stops_the_build(tmp_path: Path) -> None:
    info = tmp_path / "flask-3.1.3.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: flask\nVersion: 3.1.3\n")
    assert _run(sys.executable, str(ROOT / "deploy/parts.py"), str(tmp_path), str(tmp_path), folder=ROOT) != 0
