"""A kiosk takes exactly the releases that its province has signed for it, and can go back."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.base.clock import SYSTEM, FixedClock
from kiosk.config import Config
from kiosk.store import files
from kiosk.store.db import Store
from kiosk.updates import archive, download, offer, status, store_copy, trial, trust, update
from kiosk.updates.errors import (
    BrokenOff,
    FailedProbe,
    NoRoom,
    NothingThere,
    NotIdle,
    NotSetUp,
    NotTrusted,
    OlderRelease,
    OtherMachine,
    SourceAway,
    StoreMovedOn,
    TooOld,
    UpdateRefused,
)
from kiosk.updates.offer import Offer
from kiosk.updates.programs import Programs, is_replaced
from kiosk.updates.settle import settle_failed
from kiosk.updates.sources import FolderSource
from tests.updates.province import LATER, NEXT, PRESENT, Province, content_of, make_program, programs


def _published(config: Config, version: str) -> trust.Published:
    published = update.check(config, update.open_source(config))
    return next(each for each in published if each.version == version)


def _fetch(config: Config, version: str = NEXT) -> None:
    found = _published(config, version)
    source = update.open_source(config)
    while not update.fetch(config, found, source):
        continue


@pytest.mark.machine_date
def test_an_update_and_back_leave_whole_releases_and_say_so(machine: Config, province: Province) -> None:
    tree = province.publish_program(NEXT)
    assert tree.exists()
    _fetch(machine)
    assert update.apply(machine, SYSTEM) == NEXT
    assert programs(machine).current() == NEXT
    assert content_of(programs(machine).path(NEXT)) == content_of(province.folder / f"tree-{NEXT}")
    assert trial.read(machine.updates_folder) == trial.Trial(NEXT, PRESENT, 0)
    assert status.read(machine.updates_folder).state == "trial"
    assert store_copy.copy_path(machine.updates_folder).stat().st_mode & 0o777 == 0o600
    assert update.look(machine).before == PRESENT
    assert update.back(machine, SYSTEM) == PRESENT
    assert programs(machine).current() == PRESENT
    assert trial.read(machine.updates_folder) is None
    last = status.read(machine.updates_folder)
    assert (last.state, last.target) == ("went_back", NEXT)


@pytest.mark.machine_date
def test_the_state_says_trial_before_the_link_leads_to_the_new_release(
    machine: Config, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check a power cut just after the link was replaced: the new release starts, and its state must be known."""
    states: list[str] = []
    switch = Programs.switch

    def note_state(self: Programs, version: str) -> None:
        states.append(status.read(machine.updates_folder).state)
        switch(self, version)

    monkeypatch.setattr(Programs, "switch", note_state)
    province.publish_program(NEXT)
    _fetch(machine)
    update.apply(machine, SYSTEM)
    assert states == ["trial"]


@pytest.mark.machine_date
def test_a_release_is_readable_for_everybody_like_that_of_a_package(machine: Config, province: Province) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    before = os.umask(0o077)  # that of ward-kiosk-update.service
    try:
        update.apply(machine, SYSTEM)
    finally:
        os.umask(before)
    new = programs(machine).path(NEXT)
    paths = [new, *(path for path in new.rglob("*") if not path.is_symlink())]
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o755}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} <= {0o644, 0o755}


def test_nothing_is_applied_that_was_not_downloaded(machine: Config, province: Province) -> None:
    province.publish_program(NEXT)
    update.check(machine, update.open_source(machine))
    with pytest.raises(NothingThere):
        update.apply(machine, SYSTEM)
    assert programs(machine).current() == PRESENT


def _spoil_signature(province: Province) -> None:
    path = max((province.place / "metadata").glob("*.targets.json"))
    content = json.loads(path.read_text())
    content["signed"]["targets"] = {}
    path.write_text(json.dumps(content))


def _sign_with_a_stranger(province: Province) -> None:
    stranger = Province(province.folder / "stranger")
    stranger.publish_program(NEXT)
    for path in (stranger.place / "metadata").iterdir():
        (province.place / "metadata" / path.name).write_bytes(path.read_bytes())


def _expire(province: Province) -> None:
    province.wait(days=-400)
    province.repository.refresh(province.online)


def _stop_answering(province: Province) -> None:
    (province.place / "metadata").rename(province.place / "gone")


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (_spoil_signature, NotTrusted),
        (_sign_with_a_stranger, NotTrusted),
        (_expire, TooOld),
        (_stop_answering, SourceAway),
    ],
)
def test_a_list_that_is_not_the_provinces_is_refused(
    machine: Config, province: Province, spoil: Any, refusal: type[UpdateRefused]
) -> None:
    province.publish_program(NEXT)
    spoil(province)
    with pytest.raises(refusal):
        update.check(machine, update.open_source(machine))
    assert trust.kept(machine.updates_folder / "metadata") == [] or refusal is TooOld
    assert programs(machine).current() == PRESENT


def test_the_list_is_read_while_a_refresh_makes_the_link_of_the_root_anew(
    machine: Config, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    province.publish_program(NEXT)
    update.check(machine, update.open_source(machine))
    folder = machine.updates_folder / "metadata"
    link = folder / "root.json"
    root = link.readlink()
    link.unlink()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("kiosk.updates.trust.time.sleep", lambda _seconds: link.symlink_to(root))
        assert [found.version for found in trust.kept(folder)] == [NEXT]
    link.unlink()
    with pytest.raises(NotTrusted):
        trust.kept(folder)


def test_an_older_list_than_the_one_seen_is_refused(machine: Config, province: Province, tmp_path: Path) -> None:
    province.publish_program(NEXT)
    old = {path.name: path.read_bytes() for path in (province.place / "metadata").iterdir()}
    province.publish_program(LATER)
    update.check(machine, update.open_source(machine))
    for name, content in old.items():
        (province.place / "metadata" / name).write_bytes(content)
    with pytest.raises(NotTrusted):
        update.check(machine, update.open_source(machine))


def test_without_a_root_of_trust_nothing_is_taken(machine: Config, province: Province) -> None:
    province.publish_program(NEXT)
    (machine.root / machine.updates.root).unlink()
    with pytest.raises(NotSetUp):
        update.check(machine, update.open_source(machine))


@pytest.mark.parametrize("facts", [{"machine": "riscv64"}, {"python": "3.99"}])
def test_a_release_for_another_machine_is_refused_before_it_is_downloaded(
    machine: Config, province: Province, facts: dict[str, str]
) -> None:
    province.publish_program(NEXT, **facts)
    with pytest.raises(OtherMachine):
        _fetch(machine)
    assert not update.downloads(machine.updates_folder).exists()


def test_another_product_is_not_seen_at_all(machine: Config, province: Province) -> None:
    province.publish_program(NEXT, product="hospital-kiosk")
    assert update.check(machine, update.open_source(machine)) == []


def test_an_older_release_is_refused(machine: Config, province: Province) -> None:
    province.publish_program("0.0.1")
    with pytest.raises(OlderRelease):
        _fetch(machine, "0.0.1")


def test_an_archive_that_contains_another_release_is_refused(machine: Config, province: Province) -> None:
    province.publish_program(NEXT, archive_of=province.pack_program("1.2.3"))
    _fetch(machine)
    with pytest.raises(BrokenOff):
        update.apply(machine, SYSTEM)
    assert programs(machine).versions() == [PRESENT]
    found = status.read(machine.updates_folder)
    assert (found.state, found.target, found.code) == ("refused", NEXT, "K-44")


def test_a_file_that_was_changed_after_the_download_is_refused_at_the_switch(
    machine: Config, province: Province
) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    path = next(update.downloads(machine.updates_folder).glob("*.tar.gz"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(BrokenOff):
        update.apply(machine, SYSTEM)
    assert programs(machine).current() == PRESENT


def test_a_download_that_breaks_off_goes_on_where_it_stopped(
    machine: Config, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "PIECE_BYTES", 100)
    province.publish_program(NEXT)
    found = _published(machine, NEXT)
    length = found.target.length
    asked: list[tuple[int, int]] = []

    class Line(FolderSource):
        def read(self, name: str, offset: int, length: int) -> bytes:
            asked.append((offset, length))
            if len(asked) % 3 == 0:
                raise SourceAway
            return super().read(name, offset, length)

    source = Line(province.place)
    is_whole = False
    while not is_whole:
        try:
            is_whole = download.fetch_piece(update.downloads(machine.updates_folder), found, source)
        except SourceAway:
            continue
    answered = [piece for number, piece in enumerate(asked, start=1) if number % 3]
    assert [offset for offset, _ in answered] == list(range(0, length, 100)), "nothing is fetched twice"


def test_a_file_that_differs_from_the_signed_one_is_deleted_and_fetched_again(
    machine: Config, province: Province
) -> None:
    province.publish_program(NEXT)
    found = _published(machine, NEXT)
    target = next((province.place / "targets").iterdir())
    good = target.read_bytes()
    target.write_bytes(b"x" * len(good))
    with pytest.raises(BrokenOff):
        _fetch(machine)
    assert list(update.downloads(machine.updates_folder).iterdir()) == []
    target.write_bytes(good)
    _fetch(machine)
    found.verify(download.path_of(update.downloads(machine.updates_folder), found))


def test_a_full_disk_is_said_before_the_download_and_at_the_switch(
    machine: Config, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    with monkeypatch.context() as full:
        full.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 1000})())
        with pytest.raises(NoRoom):
            update.apply(machine, SYSTEM)
        (next(update.downloads(machine.updates_folder).iterdir())).unlink()
        with pytest.raises(NoRoom):
            _fetch(machine)
    assert programs(machine).current() == PRESENT
    assert status.read(machine.updates_folder).code == "K-45"


@pytest.mark.machine_date
def test_a_release_whose_probe_fails_is_never_switched_to(machine: Config, province: Province) -> None:
    province.publish_program(NEXT, archive_of=province.pack_program(NEXT, exit_status=3))
    _fetch(machine)
    with pytest.raises(FailedProbe):
        update.apply(machine, SYSTEM)
    assert programs(machine).current() == PRESENT
    assert trial.read(machine.updates_folder) is None
    assert not list(machine.updates_folder.glob("probe*"))


@pytest.mark.machine_date
def test_going_back_is_refused_when_the_release_before_cannot_read_the_store(
    machine: Config, province: Province
) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    update.apply(machine, SYSTEM)
    (programs(machine).path(PRESENT) / "kiosk" / "__main__.py").write_text("raise SystemExit(2)\n")
    with pytest.raises(StoreMovedOn):
        update.back(machine, SYSTEM)
    assert programs(machine).current() == NEXT


@pytest.mark.parametrize("name", ["../out", "/etc/out", "a/../../out", "a\\..\\out"])
def test_an_archive_that_leads_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    import io
    import tarfile

    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
    with pytest.raises(BrokenOff):
        archive.unpack(path, tmp_path / "into")
    assert not (tmp_path / "out").exists()


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    import tarfile

    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo("link")
        info.type = tarfile.SYMTYPE
        info.linkname = "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(BrokenOff):
        archive.unpack(path, tmp_path / "into")


def test_equal_folders_give_equal_archives(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_program(tmp_path / name, NEXT)
        archive.pack(tmp_path / name, tmp_path / f"{name}.tar.gz", compiled=True)
    assert (tmp_path / "a.tar.gz").read_bytes() == (tmp_path / "b.tar.gz").read_bytes()


@pytest.mark.parametrize(
    ("offered", "last", "chosen"),
    [
        (None, {}, LATER),
        (Offer(), {}, None),
        (Offer(version=NEXT), {}, NEXT),
        (Offer(version=PRESENT), {}, None),
        (Offer(version="79.0.0"), {}, None),
        (None, {"held": {LATER: 1}}, NEXT),
        (Offer(version=NEXT), {"held": {NEXT: 1}}, None),
        (Offer(version=NEXT, attempt=2), {"held": {NEXT: 1}}, NEXT),
        (Offer(version=NEXT, attempt=2), {"held": {NEXT: 2}}, None),
    ],
)
def test_a_kiosk_takes_what_its_gateway_lets_it_take(
    machine: Config, province: Province, offered: Offer | None, last: dict[str, Any], chosen: str | None
) -> None:
    province.publish_program(NEXT)
    province.publish_program(LATER)
    published = update.check(machine, update.open_source(machine))
    found = update.choose(published, PRESENT, offered, status.UpdateStatus(PRESENT, **last))
    assert (found.version if found else None) == chosen


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (None, None),
        ({}, Offer()),
        ({"version": "0.3.0", "content": "2026.11.28", "attempt": 3}, Offer("0.3.0", "2026.11.28", 3)),
        ({"version": "newest", "content": "../x", "attempt": True}, Offer()),
        ({"version": 3, "content": None, "attempt": 10**9}, Offer()),
    ],
)
def test_an_offer_of_another_shape_moves_no_kiosk(store: Store, member: Any, expected: Offer | None) -> None:
    with store.write() as db:
        offer.save(db, {"version": "9.9.9"})
        offer.save(db, member)
    with store.read() as db:
        assert offer.read(db) == expected


def test_the_switch_waits_for_the_hour_and_for_a_citizen(machine: Config) -> None:
    now = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)  # 02:00 in the ward
    settings = machine.__class__(**{**vars(machine), "updates": machine.updates.__class__(switch="01:00-04:00")})
    update.require_idle(settings, FixedClock(now))
    with pytest.raises(NotIdle):
        update.require_idle(settings, FixedClock(now + timedelta(hours=6)))
    with Store(machine.store_path) as store, store.write() as db:
        at = "2026-11-24T18:55:00.000Z"
        db.execute(
            "insert into drafts (id, session, procedure, version, body, created_at, touched_at) values"
            " (?, 's', 'p', 'v', x'00', ?, ?)",
            ["0" * 36, at, at],
        )
    with pytest.raises(NotIdle):
        update.require_idle(settings, FixedClock(now))
    update.require_idle(settings, FixedClock(now + timedelta(minutes=30)))


def _start(config: Config) -> "subprocess.CompletedProcess[bytes]":
    """Run the script of the package before a start, as its unit does."""
    script = Path("deploy/ward-kiosk/usr/lib/ward-kiosk/before-start").resolve()
    folders = [str(config.root / config.updates.programs), str(config.updates_folder)]
    return subprocess.run([str(script), *folders], check=True, capture_output=True)


@pytest.mark.machine_date
def test_after_three_starts_without_a_confirmation_the_release_before_comes_back(
    machine: Config, province: Province
) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    update.apply(machine, SYSTEM)
    for count in (1, 2, 3):
        _start(machine)
        assert programs(machine).current() == NEXT
        assert trial.read(machine.updates_folder) == trial.Trial(NEXT, PRESENT, count)
    _start(machine)
    assert programs(machine).current() == PRESENT
    assert trial.failed(machine.updates_folder) is not None
    settle_failed(machine, SYSTEM)
    found = status.read(machine.updates_folder)
    assert (found.state, found.target, found.code) == ("went_back", NEXT, "K-54")
    assert trial.failed(machine.updates_folder) is None
    _start(machine)
    assert programs(machine).current() == PRESENT


@pytest.mark.machine_date
def test_a_confirmed_release_is_counted_no_more(machine: Config, province: Province) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    update.apply(machine, SYSTEM)
    _start(machine)
    trial.confirm(machine.updates_folder)
    for _ in range(5):
        _start(machine)
    assert programs(machine).current() == NEXT


@pytest.mark.machine_date
@pytest.mark.parametrize(
    "text",
    [
        "",
        "version=../../x\nbefore=0.1.0\nstarts=3\n",
        f"version={NEXT}\nbefore=9.9.9\nstarts=7\n",
        f"version={NEXT}\nbefore=\nstarts=3\n",
        f"version={NEXT}\nbefore={PRESENT}\nstarts=$(reboot)\n",
        "\x00\x01",
    ],
)
def test_a_spoilt_note_of_a_trial_stops_no_start_and_leads_nowhere(
    machine: Config, province: Province, text: str
) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    update.apply(machine, SYSTEM)
    (machine.updates_folder / "trial").write_text(text)
    _start(machine)
    assert programs(machine).current() == NEXT


GROWN = """create table of_the_next_release (a text) strict;
insert into _sqlite_migrations (migration_set, name, applied_at) values ('kiosk', 'next_release', '2026-11-28')"""


def _grow(config: Config, *, with_a_ticket: bool) -> None:
    """Do to the store what a later release does: a step of its own, and perhaps a citizen's act."""
    with closing(sqlite3.connect(config.store_path)) as db:
        db.executescript(GROWN)
        if with_a_ticket:
            db.execute(
                "insert into audit (at, act, actor, subject, facts, mac) values (?, 'x', 'x', 'x', '{}', ?)",
                ["2026-11-28T00:00:00.000Z", "0" * 64],
            )
        db.commit()


@pytest.mark.machine_date
@pytest.mark.parametrize("filed", [False, True])
def test_the_store_goes_back_with_the_release_unless_something_was_filed(
    machine: Config, province: Province, filed: bool
) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    update.apply(machine, SYSTEM)
    _grow(machine, with_a_ticket=filed)
    (machine.updates_folder / "trial").rename(machine.updates_folder / "failed")
    settle_failed(machine, SYSTEM)
    with closing(sqlite3.connect(machine.store_path)) as db:
        tables = {name for (name,) in db.execute("select name from sqlite_schema")}
    assert ("of_the_next_release" in tables) == filed, "an update never costs an act"
    assert (machine.updates_folder / "store-after.db").exists() != filed
    assert status.read(machine.updates_folder).code == "K-54"


def test_a_release_that_was_taken_back_stays_held_when_content_comes_after_it(machine: Config) -> None:
    update.record(machine.updates_folder, SYSTEM, state="went_back", target=NEXT, code="K-54", attempt=2)
    update.record(machine.updates_folder, SYSTEM, state="confirmed", target="2026.11.28")
    found = status.read(machine.updates_folder)
    assert (found.state, found.target) == ("confirmed", "2026.11.28")
    assert found.is_held(NEXT, 2)
    assert not found.is_held(NEXT, 3)
    update.record(machine.updates_folder, SYSTEM, state="confirmed", target=NEXT)
    assert not status.read(machine.updates_folder).is_held(NEXT, 2)


@pytest.mark.parametrize("text", ["", "[]", '{"state": "ready"}', '{"state": "ready", "held": 3}', "\x00"])
def test_a_spoilt_state_is_that_of_a_fresh_machine(machine: Config, text: str) -> None:
    update.record(machine.updates_folder, SYSTEM, state="ready", target=NEXT)
    (machine.updates_folder / "status.json").write_text(text)
    assert status.read(machine.updates_folder).state == "none"


@pytest.mark.machine_date
def test_a_process_of_another_release_notices_that_it_was_replaced(machine: Config, province: Province) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    root = programs(machine).path(PRESENT).resolve()
    assert not is_replaced(machine, root)
    update.apply(machine, SYSTEM)
    assert is_replaced(machine, root)
    assert not is_replaced(machine, programs(machine).path(NEXT).resolve())
    assert not is_replaced(machine), "a checkout is no release of that folder"


def test_old_releases_are_deleted_but_the_one_to_go_back_to(machine: Config, province: Province) -> None:
    for version in (NEXT, LATER):
        make_program(programs(machine).path(version), version)
    programs(machine).switch(LATER)
    programs(machine).delete_others(NEXT)
    assert programs(machine).versions() == [NEXT, LATER]
    assert [path.name for path in (programs(machine).folder / "releases").iterdir() if path.name.startswith(".")] == []


@pytest.mark.machine_date
@pytest.mark.parametrize(
    ("member", "ends_at"), [(None, NEXT), ({"version": NEXT}, NEXT), ({"version": PRESENT}, PRESENT)]
)
def test_a_release_that_the_province_takes_back_is_left_at_night(
    machine: Config, province: Province, member: dict[str, str] | None, ends_at: str
) -> None:
    from kiosk.cli import main

    province.publish_program(NEXT)
    _fetch(machine)
    update.apply(machine, SYSTEM)
    with Store(machine.store_path) as store, store.write() as db:
        offer.save(db, member)
    assert main(["--config", str(machine.root / "kiosk.toml"), "update", "night"]) == 0
    assert programs(machine).current() == ends_at


@pytest.mark.machine_date
def test_a_release_that_failed_is_not_applied_again_by_the_next_night_but_by_the_next_attempt(
    machine: Config, province: Province
) -> None:
    from kiosk.cli import main

    night = ["--config", str(machine.root / "kiosk.toml"), "update", "night"]
    province.publish_program(NEXT)
    _fetch(machine)
    update.record(machine.updates_folder, SYSTEM, state="went_back", target=NEXT, code="K-54")
    assert main(night) == 0
    assert programs(machine).current() == PRESENT
    with Store(machine.store_path) as store, store.write() as db:
        offer.save(db, {"version": NEXT, "attempt": 2})
    assert main(night) == 0
    assert programs(machine).current() == NEXT
    assert status.read(machine.updates_folder).attempt == 2


def test_a_request_of_a_page_is_done_once(machine: Config) -> None:
    update.request(machine.updates_folder, "apply")
    assert update.take_request(machine.updates_folder) == "apply"
    assert update.take_request(machine.updates_folder) == ""


def test_a_lost_key_is_replaced_by_signed_roots_that_a_kiosk_follows(machine: Config, province: Province) -> None:
    from kiosk.updates.signing_keys import make_key

    province.publish_program(NEXT)
    update.check(machine, update.open_source(machine))
    new = make_key(province.folder / "keys" / "targets-3.pem", "")
    old = province.signers[0].public_key.keyid
    repository = province.repository
    assert not repository.replace_key("targets", old[:12], new.public_key, province.roots[:1]), "one of two signatures"
    assert repository.sign(province.roots[2], None) == ["root"]
    thief = province.signers[0]
    assert not repository.publish([], [thief], province.online), "the lost key signs nothing any more"
    province.signers[0] = new
    province.publish_program(LATER)
    assert _published(machine, LATER).version == LATER


def test_a_list_that_two_must_sign_waits_for_the_second(tmp_path: Path, empty_store_file: Path) -> None:
    from kiosk.updates.repository import NewTarget
    from tests.updates.province import make_machine

    province = Province(tmp_path / "p", targets_threshold=2)
    config = make_machine(tmp_path / "ward", empty_store_file, province.place, province.repository.root_file())
    path = province.pack_program(NEXT)
    target = NewTarget(path, "a.tar.gz", {"product": trust.PROGRAM, "version": NEXT})
    assert not province.repository.publish([target], province.signers[:1], province.online)
    assert not (province.place / "metadata" / "timestamp.json").exists()
    assert province.repository.sign(province.signers[1], province.online) == ["targets"]
    assert [each.version for each in update.check(config, update.open_source(config))] == [NEXT]


def test_a_sealed_key_opens_with_its_password_alone(tmp_path: Path) -> None:
    from kiosk.base.errors import BadSettings
    from kiosk.updates.signing_keys import is_sealed, make_key, open_key

    made = make_key(tmp_path / "k.pem", "mot mat khau dai")
    assert is_sealed(tmp_path / "k.pem")
    assert (tmp_path / "k.pem").stat().st_mode & 0o777 == 0o600
    assert open_key(tmp_path / "k.pem", "mot mat khau dai").public_key == made.public_key
    for wrong in ("", "khac"):
        with pytest.raises(BadSettings):
            open_key(tmp_path / "k.pem", wrong)
    with pytest.raises(BadSettings):
        make_key(tmp_path / "k.pem", "x")


def test_free_room_is_the_same_limit_as_that_of_scans() -> None:
    assert files.MIN_FREE_BYTES == 500 << 20
