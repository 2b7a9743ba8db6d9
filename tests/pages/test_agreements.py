"""What decides who can read forms needs two people: a technician asks, and nothing changes until a lead agrees."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.acts import agreeing, backups, printer_settings
from kiosk.acts.printer_settings import NewPrinter
from kiosk.backup import recovery
from kiosk.backup.recovery import SEED_BYTES, RecoveryPaper
from kiosk.cli.agreement import asking_the_lead
from kiosk.config import ROOT, load
from kiosk.context import Context
from kiosk.health import first_run
from kiosk.health.first_run import FirstRunState
from kiosk.health.second_person import AgreementNeeded
from kiosk.pages.access import LAN, LISTENER
from kiosk.records import audit, change_requests
from sync.portals.usb_files import format_key
from tests.pages.officer.sitting import Desk
from tests.pages.technician.sitting import Bench
from tests.pages.technician.test_settings import fields, save
from tests.portal.test_authority import YEAR, certificate, pem

HIS_GATEWAY = "https://192.168.1.66:8443"
HIS_PRINTER = "192.168.1.66:9100"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "own" / "kiosk.toml"
    file.parent.mkdir()
    file.write_text((ROOT / "kiosk.toml").read_text("utf-8"), "utf-8")
    return file


@pytest.fixture
def bench(app: Flask, file: Path) -> Bench:
    bench = Bench(app)
    bench.context.config = replace(load(file), root=bench.context.config.root)
    return bench


@pytest.fixture
def lead(app: Flask, bench: Bench) -> Desk:
    return Desk(app, "minhtam", counter=2, role="lead")


def answer(lead: Desk, answer: str) -> Desk:
    (request,) = waiting(lead.context)
    lead.go("/officer/agreements")
    return lead.post(f"/officer/agreements/{request.id}/{answer}")


def waiting(context: Context) -> list[change_requests.ChangeRequest]:
    with context.store.read() as db:
        return change_requests.list_open(db)


def public_half(context: Context) -> str | None:
    """Return the public half of the recovery paper that opens the copies."""
    with context.store.read() as db:
        state = recovery.read_state(db)
    return state.public if state else None


def trail(context: Context, act: str) -> list[audit.AuditEntry]:
    with context.store.read() as db:
        return audit.latest(db, [act], 9)


def test_a_stick_key_of_the_technician_is_used_only_when_the_lead_agrees(bench: Bench, lead: Desk, file: Path) -> None:
    key = format_key(b"7" * 32)
    save(bench, "portal", portal__stick_key=key)
    assert "Đã gửi người phụ trách xem" in bench.words
    assert load(file).portal.stick_key == bench.context.config.portal.stick_key == ""
    (asked,) = trail(bench.context, "change_asked")
    assert str(asked.line.facts["values"]).startswith("portal.stick_key=")
    assert key not in str(asked.line.facts)
    lead.go("/officer/")
    assert "Chờ đồng ý" in lead.words
    lead.go("/officer/agreements")
    assert "Khóa USB của cổng" in lead.words
    assert key in lead.words
    answer(lead, "agree")
    assert "Đã đồng ý, máy đã đổi" in lead.words
    assert load(file).portal.stick_key == bench.context.config.portal.stick_key == key
    (agreed,) = trail(bench.context, "change_agreed")
    assert agreed.line.actor == "CB01"
    assert agreed.line.facts == asked.line.facts


def upload(bench: Bench, content: bytes) -> Bench:
    """Choose a file in the settings of the portal."""
    bench.go("/technician/settings?group=portal")
    token = re.search(r'name="csrf" value="([^"]+)"', bench.page)
    digest = re.search(r'name="digest" value="([^"]+)"', bench.page)
    assert token
    assert digest
    data = {"csrf": token[1], "digest": digest[1], "certificate": (io.BytesIO(content), "ca.crt")}
    bench.answer = bench.browser.post("/technician/settings/portal/authority", data=data)
    return bench


def test_an_uploaded_authority_of_the_portal_is_used_only_when_the_lead_agrees(
    bench: Bench, lead: Desk, file: Path
) -> None:
    content = pem(certificate(begins=bench.context.clock.now() - YEAR))
    words = f"So KHCN tinh, hết hạn ngày {bench.context.clock.now() + YEAR:%d/%m/%Y}"
    upload(bench, content)
    assert bench.answer.status_code == 200
    assert words in bench.words
    assert "Ghi 1 chỗ đổi này?" in bench.words
    typed = dict(re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)">', bench.page))
    typed.pop("csrf")
    bench.post("/technician/settings/portal", **typed)
    assert "Đã gửi người phụ trách xem" in bench.words
    assert load(file).portal.ca == ""
    lead.go("/officer/agreements")
    assert "Chứng thư của cổng" in lead.words
    assert words in lead.words
    answer(lead, "agree")
    used = replace(load(file), root=bench.context.config.root).portal_ca
    assert used is not None
    assert used.read_bytes() == content
    assert used.parent == bench.context.config.folder
    bench.go("/technician/settings?group=portal")
    assert f"Đang dùng: {words}" in bench.words
    assert waiting(bench.context) == []


@pytest.mark.parametrize("content", [b"", b"khong phai", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_file_that_is_no_authority_is_refused_beside_its_box(bench: Bench, file: Path, content: bytes) -> None:
    before = file.read_bytes()
    upload(bench, content)
    assert bench.answer.status_code == 422
    assert 'id="certificate-wrong"' in bench.page
    assert file.read_bytes() == before
    assert not list(bench.context.config.folder.glob("portal-ca-*"))


def test_an_authority_that_kiosk_toml_names_is_shown_too(bench: Bench, file: Path, tmp_path: Path) -> None:
    path = tmp_path / "tinh.crt"
    file.write_text(file.read_text("utf-8").replace('ca = ""', f'ca = "{path}"'), "utf-8")
    bench.go("/technician/settings?group=portal")
    assert f"Đang dùng: tệp {path}, không đọc được" in bench.words
    path.write_bytes(pem(certificate("Nơi cấp của tỉnh", begins=bench.context.clock.now() - YEAR)))
    bench.go("/technician/settings?group=portal")
    assert "Đang dùng: Nơi cấp của tỉnh, hết hạn ngày" in bench.words


def test_a_refused_change_is_never_written(bench: Bench, lead: Desk, file: Path) -> None:
    before = file.read_bytes()
    typed = fields(bench, "portal") | {"portal.kind": "kiosk-sync", "portal.url": HIS_GATEWAY}
    bench.post("/technician/settings/portal", **typed, sure="yes")
    answer(lead, "refuse")
    assert "Đã từ chối" in lead.words
    assert file.read_bytes() == before
    assert waiting(bench.context) == []
    with bench.context.store.read() as db:
        (request,) = change_requests.latest(db, 9)
    assert (request.state, request.content) == ("refused", None)


@pytest.mark.parametrize("kind", ["network", "ipp"])
def test_no_paper_goes_to_a_printer_that_the_lead_has_not_seen(bench: Bench, lead: Desk, file: Path, kind: str) -> None:
    address = HIS_PRINTER if kind == "network" else "ipp://192.168.1.66:631/ipp/print"
    bench.go("/technician/printers").post("/technician/printers/add", kind=kind, address=address)
    assert "Đã gửi người phụ trách xem" in bench.words
    assert load(file).all_printers == ()
    lead.go("/officer/agreements")
    assert address in lead.words
    answer(lead, "agree")
    assert [printer.address for printer in load(file).all_printers] == [address]
    assert [printer.address for printer in bench.context.config.all_printers] == [address]


def test_another_address_of_a_printer_is_asked_and_another_name_is_not(bench: Bench, lead: Desk, file: Path) -> None:
    with pytest.raises(AgreementNeeded), asking_the_lead(bench.context):
        printer_settings.add_printer(bench.context, NewPrinter("network", "192.168.1.50:9100", "A"), "CB09")
    answer(lead, "agree")
    printer_settings.change_printer(bench.context, "A", {"name": "Máy in ở cửa", "darkness": 4}, "CB09")
    assert [(one.name, one.darkness) for one in load(file).printers] == [("Máy in ở cửa", 4)]
    with pytest.raises(AgreementNeeded):
        printer_settings.change_printer(bench.context, "Máy in ở cửa", {"address": HIS_PRINTER}, "CB09")
    assert load(file).printers[0].address == "192.168.1.50:9100"


def test_a_setting_that_opens_nothing_is_written_at_once(bench: Bench, lead: Desk, file: Path) -> None:
    save(bench, "devices", scanner__baud="9600")
    assert load(file).scanner.baud == 9600
    assert waiting(bench.context) == []


def test_a_change_of_the_file_in_between_must_be_asked_again(bench: Bench, lead: Desk, file: Path) -> None:
    save(bench, "backup", backup__path="/mnt/sao-luu")
    save(bench, "devices", scanner__baud="9600")
    answer(lead, "agree")
    assert "Nhờ kỹ thuật xin lại" in lead.words
    assert load(file).backup.path == ""
    save(bench, "backup", backup__path="/mnt/sao-luu")
    answer(lead, "agree")
    assert (load(file).backup.path, load(file).scanner.baud) == ("/mnt/sao-luu", 9600)


def test_a_second_answer_to_one_request_changes_nothing(bench: Bench, lead: Desk, file: Path) -> None:
    save(bench, "backup", backup__path="/mnt/sao-luu")
    (request,) = waiting(bench.context)
    answer(lead, "refuse")
    lead.post(f"/officer/agreements/{request.id}/agree")
    assert "đã có người trả lời" in lead.words
    assert load(file).backup.path == ""


def test_a_recovery_paper_is_made_at_the_machine_and_valid_when_the_lead_agrees(bench: Bench, lead: Desk) -> None:
    first = RecoveryPaper(b"1" * SEED_BYTES)
    second = RecoveryPaper(b"2" * SEED_BYTES)
    with pytest.raises(AgreementNeeded), asking_the_lead(bench.context):
        backups.save_paper(bench.context, first, "CB09")
    assert public_half(bench.context) is None
    answer(lead, "agree")
    assert public_half(bench.context) == first.public
    bench.go("/technician/recovery").post("/technician/recovery/save", paper=second.code, public=second.public)
    assert "Đã gửi người phụ trách xem" in bench.words
    assert public_half(bench.context) == first.public
    answer(lead, "refuse")
    assert public_half(bench.context) == first.public


@pytest.mark.parametrize("path", ["/technician/recovery/new", "/technician/recovery/save"])
def test_no_recovery_paper_is_made_from_the_lan(bench: Bench, path: str) -> None:
    bench.go("/technician/recovery")
    bench.browser.environ_base[LISTENER] = LAN
    paper = RecoveryPaper(b"1" * SEED_BYTES)
    bench.post(path, paper=paper.code, public=paper.public)
    assert bench.answer.status_code in {303, 403, 421}
    assert paper.words[0] not in bench.words
    assert public_half(bench.context) is None


def test_a_stand_by_opens_the_copies_when_the_lead_agrees(bench: Bench, lead: Desk) -> None:
    pair = RecoveryPaper(b"3" * SEED_BYTES)
    with pytest.raises(AgreementNeeded), asking_the_lead(bench.context):
        backups.trust_standby(bench.context, pair.public)
    with bench.context.store.read() as db:
        assert recovery.read_standby(db) == ""
    answer(lead, "agree")
    with bench.context.store.read() as db:
        assert recovery.read_standby(db) == pair.public


def test_what_was_changed_in_the_file_itself_is_told_to_the_lead_once(bench: Bench, lead: Desk, file: Path) -> None:
    agreeing.find_changes(bench.context)
    file.write_text(file.read_text("utf-8").replace('path = ""', 'path = "/mnt/la"', 1), "utf-8")
    bench.context.use_newest_settings()
    for _ in range(2):
        agreeing.find_changes(bench.context)
    assert len(trail(bench.context, "change_found")) == 1
    lead.go("/officer/agreements")
    assert "Đã đổi không qua người phụ trách" in lead.words
    assert "/mnt/la" in lead.words
    answer(lead, "seen")
    assert waiting(bench.context) == []
    agreeing.find_changes(bench.context)
    assert waiting(bench.context) == []


def test_another_root_of_trust_of_releases_is_told_to_the_lead(bench: Bench, lead: Desk, file: Path) -> None:
    agreeing.find_changes(bench.context)
    for content in (b"{}", b"[]"):
        file.with_name("release-root.json").write_bytes(content)
        agreeing.find_changes(bench.context)
        lead.go("/officer/agreements")
        assert "Gốc tin cậy của bản phát hành" in lead.words
        answer(lead, "seen")
    assert len(trail(bench.context, "change_found")) == 2


def test_what_the_lead_agreed_to_is_not_found_afterwards(bench: Bench, lead: Desk) -> None:
    agreeing.find_changes(bench.context)
    typed = fields(bench, "portal") | {"portal.kind": "kiosk-sync", "portal.url": HIS_GATEWAY}
    bench.post("/technician/settings/portal", **typed, sure="yes")
    answer(lead, "agree")
    agreeing.find_changes(bench.context)
    assert trail(bench.context, "change_found") == []


def test_nobody_is_asked_without_a_lead_and_in_the_first_run(bench: Bench, app: Flask, file: Path) -> None:
    save(bench, "backup", backup__path="/mnt/mot")
    assert load(file).backup.path == "/mnt/mot"
    Desk(app, "minhtam", counter=2, role="lead")
    with bench.context.store.write() as db:
        first_run.save(db, FirstRunState(begun_at="2026-11-24T01:30:00.000Z"))
    save(bench, "backup", backup__path="/mnt/hai")
    assert load(file).backup.path == "/mnt/hai"
