"""Fees of the city council: an amount with its resolution, or an officer who states it; never "free" by an empty value.

Waivers of an online filing are hints with dates on the screen and at the desk; the desk cannot waive a fee for them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from kiosk import papers
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.ward_sections import ProceduresSettings
from kiosk.context import Context
from kiosk.dossiers.case_summary import fee_summary
from kiosk.dossiers.opened import open_submission
from kiosk.procedures.documents import shipped_documents
from kiosk.procedures.facts import documents_in_use
from kiosk.procedures.loader import read_catalogue
from kiosk.records import fees
from kiosk.startup.context_factory import open_context
from printers.document import Document
from printers.render import text
from tests.journeys.walker import Walker
from tests.pages.officer.test_fees import _called, _hand_in, _press

BIRTH = "1.001193"
COPY = "2.000635"
SINGLE = "1.004873"
LATE = {"con_ngay_sinh": "2026-06-01", "de_nghi_cap_ban_sao": False}
STATED = "theo mức Hội đồng nhân dân thành phố quy định"
RESOLUTION = """
[[procedure]]
code = "1.001193"
why = "Nghị quyết của Hội đồng nhân dân thành phố"
[[procedure.fee]]
id = "qua_han"
amount = 12000
online = 6000
resolution = { number = "7/2026/NQ-HĐND", date = 2026-07-09, from = 2026-08-01, to = 2026-12-31 }
local_options = "mien_theo_nghi_quyet"
"""

Ward = Callable[[str], Flask]


@pytest.fixture
def ward(app: Flask, practice: Config, clock: FixedClock) -> Ward:
    """Return a function that starts a kiosk with an override file of the ward."""
    before: Context = app.extensions["context"]

    def start(overrides: str) -> Flask:
        (practice.root / "sua-doi.toml").write_text(overrides, "utf-8")
        config = replace(practice, procedures=ProceduresSettings(overrides="sua-doi.toml"))
        before.store.close()
        app.extensions["context"] = open_context(config, clock)
        return app

    return start


def at(clock: FixedClock, year: int, month: int, day: int) -> None:
    five = datetime(year, month, day, 9, 58, tzinfo=UTC)  # two minutes before five in the ward
    clock.jump((five - clock.now()).total_seconds())


def slip(context: Context, submission_id: str) -> str:
    paper = papers.compose(context, "slip", submission_id, {})
    assert isinstance(paper, Document)
    return " ".join(text.render(paper, columns=200).replace("\u00a0", " ").split())


def form_01(context: Context, submission_id: str) -> str:
    opened = open_submission(context, submission_id)
    assert opened
    return fee_summary(opened)


def test_an_amount_that_the_ward_has_not_entered_is_stated_by_an_officer_everywhere(app: Flask) -> None:
    context: Context = app.extensions["context"]
    screen = Walker(app).go(f"/need/{BIRTH}").words
    assert f"Khai quá 60 ngày: {STATED}; cán bộ báo số tiền." in screen
    filed = _hand_in(context, **LATE)
    printed = slip(context, filed.submission.id)
    assert f"Lệ phí: khai quá 60 ngày {STATED}, cán bộ báo số tiền." in printed
    assert "cán bộ báo số tiền" in form_01(context, filed.submission.id)
    desk = _called(app, **LATE)
    assert "Lệ phí cán bộ báo số tiền" in desk.words
    assert not [words for words in (printed, desk.words) if "miễn phí" in words or "không mất tiền" in words]


def test_an_amount_has_its_resolution(ward: Ward) -> None:
    app = ward(RESOLUTION)
    context: Context = app.extensions["context"]
    screen = Walker(app).go(f"/need/{BIRTH}").words.replace("\u00a0", " ")
    assert "Khai quá 60 ngày: 12.000 đồng. Mức theo Nghị quyết 7/2026/NQ-HĐND ngày 09/07/2026." in screen
    assert "Thành phố miễn thêm: Trẻ em; Người cao tuổi; Đồng bào dân tộc thiểu số." in screen
    assert "Tự nộp trên Cổng Dịch vụ công quốc gia hoặc VNeID: 6.000 đồng." in screen
    printed = slip(context, _hand_in(context, **LATE).submission.id)
    assert "Lệ phí: khai quá 60 ngày 12.000 đồng. Mức theo Nghị quyết 7/2026/NQ-HĐND ngày 09/07/2026." in printed
    desk = _called(app, **LATE)
    assert "Lệ phí 12.000 đồng" in desk.words
    assert "Mức theo Nghị quyết 7/2026/NQ-HĐND ngày 09/07/2026." in desk.words
    assert '<option value="tre_em"' in desk.page
    _press(desk, "cash")
    with context.store.read() as db:
        (row,) = fees.of_day(db, context.clock.today())
    assert (row.fee, row.amount, row.listed, row.reason) == ("qua_han", 12_000, 12_000, None)


def test_a_group_that_the_city_spares_is_waived_at_the_desk(ward: Ward) -> None:
    desk = _called(ward(RESOLUTION), **LATE)
    _press(desk, "cash", **{"exemption.qua_han": "tre_em"})
    assert "miễn: Trẻ em" in desk.words


@pytest.mark.parametrize(
    ("day", "is_known"),
    [((2026, 7, 31), False), ((2026, 8, 1), True), ((2026, 12, 31), True), ((2027, 1, 1), False)],
)
def test_a_resolution_holds_on_its_first_and_on_its_last_day(
    ward: Ward, clock: FixedClock, day: tuple[int, int, int], *, is_known: bool
) -> None:
    at(clock, *day)
    screen = Walker(ward(RESOLUTION)).go(f"/need/{BIRTH}").words.replace("\u00a0", " ")
    assert ("Khai quá 60 ngày: 12.000 đồng." in screen) == is_known
    assert (f"Khai quá 60 ngày: {STATED}" in screen) == (not is_known)
    assert ("6.000 đồng" in screen) == is_known


def test_an_amount_without_its_resolution_is_refused_with_its_line(ward: Ward) -> None:
    without = "\n".join(line for line in RESOLUTION.splitlines() if not line.startswith("resolution"))
    app = ward(without)
    (error,) = {line for line in app.extensions["context"].catalogue.errors if "amount" in line}
    assert error.startswith("sua-doi.toml, dòng 7, mã 1.001193: ")
    assert "phải kèm số và ngày của nghị quyết" in error
    assert Walker(app).go(f"/need/{BIRTH}").answer.status_code == 404


def test_a_resolution_of_nothing_leaves_the_amount_to_the_officer(ward: Ward) -> None:
    lines = [line for line in RESOLUTION.splitlines() if not line.startswith(("amount", "online", "local"))]
    screen = Walker(ward("\n".join(lines))).go(f"/need/{BIRTH}").words
    assert f"Khai quá 60 ngày: {STATED}; cán bộ báo số tiền." in screen


def test_a_city_that_charges_nothing_says_so_by_its_resolution(ward: Ward) -> None:
    screen = Walker(ward(RESOLUTION.replace("12000", "0").replace("6000", "0"))).go(f"/need/{BIRTH}").words
    screen = screen.replace("\u00a0", " ")
    assert "Khai quá 60 ngày: không mất tiền. Mức theo Nghị quyết 7/2026/NQ-HĐND" in screen
    assert "Tự nộp trên Cổng Dịch vụ công quốc gia hoặc VNeID: không mất tiền." in screen


@pytest.mark.parametrize("code", [COPY, SINGLE])
@pytest.mark.parametrize(
    ("day", "is_given"),
    [((2026, 8, 14), False), ((2026, 8, 15), True), ((2027, 2, 28), True), ((2027, 3, 1), False)],
)
def test_a_waiver_is_a_hint_up_to_its_last_day(
    app: Flask, clock: FixedClock, code: str, day: tuple[int, int, int], *, is_given: bool
) -> None:
    at(clock, *day)
    screen = Walker(app).go(f"/need/{code}").words
    assert ("Chỉ đến hết ngày 28/02/2027." in screen) == is_given
    assert ("Tự nộp trên Cổng Dịch vụ công quốc gia hoặc VNeID" in screen) == is_given


def test_the_desk_cannot_give_an_online_waiver(app: Flask) -> None:
    desk = _called(app, COPY)
    hint = "Quầy vẫn thu. Chỉ khi nộp trực tuyến (đến hết ngày 28/02/2027): Tự nộp trên Cổng Dịch vụ công quốc gia"
    assert hint in desk.words
    assert "exemption.ban_sao" not in desk.page
    _press(desk, "cash", **{"exemption.ban_sao": "dinh_danh"})
    with app.extensions["context"].store.read() as db:
        (row,) = fees.of_day(db, app.extensions["context"].clock.today())
    assert (row.state, row.exemption) == ("paid", None)


def test_no_fee_of_the_catalogue_is_waived_at_the_desk_for_an_electronic_identity() -> None:
    proofs = [
        (procedure.code, fee.id)
        for procedure in read_catalogue().every_version()
        for fee in procedure.fees
        for option in (*fee.options, *fee.local_options)
        if "VNeID" in option.value or "điện tử" in option.label.vi
    ]
    assert proofs == []


def test_the_law_spares_three_groups_in_civil_status() -> None:
    spared = {
        tuple(option.label.vi for option in fee.options)
        for procedure in read_catalogue().every_version()
        if procedure.series == "A-HOTICH"
        for fee in procedure.fees
        if fee.options
    }
    assert spared == {("Người khuyết tật", "Người thuộc hộ nghèo", "Người thuộc gia đình có công với cách mạng")}


@pytest.mark.parametrize("code", [BIRTH, "1.000656", "1.000894", "1.004859"])
@pytest.mark.parametrize("day", [(2026, 8, 14), (2026, 11, 24), (2027, 2, 28), (2027, 3, 1)])
def test_copies_with_another_filing_cost_the_same_on_every_day(
    app: Flask, clock: FixedClock, code: str, day: tuple[int, int, int]
) -> None:
    at(clock, *day)
    screen = Walker(app).go(f"/need/{code}").words.replace("\u00a0", " ")
    assert screen.count("8.000 đồng") == 1
    assert "miễn đến" not in screen


def test_who_reads_english_reads_the_same(ward: Ward) -> None:
    app = ward(RESOLUTION)
    english = (
        Walker(app).go("/").post("/set", name="lang", value="en").go(f"/need/{BIRTH}").words.replace("\u00a0", " ")
    )
    assert "Set by resolution 7/2026/NQ-HĐND of 09/07/2026." in english
    assert "The city also spares: A child; An elderly person; A person of an ethnic minority." in english


def test_a_waiver_rests_on_its_documents_while_it_is_given() -> None:
    procedure = read_catalogue().in_force(COPY, date(2026, 11, 24))
    assert procedure
    days = {date(2026, 8, 15): True, date(2027, 2, 28): True, date(2027, 3, 1): False}
    named = {day: "nq6622" in documents_in_use(procedure, shipped_documents(), day) for day in days}
    assert named == days
