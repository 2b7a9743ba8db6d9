"""The release is one number in one place, and everything that speaks of the program names it."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deploy import tag_release
from kiosk.base import release
from kiosk.base.log import close_log, open_log
from kiosk.base.release import Release
from kiosk.cli import main
from kiosk.config import ROOT, Config
from kiosk.web.app import create_app
from sync.versions import is_older, parse_version, version_of_agent
from tests.conftest import copy_store


def test_a_checkout_knows_its_number_and_its_commit() -> None:
    found = release.read(ROOT)
    assert parse_version(found.version) is not None
    assert f'version = "{found.version}"' in (ROOT / "pyproject.toml").read_text("utf-8")
    if (ROOT / ".git").exists():
        head = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
        assert head.stdout.startswith(found.commit)
        assert len(found.commit) == 8


def test_the_file_of_a_bundle_is_believed_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "0.9.9"\n')
    assert release.read(tmp_path) == Release("0.9.9")
    (tmp_path / "RELEASE").write_text('version = "1.2.3"\ncommit = "401343ed0123456789"\n')
    assert release.read(tmp_path) == Release("1.2.3", "401343ed")
    assert release.read(tmp_path).text == "1.2.3+401343ed"


@pytest.mark.parametrize("text", ["", "version = ", "version = 3\n[", "other = 1"])
def test_a_spoilt_file_stops_no_start(tmp_path: Path, text: str) -> None:
    (tmp_path / "RELEASE").write_text(text)
    assert release.read(tmp_path) == Release("0.0.0")


def test_the_command_line_says_the_release(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == f"ward-kiosk {release.current().text}"


def test_the_foot_of_the_technicians_pages_has_the_release(config: Config, empty_store_file: Path) -> None:
    copy_store(empty_store_file, config.store_path)
    app = create_app(config)
    try:
        assert app.jinja_env.globals["release"] == release.current().text
        with app.test_request_context("/technician/"):
            text = (ROOT / "templates/technician/base.html").read_text("utf-8")
        assert "Bản {{ release }}" in text
    finally:
        app.extensions["context"].store.close()


def test_the_log_takes_the_release_of_a_start(tmp_path: Path) -> None:
    import logging

    path = tmp_path / "log" / "kiosk.log"
    handler = open_log(path)
    logging.getLogger("kiosk.test").info("started", extra={"release": "0.12.0+401343ed"})
    close_log(handler)
    assert json.loads(path.read_text())["release"] == "0.12.0+401343ed"


@pytest.mark.parametrize(
    ("version", "minimum", "older"),
    [
        ("0.9.0", "0.10.0", True),
        ("0.10.0", "0.10.0", False),
        ("0.10.1", "0.10.0", False),
        ("1.0.0", "0.99.99", False),
        ("", "0.1.0", True),
        ("0.2", "0.1.0", True),
        ("0.2.0rc1", "0.1.0", True),
        ("0.1.0", "", False),
        ("", "", False),
    ],
)
def test_releases_are_compared_as_numbers(version: str, minimum: str, older: bool) -> None:
    assert is_older(version, minimum) == older


def test_only_a_number_is_read_of_a_user_agent() -> None:
    assert version_of_agent("ward-kiosk/0.12.0") == "0.12.0"
    assert [version_of_agent(text) for text in ("ward-kiosk", "", "curl/8.0.1", "ward-kiosk/1.0.0 (x)")] == [""] * 4


FIRST = "# Changes\n\n<!-- releases -->\n\n## 0.1.0 (2026-11-01)\n\n### Officers and leads\n\n- The first.\n"
BARE = FIRST.partition("\n## 0.1.0")[0]


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _commit(folder: Path, subject: str) -> str:
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "-m", subject)
    return _git(folder, "rev-parse", "HEAD").strip()


def _checkout(folder: Path, changes: str = FIRST) -> Path:
    """Make a checkout with number 0.1.0, the project's rules for fragments, and two of them."""
    project = tag_release.VERSION_LINE.sub('version = "0.1.0"', (ROOT / "pyproject.toml").read_text("utf-8"), count=1)
    (folder / "pyproject.toml").write_text(project)
    (folder / "CHANGELOG.md").write_text(changes)
    (folder / "changes").mkdir()
    for name in ("README.md", "template.md"):
        shutil.copy(ROOT / "changes" / name, folder / "changes")
    (folder / "changes" / "thing.officers.md").write_text("A thing.\nIt has two lines.\n")
    (folder / "changes" / "alarm.technicians.md").write_text("An alarm.\n")
    _git(folder, "init", "--quiet")
    _git(folder, "config", "user.email", "ward@example.com")
    _git(folder, "config", "user.name", "Ward")
    _commit(folder, "First")
    return folder


def test_a_release_is_tagged_with_its_notes_and_a_heading(tmp_path: Path) -> None:
    root = _checkout(tmp_path)
    tag_release.tag(root, "0.2.0", "unsigned", date(2026, 11, 28))
    section = (
        "<!-- releases -->\n\n## 0.2.0 (2026-11-28)\n\n### Officers and leads\n\n- A thing.\n  It has two lines.\n\n"
        "### Technicians\n\n- An alarm.\n\n## 0.1.0 (2026-11-01)\n\n### Officers and leads\n\n- The first.\n"
    )
    assert (root / "CHANGELOG.md").read_text() == f"# Changes\n\n{section}"
    shown = _git(root, "tag", "-n19", "v0.2.0")
    assert "Release 0.2.0" in shown
    assert "- An alarm." in shown
    assert "The first" not in shown
    assert release.read(root).version == "0.2.0"
    assert sorted(path.name for path in (root / "changes").iterdir()) == ["README.md", "template.md"]
    assert _git(root, "status", "--porcelain") == ""


def test_a_release_that_was_closed_without_a_tag_gets_it_on_the_commit_that_closed_it(tmp_path: Path) -> None:
    root = _checkout(tmp_path, f"{BARE}\n")
    tag_release.tag(root, "0.2.0", "unsigned", date(2026, 11, 28))
    closed = _git(root, "rev-parse", "HEAD")
    _git(root, "tag", "--delete", "v0.2.0")
    assert tag_release.check(root) == [], "tags do not travel with a push"
    (root / "changes" / "later.officers.md").write_text("A later thing.\n")
    _commit(root, "Later")
    tag_release.tag(root, "0.2.0", "unsigned", date(2026, 12, 1))
    assert _git(root, "rev-parse", "v0.2.0^{commit}") == closed
    assert tag_release.check(root) == []
    assert len(tag_release.fragments(root)) == 1
    with pytest.raises(tag_release.Refused, match="there already"):
        tag_release.tag(root, "0.2.0", "unsigned", date(2026, 12, 1))


def test_nothing_new_is_no_release(tmp_path: Path) -> None:
    root = _checkout(tmp_path)
    for path in tag_release.fragments(root):
        path.unlink()
    _commit(root, "Nothing")
    with pytest.raises(tag_release.Refused, match="nothing that is new"):
        tag_release.tag(root, "0.2.0", "unsigned", date(2026, 11, 28))
    assert _git(root, "status", "--porcelain") == ""


@pytest.mark.parametrize("version", ["0.0.9", "0.2", "v0.2.0", ""])
def test_a_number_that_is_not_higher_is_refused(tmp_path: Path, version: str) -> None:
    root = _checkout(tmp_path)
    with pytest.raises(tag_release.Refused):
        tag_release.tag(root, version, "unsigned", date(2026, 11, 28))
    assert (root / "CHANGELOG.md").read_text() == FIRST


def test_a_number_that_was_never_released_can_be_the_first(tmp_path: Path) -> None:
    root = _checkout(tmp_path, f"{BARE}\n")
    tag_release.tag(root, "0.1.0", "unsigned", date(2026, 11, 28))
    assert tag_release.check(root) == []
    with pytest.raises(tag_release.Refused):
        tag_release.tag(root, "0.1.0", "unsigned", date(2026, 11, 28))


def test_a_tag_without_a_key_needs_a_word(tmp_path: Path) -> None:
    root = _checkout(tmp_path)
    with pytest.raises(tag_release.Refused, match="UNSIGNED=1"):
        tag_release.tag(root, "0.2.0", "", date(2026, 11, 28))
    assert (root / "CHANGELOG.md").read_text() == FIRST


@pytest.mark.parametrize("keygen", [path for path in [shutil.which("ssh-keygen")] if path])
def test_a_tag_is_signed_by_the_key_of_the_province(keygen: str, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (tmp_path / "checkout").mkdir()
    root = _checkout(tmp_path / "checkout", BARE)
    tag_release.tag(root, "0.2.0", str(key), date(2026, 11, 28))
    signers = tmp_path / "signers"
    signers.write_text(f"ward@example.com {key.with_suffix('.pub').read_text()}")
    verify = ["git", "-C", str(root), "-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={signers}"]
    assert subprocess.run([*verify, "verify-tag", "v0.2.0"], capture_output=True, check=False).returncode == 0
    assert tag_release.check(root) == [], "the signature is no part of the notes"


@pytest.mark.parametrize(
    ("file", "before", "after", "fault"),
    [
        ("pyproject.toml", '"0.2.0"', '"0.3.0"', "pyproject.toml has 0.3.0"),
        ("CHANGELOG.md", "- A thing.", "- Another thing.", "tag v0.2.0 has not the notes"),
        ("CHANGELOG.md", "## 0.2.0 (", "## 0.2.1 (", "release 0.2.1 has no tag"),
        ("CHANGELOG.md", "<!-- releases -->\n", "", "no line <!-- releases -->"),
    ],
)
def test_number_notes_and_tag_that_disagree_are_named(
    tmp_path: Path, file: str, before: str, after: str, fault: str
) -> None:
    root = _checkout(tmp_path, BARE)
    tag_release.tag(root, "0.2.0", "unsigned", date(2026, 11, 28))
    assert tag_release.check(root) == []
    text = (root / file).read_text()
    assert before in text
    (root / file).write_text(text.replace(before, after, 1))
    assert fault in "; ".join(tag_release.check(root))


def test_this_checkout_agrees_and_a_copy_of_it_can_be_tagged(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        return  # a bundle has no tags
    root = tmp_path / "copy"
    clone = ["git", "clone", "--quiet", "--no-hardlinks", "--depth=1", f"file://{ROOT}", str(root)]
    subprocess.run(clone, check=True, capture_output=True)
    for name, value in (("user.email", "ward@example.com"), ("user.name", "Ward")):
        subprocess.run(["git", "-C", str(root), "config", name, value], check=True)
    assert tag_release.check(root) == []
    (root / "changes" / "thing.officers.md").write_text("A thing.\n")
    _commit(root, "Change something")
    tag_release.tag(root, "99.0.0", "unsigned", date(2026, 11, 28))
    changes = (root / "CHANGELOG.md").read_text("utf-8")
    tags = _git(root, "tag", "--list").split()
    for closed in [found for found in tag_release.HEADING.findall(changes) if f"v{found}" not in tags]:
        tag_release.tag(root, closed, "unsigned", date(2026, 11, 28))
    assert tag_release.check(root) == []
    notes = tag_release.notes_of(changes, "99.0.0")
    assert notes.startswith("### "), "the notes are the fragments, by their readers"


FRAGMENT = re.compile(r"[a-z0-9-]+\.[a-z]+\.md")
READERS = tuple(
    kind["directory"]
    for kind in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]["type"]
)


def fragment_faults(folder: Path) -> list[str]:
    """Return what is wrong with the files of changes: towncrier leaves out those that it does not know."""
    faults = []
    for path in sorted(folder.iterdir()):
        text = path.read_text("utf-8")
        if path.name in {"README.md", "template.md"}:
            continue
        if not FRAGMENT.fullmatch(path.name) or path.name.split(".")[1] not in READERS:
            faults.append(f"{path.name}: name it <thing>.<readers>.md, readers of {', '.join(READERS)}")
        elif not text.strip().endswith((".", ")")) or text.startswith(("-", "*", "#")):
            faults.append(f"{path.name}: whole sentences without a bullet")
    return faults


def test_each_change_is_a_file_that_the_next_release_takes() -> None:
    assert fragment_faults(ROOT / "changes") == []
    listed = (ROOT / "changes" / "README.md").read_text("utf-8")
    assert all(f"\n| {kind} |" in listed for kind in READERS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("thing.md", "A thing."),
        ("thing.bugfix.md", "A thing."),
        ("Thing one.officers.md", "A thing."),
        ("thing.officers.md", "- A thing."),
        ("thing.officers.md", "thing"),
    ],
)
def test_a_file_that_a_release_would_leave_out_or_misprint_is_named(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert len(fragment_faults(tmp_path)) == 1


def test_nothing_is_tagged_over_changes_that_are_not_committed(tmp_path: Path) -> None:
    root = _checkout(tmp_path)
    (root / "more").write_text("x")
    with pytest.raises(tag_release.Refused):
        tag_release.tag(root, "0.2.0", "unsigned", date(2026, 11, 28))


def _unpack(folder: Path) -> None:
    """Unpack the program of a bundle into a folder, as a technician does, perhaps a second time."""
    with TemporaryDirectory() as fresh:
        options = [f"INTO={fresh}", f"BIN={Path(sys.executable).parent}"]
        command = ["make", "-C", str(ROOT), "--no-print-directory", "tree", *options]
        subprocess.run(command, check=True, capture_output=True)
        shutil.copytree(fresh, folder, dirs_exist_ok=True, symlinks=True)


def test_a_second_unpacking_of_a_bundle_leaves_the_wards_settings_alone(tmp_path: Path) -> None:
    _unpack(tmp_path)
    assert release.read(tmp_path) == release.read(ROOT)
    subprocess.run(["make", "-C", str(tmp_path), "kiosk.toml"], check=True, capture_output=True)
    settings = tmp_path / "kiosk.toml"
    assert settings.read_bytes() == (ROOT / "kiosk.toml").read_bytes(), "a ward begins with the shipped settings"
    settings.write_text("[kiosk]\nid = 'PK07'\n")
    _unpack(tmp_path)
    subprocess.run(["make", "-C", str(tmp_path), "kiosk.toml"], check=True, capture_output=True)
    assert settings.read_text() == "[kiosk]\nid = 'PK07'\n"
