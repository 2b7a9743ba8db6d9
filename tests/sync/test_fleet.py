"""The fleet page: silent machines first, then alarms, then the rest; filters, search, pages and a table to keep."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from sync.gateway.fleet import version_key
from tests.sync.fleet import Fleet
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_operator import sign_in


@pytest.fixture
def operator(practice: PracticeGateway) -> Iterator[FlaskClient]:
    with practice.gateway.app.test_client() as browser:
        sign_in(browser)
        yield browser


@pytest.fixture
def fleet(practice: PracticeGateway) -> Iterator[Fleet]:
    """Return eight machines: one is silent, three have alarms, one sends slowly, one is old."""
    fleet = Fleet(practice, 8)
    silent, *rest = fleet.machines
    silent.report()
    fleet.wait(hours=2)
    for machine in rest:
        machine.report(release="1.5.0")
    rest[0].report(alarms=[{"code": "TIME-03", "state": "warning"}], clockOffsetSeconds=-540)
    rest[1].report(alarms=[{"code": "PRINT-01", "state": "warning", "causes": ["paper_out"]}])
    rest[2].report(alarms=[{"code": "COPY-04", "state": "warning"}], copySeconds=3 * 86400)
    rest[3].report(waiting={"count": 14, "oldestSeconds": 42 * 60})
    rest[4].report(release="1.4.0", alarms=[{"code": "PRINT-01", "state": "note", "causes": ["paper_near_end"]}])
    yield fleet
    fleet.close()


def show(operator: FlaskClient, **query: str) -> str:
    answer = operator.get("/fleet", query_string=query)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def machines(page: str) -> list[str]:
    """Return the machines of the table, in its order."""
    return re.findall(r"<td> ?<a [^>]*>(AL\d+)</a> ?</td>", page)


def test_silent_machines_are_first_then_alarms_then_the_rest_by_ward(fleet: Fleet, operator: FlaskClient) -> None:
    page = show(operator)
    assert machines(page) == ["AL001", "AL002", "AL003", "AL004", "AL007", "AL008", "AL005", "AL006"]
    assert "8 máy: 4 tốt, 3 cần xem, 1 im lặng" in page
    assert fleet


def test_alarms_are_in_words_with_their_figures(fleet: Fleet, operator: FlaskClient) -> None:
    page = show(operator)
    for words in (
        "Im lặng, chưa rõ vì sao",
        "Đồng hồ lệch 9 phút",
        "Máy in: hết giấy",
        "Bản sao cũ 3 ngày",
        "14 tờ, 42 phút",
    ):
        assert words in page, words
    assert page.count("chưa rõ </td>") == 1, "how many forms wait at a silent machine"
    assert fleet


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("silent", ["AL001"]),
        ("printer", ["AL003"]),
        ("copy", ["AL004"]),
        ("clock", ["AL002"]),
        ("slow", ["AL005"]),
        ("old", ["AL001", "AL006"]),
        ("disk", []),
    ],
)
def test_a_filter_shows_only_its_machines(
    fleet: Fleet, operator: FlaskClient, chosen: str, expected: list[str]
) -> None:
    assert machines(show(operator, show=chosen)) == expected
    assert fleet


def test_a_search_finds_ward_unit_and_machine(fleet: Fleet, operator: FlaskClient) -> None:
    assert machines(show(operator, q="thủy lam")) == ["AL003", "AL004"]
    assert machines(show(operator, q="al007")) == ["AL007"]
    assert machines(show(operator, q="H57.99.03")) == ["AL005", "AL006"]
    assert "Không máy nào khớp" in show(operator, q="Nguyễn")
    assert fleet


def test_a_kiosk_of_an_older_release_is_neither_silent_nor_unknown_to_the_page(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    kiosk = practice.enrolled_kiosk()
    assert kiosk.send_request("GET", "/changes").status == 200
    page = show(operator)
    assert "1 máy: 1 tốt, 0 cần xem, 0 im lặng" in page
    assert "Bản cũ, chưa biết báo" in page


def test_a_kiosk_that_never_called_is_silent_and_a_revoked_one_is_not_shown(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    fleet = Fleet(practice, 2)
    practice.sql("update kiosks set revoked_at = '2026-11-24T01:30:00.000Z' where kiosk_id = 'AL002'")
    page = show(operator)
    assert machines(page) == ["AL001"]
    assert "Chưa liên lạc lần nào" in page
    fleet.close()


def test_two_hundred_machines_come_in_pages_without_one_twice(practice: PracticeGateway, operator: FlaskClient) -> None:
    fleet = Fleet(practice, 200)
    for machine in fleet.machines[::9]:
        machine.report()
    found: list[str] = []
    for start in range(0, 200, 50):
        page = show(operator, **{"from": str(start)})
        found += machines(page)
        assert ("Trang sau" in page) is (start < 150)
        assert ("Trang trước" in page) is (start > 0)
    assert len(found) == len(set(found)) == 200
    assert "Xem 151 đến 200 trên 200 máy" in page
    fleet.close()


def test_the_table_to_keep_has_every_row_and_no_formula(fleet: Fleet, operator: FlaskClient) -> None:
    fleet.machines[7].report(wardName="=HYPERLINK(1)")
    fleet.machines[1].report(voices=[{"voice": "vi-hue", "version": "2026.10.1"}])
    answer = operator.get("/fleet.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert len(rows) == 9
    unknown = "chưa rõ: bản cũ, chưa biết báo"
    assert rows[1][2:] == ["AL001", "", "1.4.0", "2026.11.20", unknown, "Im lặng", rows[1][8], "", ""]
    (named,) = [row for row in rows if row[2] == "AL002"]
    assert dict(zip(rows[0], named, strict=True))["Giọng đọc"] == "giọng vi-hue 2026.10.1"
    assert [row[0] for row in rows if "HYPERLINK" in row[0]] == ["'=HYPERLINK(1)"]
    assert len(list(csv.reader(io.StringIO(operator.get("/fleet.csv?show=silent").text)))) == 2


def test_a_name_from_a_machine_is_no_markup_on_the_page(fleet: Fleet, operator: FlaskClient) -> None:
    fleet.machines[7].report(wardName="<script>alert(1)</script>")
    page = show(operator)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_an_alarm_that_this_gateway_does_not_know_is_shown_by_its_code(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    fleet = Fleet(practice, 1)
    fleet.machines[0].report(alarms=[{"code": "WATER-07", "state": "fault"}])
    assert "Báo động WATER-07" in show(operator)
    fleet.close()


def test_a_fault_is_before_a_warning_and_many_alarms_fold(practice: PracticeGateway, operator: FlaskClient) -> None:
    fleet = Fleet(practice, 1)
    alarms = [{"code": f"LINK-0{number}", "state": "warning"} for number in range(1, 6)]
    fleet.machines[0].report(alarms=[*alarms, {"code": "DISK-02", "state": "fault"}], diskFreeMb=150)
    page = show(operator)
    assert "Ổ đĩa đầy, không nhận tờ khai mới, còn 150 MB" in page
    assert "và 5 việc nữa" in page
    assert "Mất đường truyền" not in page
    alone = operator.get("/kiosks/AL001").text
    assert alone.index("(DISK-02)") < alone.index("Mất đường truyền")
    assert [alone.count(f"(LINK-0{number})") for number in range(1, 6)] == [1] * 5, "its page shows all"
    fleet.close()


def test_versions_are_compared_as_numbers() -> None:
    assert version_key("1.10.0") > version_key("1.9.3")
    assert version_key("1.4.0+401343ed") == version_key("1.4.0")
    assert version_key("2026.11.24") < version_key("2026.11.24.2")
    assert version_key("1.x") == (1, 0)


def test_the_page_of_a_machine_has_the_figures_of_its_last_report(fleet: Fleet, operator: FlaskClient) -> None:
    fleet.machines[1].report(unknownPapers=2, diskFreeMb=41_250)
    page = " ".join(operator.get("/kiosks/AL002").text.split())
    for name, value in (
        ("Bản máy", "1.5.0"),
        ("Nội dung", "2026.11.20"),
        ("Giấy chưa rõ", "2"),
        ("Bản sao gần nhất", "10 phút trước"),
        ("Ổ đĩa còn", "41,2 GB"),
        ("Đồng hồ", "lệch 9 phút"),
        ("Chờ gửi", "không có"),
    ):
        assert f"<dt>{name}</dt> <dd>{value}</dd>" in page, name
    assert "Đồng hồ lệch 9 phút</b> (TIME-03)" in page
    assert "<dt>Giọng đọc</dt> <dd>chưa rõ: bản cũ, chưa biết báo</dd>" in page
    silent = " ".join(operator.get("/kiosks/AL001").text.split())
    assert "Im lặng từ" in silent
    assert "Gọi phường xem máy có điện, có mạng không." in silent
    assert "Không có</span>" not in silent, "the alarms of a silent machine are unknown"


@pytest.mark.parametrize(
    ("voices", "words"),
    [
        ([], "chưa có giọng của tỉnh"),
        (
            [{"voice": "vi", "version": "2026.11.24"}, {"voice": "vi-hue", "version": "2026.10.1"}],
            "tiếng Việt 2026.11.24, giọng vi-hue 2026.10.1",
        ),
    ],
)
def test_the_page_of_a_machine_names_the_voices_in_use(
    fleet: Fleet, operator: FlaskClient, voices: list[dict[str, str]], words: str
) -> None:
    fleet.machines[1].report(voices=voices)
    page = " ".join(operator.get("/kiosks/AL002").text.split())
    assert f"<dt>Giọng đọc</dt> <dd>{words}</dd>" in page
