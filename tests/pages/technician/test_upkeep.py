"""Pages of the upkeep: hub, doctor, certificate, restart."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from kiosk.acts import restarting
from kiosk.context import Context
from kiosk.context.long_work import Report
from kiosk.health.check_result import CheckResult
from kiosk.records import audit
from kiosk.security import tls
from tests.pages.technician.sitting import Bench
from tests.pages.technician.test_copies import wait


@pytest.fixture
def bench(app: Flask) -> Bench:
    return Bench(app)


def test_every_page_of_the_upkeep_opens_and_leads_back(bench: Bench) -> None:
    bench.go("/technician/upkeep")
    addresses = re.findall(r'<a class="panel with-icon is-\w+" href="(/technician/[^"]+)"', bench.page)
    assert len(addresses) >= 6
    for address in addresses:
        bench.go(address)
        assert bench.answer.status_code == 200
        assert "Về Bảo trì" in bench.words, address
        assert re.search(r'href="/technician/upkeep"\s+aria-current="page"', bench.page), address


def test_the_doctor_shows_what_to_do_first_and_then_the_rest(bench: Bench) -> None:
    def examine(_context: Context, report: Report) -> list[CheckResult]:
        report("Đang hỏi máy in", 7, 8)
        bad = CheckResult(name="Thử máy in", state="fault", words="Máy in phiếu: Hết giấy", do="Thay cuộn giấy.")
        return [CheckResult("Ghi thử", "ok", "Ghi được"), bad]

    bench.browser.application.extensions["examine"] = examine
    bench.go("/technician/doctor").post("/technician/doctor")
    wait(bench.context, "doctor")
    words = bench.go("/technician/doctor").words
    assert "1 việc phải làm Khám lúc 08:30, 24/11/2026." in words
    assert words.index("Thay cuộn giấy.") < words.index("Ghi được")


def test_the_real_doctor_examines_this_kiosk(bench: Bench) -> None:
    bench.go("/technician/doctor").post("/technician/doctor")
    wait(bench.context, "doctor")
    words = bench.go("/technician/doctor").words
    assert "Ghi thử" in words
    assert "Chữ trên giấy" in words


def _on_lan(bench: Bench) -> None:
    lan = replace(bench.context.config.lan, host="192.168.1.10", names=("mot-cua.lan",))
    bench.context.config = replace(bench.context.config, lan=lan)


def test_a_certificate_is_made_and_renewed_by_a_touch(bench: Bench) -> None:
    _on_lan(bench)
    assert "Chứng thư: chưa có" in bench.go("/technician/certificate").words
    bench.post("/technician/certificate")
    assert "Đã có chứng thư mới" in bench.words
    first = tls.read_certificates(bench.context.config.tls_folder)
    bench.post("/technician/certificate")
    second = tls.read_certificates(bench.context.config.tls_folder)
    assert first is not None
    assert second is not None
    assert first.fingerprint == second.fingerprint, "browsers would have to install another authority"
    assert first.fingerprint[:47] in bench.words
    assert "mot-cua.lan" in bench.words
    with bench.context.store.read() as db:
        assert len(audit.latest(db, ["certificate"], 9)) == 2


def test_a_certificate_without_a_name_says_where_to_write_it(bench: Bench) -> None:
    _on_lan(bench)
    lan = replace(bench.context.config.lan, names=())
    bench.context.config = replace(bench.context.config, lan=lan)
    bench.go("/technician/certificate").post("/technician/certificate")
    assert bench.answer.status_code == 422
    assert "Chưa ghi tên máy trong mạng nội bộ" in bench.words


def test_a_restart_is_asked_first_and_says_what_is_kept(bench: Bench) -> None:
    bench.go("/technician/restart")
    assert "Lúc này không ai đang khai." in bench.words
    before = restarting.last_request(bench.context)
    bench.post("/technician/restart")
    assert "Máy đang khởi động lại…" in bench.words
    assert restarting.last_request(bench.context) != before
    started = re.search(r'data-started="([^"]+)"', bench.page)
    assert started
    assert bench.browser.get("/technician/restart/state").get_json() == {"started": started[1]}
