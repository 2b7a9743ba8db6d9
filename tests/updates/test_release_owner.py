"""The owner of the releases installs what it has verified itself, whatever a kiosk that was taken over asks."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from kiosk.base.clock import SYSTEM
from kiosk.config import Config
from kiosk.updates import download, owner, owner_requests, trust, update
from kiosk.updates.errors import BrokenOff, NothingThere, NotSetUp, NotTrusted, OwnerAway
from kiosk.updates.owner_requests import OwnerRequests
from tests.updates.province import LATER, NEXT, PRESENT, Province, programs
from tests.updates.test_update import _fetch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the owner, as the package makes it."""
    folder = tmp_path / "owner"
    (folder / owner.INBOX).mkdir(parents=True)
    return folder


@pytest.fixture
def unit(machine: Config, folder: Path) -> Iterator[None]:
    """Answer each request, as the unit does."""
    end = Event()

    def answer() -> None:
        while not end.wait(0.01):
            if (folder / owner.INBOX / owner.REQUEST).exists():
                owner.answer_request(programs(machine), folder)

    thread = Thread(target=answer)
    thread.start()
    yield
    end.set()
    thread.join()


def _requests(machine: Config, folder: Path, seconds: float = 60.0) -> OwnerRequests:
    return OwnerRequests(folder, machine.updates_folder / "metadata", machine.release_root, seconds)


def _fetched(machine: Config, version: str = NEXT) -> tuple[trust.Published, Path]:
    _fetch(machine, version)
    found = next(each for each in trust.kept(machine.updates_folder / "metadata") if each.version == version)
    return found, download.path_of(update.downloads(machine.updates_folder), found)


@pytest.mark.machine_date
@pytest.mark.usefixtures("unit")
def test_an_update_and_the_way_back_are_asked_of_the_owner(
    machine: Config, province: Province, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner_requests, "FOLDER", folder)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    province.publish_program(NEXT)
    _fetch(machine)
    before = os.umask(0o077)
    try:
        assert update.apply(machine, SYSTEM) == NEXT
    finally:
        os.umask(before)
    assert programs(machine).current() == NEXT
    assert update.back(machine, SYSTEM) == PRESENT
    assert programs(machine).current() == PRESENT
    assert (folder / owner.ROOT).read_bytes() == machine.release_root.read_bytes()
    assert [path.name for path in (folder / owner.INBOX).iterdir()] == []


@pytest.mark.usefixtures("unit")
def test_a_root_of_trust_beside_the_settings_is_taken_once_and_a_forged_one_never(
    machine: Config, province: Province, folder: Path
) -> None:
    province.publish_program(NEXT)
    _requests(machine, folder).install(*_fetched(machine))
    stranger = Province(province.folder / "stranger")
    stranger.publish_program(LATER)
    machine.release_root.write_bytes(stranger.repository.root_file().read_bytes())
    for path in (machine.updates_folder / "metadata").rglob("*.json"):
        path.unlink()
    for path in (province.place / "metadata").iterdir():
        path.unlink()
    for kind in ("metadata", "targets"):
        for path in (stranger.place / kind).iterdir():
            (province.place / kind / path.name).write_bytes(path.read_bytes())
    with pytest.raises(NotTrusted):
        _requests(machine, folder).install(*_fetched(machine, LATER))
    assert programs(machine).versions() == [PRESENT, NEXT]
    assert (folder / owner.ROOT).read_bytes() != machine.release_root.read_bytes()


@pytest.mark.usefixtures("unit")
def test_keys_that_the_root_before_has_signed_are_followed(machine: Config, province: Province, folder: Path) -> None:
    province.publish_program(NEXT)
    _requests(machine, folder).install(*_fetched(machine))
    old, new = province.signers
    province.repository.replace_key("targets", old.public_key.keyid, province.roots[2].public_key, province.roots[:2])
    province.signers = [province.roots[2], new]
    province.publish_program(LATER)
    _requests(machine, folder).install(*_fetched(machine, LATER))
    assert LATER in programs(machine).versions()


@pytest.mark.usefixtures("unit")
def test_a_list_older_than_one_that_the_owner_has_seen_is_refused(
    machine: Config, province: Province, folder: Path
) -> None:
    province.publish_program(NEXT)
    found, archive = _fetched(machine)
    older = {path: path.read_bytes() for path in (machine.updates_folder / "metadata").glob("*.json")}
    province.publish_program(LATER)
    _requests(machine, folder).install(*_fetched(machine, LATER))
    for path, content in older.items():
        path.write_bytes(content)
    with pytest.raises(NotTrusted):
        _requests(machine, folder).install(found, archive)


@pytest.mark.usefixtures("unit")
def test_an_archive_that_was_changed_is_not_unpacked(machine: Config, province: Province, folder: Path) -> None:
    province.publish_program(NEXT)
    found, archive = _fetched(machine)
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    with pytest.raises(BrokenOff):
        _requests(machine, folder).install(found, archive)
    assert programs(machine).versions() == [PRESENT]
    assert not (folder / "downloads").exists()


@pytest.mark.usefixtures("unit")
def test_the_present_release_is_not_installed_again_and_only_what_is_there_is_switched_to(
    machine: Config, province: Province, folder: Path
) -> None:
    province.publish_program(NEXT)
    found, archive = _fetched(machine)
    requests = _requests(machine, folder)
    requests.install(found, archive)
    requests.switch(NEXT)
    with pytest.raises(NothingThere):
        requests.install(found, archive)
    with pytest.raises(NothingThere):
        requests.switch(LATER)
    requests.switch(PRESENT)
    assert programs(machine).current() == PRESENT


@pytest.mark.usefixtures("unit")
def test_a_machine_without_a_root_of_trust_installs_nothing(machine: Config, province: Province, folder: Path) -> None:
    province.publish_program(NEXT)
    fetched = _fetched(machine)
    machine.release_root.write_bytes(b"")
    with pytest.raises(NotSetUp):
        _requests(machine, folder).install(*fetched)
    assert not (folder / owner.ROOT).exists()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"install 77.0.0\n",
        b"delete 77.0.0 0123456789abcdef\n",
        b"switch ../../evil 0123456789abcdef\n",
        b"switch 77.0.0 0123456789abcdef\nswitch 78.0.0 0123456789abcdef\n",
        b"\xff" * 200,
    ],
)
def test_a_request_of_another_shape_is_deleted_and_does_nothing(machine: Config, folder: Path, text: bytes) -> None:
    request = folder / owner.INBOX / owner.REQUEST
    request.write_bytes(text)
    owner.answer_request(programs(machine), folder)
    assert not request.exists()
    assert not (folder / owner.ANSWER).exists()
    assert programs(machine).current() == PRESENT


def test_a_request_that_is_a_link_or_a_pipe_is_not_opened(machine: Config, folder: Path, tmp_path: Path) -> None:
    request = folder / owner.INBOX / owner.REQUEST
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(f"switch {PRESENT} 0123456789abcdef\n")
    request.symlink_to(elsewhere)
    owner.answer_request(programs(machine), folder)
    assert elsewhere.exists()
    assert not request.is_symlink()
    os.mkfifo(request)
    owner.answer_request(programs(machine), folder)
    assert not request.exists()
    assert not (folder / owner.ANSWER).exists()


def test_an_owner_that_does_not_answer_leaves_the_present_release(machine: Config, folder: Path) -> None:
    requests = _requests(machine, folder, seconds=0.0)
    with pytest.raises(OwnerAway):
        requests.switch(NEXT)
    assert list((folder / owner.INBOX).iterdir()) == []
    with pytest.raises(OwnerAway):
        OwnerRequests(folder / "none", machine.updates_folder / "metadata", machine.release_root).switch(NEXT)
