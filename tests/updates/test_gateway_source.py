"""Releases over the wire: a gateway serves them by ranges, and a kiosk fetches, applies and reports."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.base.clock import SYSTEM
from kiosk.config import Config
from kiosk.startup.context_factory import open_context, use_new_content
from kiosk.updates import download, offer, status, trust, update
from kiosk.updates.errors import SourceAway
from kiosk.updates.sources import HttpSource, NotThere
from kiosk.worker import open_worker
from kiosk.worker.updates import SHIPPED, Updates, open_updates
from tests.sync.practice_gateway import PracticeGateway
from tests.updates.province import NEXT, PRESENT, Province, programs


@pytest.fixture
def wired(machine: Config, gateway: PracticeGateway) -> Config:
    return replace(machine, updates=replace(machine.updates, source=f"{gateway.url}/releases"))


def test_a_gateway_serves_releases_whole_and_by_ranges(gateway: PracticeGateway, province: Province) -> None:
    province.publish_program(NEXT)
    target = next((province.place / "targets").iterdir())
    with closing(HttpSource(f"{gateway.url}/releases", "ward-kiosk/0.1.0")) as source:
        assert source.read(f"targets/{target.name}", 0, 1 << 20) == target.read_bytes()
        assert source.read(f"targets/{target.name}", 100, 50) == target.read_bytes()[100:150]
        assert source.read(f"targets/{target.name}", 1 << 20, 50) == b""
        assert source.read("metadata/timestamp.json", 0, 1 << 20).startswith(b"{")
        for name in ("targets/none", "metadata/..%2F..%2Fgateway.key", "staged/targets.json", "keys/online.pem"):
            with pytest.raises(NotThere):
                source.read(name, 0, 10)


def test_a_gateway_without_releases_and_one_that_is_off_stop_nothing(machine: Config, tmp_path: Path) -> None:
    gateway = PracticeGateway(tmp_path)
    config = replace(machine, updates=replace(machine.updates, source=f"{gateway.url}/releases"))
    with closing(update.open_source(config)) as source:
        with pytest.raises(SourceAway):
            update.check(config, source)
        gateway.close()
        with pytest.raises(SourceAway):
            update.check(config, source)
    assert status.read(config.updates_folder).state == "none"


def run_updates(config: Config, member: dict[str, object] | None) -> status.UpdateStatus:
    """Run the worker's task until nothing is due; return the state."""
    context = open_context(config)
    with context.store.write() as db:
        offer.save(db, member)
    with closing(context.store):
        updates = open_updates(context)
        assert updates is not None
        task = updates.task()
        while task.step():
            continue
        task.close()
    return status.read(config.updates_folder)


@pytest.mark.machine_date
def test_the_worker_fetches_what_the_gateway_lets_it_take_and_waits_for_the_night(
    wired: Config, province: Province
) -> None:
    province.publish_program(NEXT)
    assert run_updates(wired, {}).state == "none"
    found = run_updates(wired, {"version": NEXT})
    assert (found.state, found.target) == ("ready", NEXT)
    assert programs(wired).current() == PRESENT, "the unit that may write the folder switches"
    assert update.apply(wired, SYSTEM) == NEXT


def test_with_a_gateway_of_before_the_newest_is_fetched(wired: Config, province: Province) -> None:
    province.publish_program(NEXT)
    assert run_updates(wired, None).state == "ready"


def test_outside_the_hours_nothing_is_fetched(wired: Config, province: Province) -> None:
    province.publish_program(NEXT)
    now = SYSTEM.now()
    hour = (now.hour + 7 + 3) % 24  # three hours later in the ward
    hours = (f"{hour:02}:00-{(hour + 1) % 24:02}:00",)
    late = replace(wired, updates=replace(wired.updates, hours=hours))
    assert run_updates(late, None).state == "none"
    assert not (late.updates_folder / "metadata").exists()


def test_a_refused_list_is_an_alarm_and_a_source_that_is_away_is_none(wired: Config, province: Province) -> None:
    province.publish_program(NEXT)
    (province.place / "metadata" / "timestamp.json").write_bytes(b"{}")
    assert run_updates(wired, None).code == "K-41"


def test_a_slow_line_is_not_filled(wired: Config, province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "PIECE_BYTES", 100)
    province.publish_program(NEXT)
    slow = replace(wired, updates=replace(wired.updates, kbit=8))
    context = open_context(slow)
    with closing(context.store), closing(update.open_source(slow)) as source:
        updates = Updates(context, source)
        assert updates.step(), "the list"
        assert updates.step(), "the first piece"
        assert not updates.step(), "the next piece waits for its turn"


@pytest.mark.parametrize("has_root", [True, False])
def test_a_ward_without_root_of_trust_has_no_task(wired: Config, has_root: bool) -> None:
    if not has_root:
        (wired.root / wired.updates.root).unlink()
    context = open_context(wired)
    with closing(context.store):
        tasks = open_worker(context)._tasks
    assert ("updates" in [task.name for task in tasks]) == has_root
    for task in tasks:
        task.close()


def content_tree(folder: Path, name: str) -> Path:
    """Make a content with one procedure, renamed, and the shipped holidays."""
    from kiosk.config import ROOT

    procedures = folder / "procedures"
    procedures.mkdir(parents=True)
    text = (ROOT / "kiosk/procedures/catalogue/2.000815.toml").read_text("utf-8")
    lines = [f'short = "{name}"' if line.startswith("short = ") else line for line in text.splitlines()]
    assert f'short = "{name}"' in lines
    (procedures / "2.000815.toml").write_text("\n".join(lines), "utf-8")
    reference = folder / "reference"
    reference.mkdir()
    shipped = ROOT / "kiosk/vietnam/reference_data/holidays.toml"
    (reference / "holidays.toml").write_bytes(shipped.read_bytes())
    return folder


def name_of(config: Config) -> str:
    context = open_context(config)
    with closing(context.store):
        procedure = context.catalogue.in_force("2.000815", context.clock.today())
    assert procedure is not None
    return procedure.short.vi


def test_content_travels_on_its_own_and_is_laid_over_the_shipped_one(
    wired: Config, province: Province, tmp_path: Path
) -> None:
    shipped = name_of(wired)
    province.publish_content("2026.11.28", content_tree(tmp_path / "c1", "Tên mới"))
    found = run_updates(wired, {"content": "2026.11.28"})
    assert (found.state, found.target, found.content) == ("confirmed", "2026.11.28", "2026.11.28")
    assert name_of(wired) == "Tên mới"
    assert programs(wired).current() == PRESENT
    running = open_context(wired)
    with closing(running.store):
        assert run_updates(wired, {"content": SHIPPED}).content == "", "the gateway takes a content back"
        assert use_new_content(running)
        found_now = running.catalogue.in_force("2.000815", running.clock.today())
        assert found_now is not None
        assert found_now.short.vi == shipped, "without a restart"
        assert not use_new_content(running)


def test_content_with_a_mistake_and_content_for_a_later_program_are_refused(
    wired: Config, province: Province, tmp_path: Path
) -> None:
    bad = content_tree(tmp_path / "c1", "Tên mới")
    (bad / "procedures" / "9.999999.toml").write_text("code = 3")
    province.publish_content("2026.11.28", bad)
    found = run_updates(wired, {"content": "2026.11.28"})
    assert (found.state, found.code, found.content) == ("refused", "K-53", "")
    province.publish_content("2026.11.29", content_tree(tmp_path / "c2", "Tên sau"), needs=NEXT)
    found = run_updates(wired, {"content": "2026.11.29"})
    assert (found.state, found.code, found.content) == ("refused", "K-43", "")


@pytest.mark.machine_date
def test_a_stick_carries_releases_and_content_to_a_ward_without_a_network(
    machine: Config, province: Province, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from kiosk.cli import main

    province.publish_program(NEXT)
    province.publish_content("2026.11.28", content_tree(tmp_path / "c1", "Tên mới"))
    settings = ["--config", str(machine.root / "kiosk.toml")]
    assert main([*settings, "update", "fetch", "--from", str(province.place)]) == 0
    assert main([*settings, "update", "apply"]) == 0
    assert main([*settings, "update", "status"]) == 0
    said = capsys.readouterr().out
    assert f"đang chạy thử bản {NEXT}" in said
    assert "Nội dung: 2026.11.28" in said
    assert main([*settings, "update", "back"]) == 0
    assert programs(machine).current() == PRESENT


def test_a_stick_that_is_not_there_is_said_in_words(machine: Config, capsys: pytest.CaptureFixture[str]) -> None:
    from kiosk.cli import main

    settings = ["--config", str(machine.root / "kiosk.toml")]
    assert main([*settings, "update", "check", "--from", "/media/none"]) == 2
    assert "cắm lại USB" in capsys.readouterr().err


def test_a_province_makes_keys_packs_and_publishes_by_commands(
    tmp_path: Path, machine: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from kiosk.cli import main
    from tests.updates.province import make_program

    monkeypatch.setenv("KIOSK_RELEASE_PASSWORD", "mot mat khau dai cho khoa")
    keys = tmp_path / "keys"
    place = tmp_path / "repo"
    assert main(["release", "keys", str(keys), str(place)]) == 0
    assert sorted(path.name for path in keys.iterdir()) == [
        "online.pem",
        *(f"root-{n}.pem" for n in (1, 2, 3)),
        "targets-1.pem",
        "targets-2.pem",
    ]
    tree = make_program(tmp_path / "tree", NEXT)
    packages = tree / ".venv/lib/python3.99/site-packages"
    packages.mkdir(parents=True)
    (packages / "part.py").write_text("")
    packed = tmp_path / "next.tar.gz"
    assert main(["release", "pack", str(tree), str(packed)]) == 0
    signing = ["--repository", str(place), "--key", str(keys / "targets-1.pem"), "--online", str(keys / "online.pem")]
    assert main(["release", "publish", str(packed), *signing]) == 0
    assert main(["release", "refresh", "--repository", str(place), "--online", str(keys / "online.pem")]) == 0
    (machine.root / "release-root.json").write_bytes((place / "metadata" / "1.root.json").read_bytes())
    source = update.open_source(machine, str(place))
    published = update.check(machine, source)
    found = trust.newest(published, trust.PROGRAM)
    assert found is not None
    assert (found.version, found.python) == (NEXT, "3.99")
    assert not list(tree.rglob("*.pyc")), "nothing is compiled for another Python"
    assert main(["release", "list", "--repository", str(place)]) == 0
    assert NEXT in capsys.readouterr().out
    assert main(["release", "withdraw", found.name, *signing]) == 0
    assert update.check(machine, source) == []
    assert main(["release", "publish", str(tree / "RELEASE"), *signing]) == 2
