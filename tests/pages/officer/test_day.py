"""Pages of a day: figures, every officer's for a lead; a register is exported on its day, with an audit line."""

import io
import re
from datetime import date

import openpyxl
import pytest
from flask import Flask

from kiosk.acts import calling, charging, lookups, queueing
from kiosk.acts.calling import CounterRequest, ServiceEnd
from kiosk.acts.lookups import OfficerSession
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.papers import figures
from kiosk.papers.figures import Viewer
from kiosk.portal import portal_trail
from kiosk.records import audit, services, tickets
from kiosk.records.fees import PaymentMethod
from kiosk.records.figures import Service, Shift, Visit
from kiosk.records.services import ServiceLine
from kiosk.records.tickets import TicketChange
from printers.render.page_layout import TextMark, lay_sheet
from sync.encoding import timestamp
from sync.portals.base import PortalOpening, PortalTrail
from tests.journeys import submission_checks
from tests.journeys.queue_harness import press
from tests.pages.officer.sitting import PASSWORD, Desk
from tests.papers.forms import words_of_pdf
from tests.papers.register_pictures import accept

NAMES = ("DIỆU HIỀN", "Diệu Hiền", "PHƯỚC", "BẢO NGỌC", "046196000123", "0905")
FILES = ("register.pdf", "register.xlsx", "figures.pdf")


@pytest.fixture
def desk(app: Flask, birth_filed: Context, clock: FixedClock) -> Desk:
    """Return an officer after a day with one form and two more tickets, two of them served."""
    desk = Desk(app)
    accept(desk.context, submission_checks.only_submission(desk.context))
    for _ in range(2):
        queueing.draw_ticket(desk.context, desk.context.config.series[1])
    clock.jump(300)
    press(desk.context, 1)
    clock.jump(600)
    press(desk.context, 1)
    clock.jump(240)
    press(desk.context, 1, calling.finish)
    return desk


def _next_day(desk: Desk, clock: FixedClock, login: str = "hoaian") -> Desk:
    clock.advance(24 * 3600)
    desk.browser.post("/signin", data={"login": login, "password": PASSWORD, "counter": "1"})
    return desk.go("/officer/day")


def test_the_day_shows_its_figures_and_no_person(desk: Desk) -> None:
    page = desk.go("/officer/day").words
    assert "Hôm nay, thứ Ba, 24/11/2026" in page
    assert "số đã lấy 3" in page
    assert "đã làm xong 2" in page
    assert "9 trong 10 người chờ không quá 14 phút" in page  # of 5 and 15
    assert "A, Hộ tịch 1 1 0 0 0 0 5 5 10" in page
    assert "B, Chứng thực 2 1 0 0 1 0 15 15 4" in page
    assert "Cả phường 3 2 0 0 1 0 10 14 7" in page
    assert "Đăng ký khai sinh 1 1 1 5 10" in page
    assert "8 đến 9 giờ 3 2" in page
    assert submission_checks.only_submission(desk.context).receipt_no in page
    assert [name for name in NAMES if name in desk.page] == []


def test_an_officer_sees_their_own_work_and_a_lead_everybody(app: Flask, desk: Desk) -> None:
    page = desk.go("/officer/day").words
    assert "Việc của mình" in page
    assert "Cán bộ hoaian 2 7" in page
    assert "Theo quầy" not in page
    other = Desk(app, "minhtam", counter=2)
    assert "Cán bộ minhtam 0" in other.go("/officer/day").words
    assert "hoaian" not in other.words
    lead = Desk(app, "phuong", counter=2, role="lead")
    page = lead.go("/officer/day").words
    assert "Theo cán bộ" in page
    assert re.search(r"Quầy 1 08:30 – Cán bộ hoaian 2 7", page)
    for reader, hidden in ((desk, "Theo quầy"), (lead, "Việc của mình")):
        assert hidden not in words_of_pdf(reader.browser.get("/officer/day/figures.pdf").data)
    assert "Theo cán bộ" in words_of_pdf(lead.browser.get("/officer/day/figures.pdf").data)


def test_a_lead_comes_to_the_day_without_a_counter(app: Flask, desk: Desk) -> None:
    Desk(app, "phuong", role="lead")
    browser = app.test_client()
    browser.post("/signin", data={"login": "phuong", "password": PASSWORD})
    assert browser.get("/officer/").headers["Location"] == "/officer/counter"
    for address in ("/officer/day", "/officer/lookup", "/officer/day/register.pdf"):
        assert browser.get(address).status_code == 200


def test_what_leaves_is_in_the_trail_and_the_paper_remembers_its_end(desk: Desk) -> None:
    for name in FILES:
        desk.go("/officer/day")
        answer = desk.browser.get(f"/officer/day/{name}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        what = name.replace(".", " ")
        with desk.context.store.read() as db:
            ((_at, line),) = audit.of_subject(db, what)
            head = audit.head(db)
        assert (line.act, line.actor) == ("take_along", "CB01")
        assert (line.facts["from"], line.facts["to"]) == ("2026-11-24", "2026-11-24")
        if name.endswith("pdf"):
            assert f"Nhật ký dòng {head.seq}, {head.mac[:12]}." in words_of_pdf(answer.data)
            assert "TẬP" in words_of_pdf(answer.data)
        else:
            assert answer.headers["Content-Disposition"] == 'attachment; filename="so-theo-doi-2026-11-24-tap.xlsx"'
            assert openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames == ["Sổ theo dõi 24-11-2026"]


def test_a_register_leaves_on_its_day_and_later_only_to_a_lead(app: Flask, desk: Desk, clock: FixedClock) -> None:
    lead = Desk(app, "phuong", counter=2, role="lead")
    _next_day(desk, clock)
    assert "In sổ" in desk.words
    desk.go("/officer/day?date=24/11/2026")
    assert "Thứ Ba, 24/11/2026" in desk.words
    assert "Sổ của ngày khác do người phụ trách in" in desk.words
    for name in FILES[:2]:
        answer = desk.browser.get(f"/officer/day/{name}?date=2026-11-24")
        assert answer.status_code == 403
        assert "Diệu Hiền".encode() not in answer.data
    assert desk.browser.get("/officer/day/figures.pdf?date=2026-11-24").status_code == 200
    lead.browser.post("/signin", data={"login": "phuong", "password": PASSWORD})
    answer = lead.browser.get("/officer/day/register.pdf?date=2026-11-24")
    assert "Diệu Hiền" in re.sub(r"\s+", " ", words_of_pdf(answer.data))


def test_a_lead_takes_many_days_along_as_a_workbook(app: Flask, desk: Desk, clock: FixedClock) -> None:
    lead = Desk(app, "phuong", counter=2, role="lead")
    clock.advance(24 * 3600)
    lead.browser.post("/signin", data={"login": "phuong", "password": PASSWORD})
    answer = lead.browser.get("/officer/day/range.xlsx?from=22/11/2026&to=2026-11-25")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    plotted = ["Lượt theo giờ", "Chờ theo dãy số", "Dịch vụ đã làm xong", "Trả kết quả đúng hẹn"]
    assert book.sheetnames == [
        *("Theo ngày", "Theo dãy số", "Theo thủ tục", "Theo giờ"),
        *("Việc không kèm tờ khai", "Chờ theo dãy và giờ", "Theo quầy", "Theo cán bộ"),
        *plotted,
        "Bỏ dở, gọi giúp",
    ]
    charts = {sheet.title: len(sheet._charts) for sheet in book.worksheets}
    assert [charts[name] for name in plotted[:3]] == [1, 1, 1]
    assert charts["Theo ngày"] == 0
    rows = list(book["Theo ngày"].iter_rows(min_row=5, values_only=True))
    assert [row[0].date() for row in rows] == [date(2026, 11, day) for day in (22, 23, 24, 25)]
    assert [row[1] for row in rows] == [0, 0, 3, 0]
    assert rows[2][7:9] == (10, 14)
    assert desk.browser.get("/officer/day/range.xlsx?from=22/11/2026&to=2026-11-25").status_code in {303, 403}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("from=2026-11-24&to=2026-11-23", "Ngày đầu phải trước ngày cuối"),
        ("from=32/11/2026&to=2026-11-24", "Ngày viết như 25/11/2026"),
        ("from=2025-01-01&to=2026-11-24", "Lấy nhiều nhất 366 ngày một lần"),
        ("from=2026-11-24&to=2026-12-24", "chưa tới"),
    ],
)
def test_a_span_that_cannot_be_says_why_and_stays_typed(app: Flask, query: str, message: str) -> None:
    lead = Desk(app, "phuong", counter=2, role="lead")
    lead.go(f"/officer/day/range.xlsx?{query}")
    assert lead.answer.status_code == 400
    assert message in lead.words
    assert f'value="{query.partition("from=")[2].partition("&")[0]}"' in lead.page


@pytest.mark.parametrize("typed", ["hôm qua", "2026-13-01", "25/11/2026", "0001-01-01", "99999", "1/2/3/4"])
def test_a_day_that_cannot_be_says_why(desk: Desk, typed: str) -> None:
    desk.go(f"/officer/day?date={typed}")
    assert desk.answer.status_code == 200
    assert re.search(r'<p class="bad" role="alert">Ngày (viết như|25/11/2026 chưa tới|.* xa quá)', desk.page)
    assert f'value="{typed}"' in desk.page
    assert desk.browser.get(f"/officer/day/register.pdf?date={typed}").status_code == 403


def test_an_empty_day_stands_and_prints(app: Flask) -> None:
    desk = Desk(app)
    desk.go("/officer/day?date=23/11/2026")
    assert "số đã lấy 0" in desk.words
    assert "Chưa có tờ khai nào" in desk.words
    assert "Chưa có gì" in words_of_pdf(desk.browser.get("/officer/day/figures.pdf?date=23/11/2026").data)
    assert desk.browser.get("/officer/day/register.pdf").status_code == 200


def test_a_lead_reads_who_opened_which_case_and_why(app: Flask, desk: Desk) -> None:
    case = submission_checks.only_submission(desk.context)
    lookups.open_case(
        desk.context,
        case.id,
        reason="other",
        words="Bà <b>con</b> xin đọc lại",
        officer_session=OfficerSession("CB01", "session"),
    )
    lead = Desk(app, "phuong", counter=2, role="lead")
    page = lead.go("/officer/day").words
    assert f"08:49 Cán bộ hoaian {case.receipt_no} Việc khác: Bà <b>con</b> xin đọc lại" in page
    assert "<b>con" not in lead.page
    assert "xin đọc lại" not in desk.go("/officer/day").page


def test_a_busy_day_fits_one_sheet(app: Flask) -> None:
    desk = Desk(app, "phuong", role="lead")
    context = desk.context
    codes = [procedure.code for procedure in context.catalogue.all(context.clock.today())]
    figures_today = figures.load_day(context, context.clock.today())
    visits = [
        Visit(letter, code, is_priority=True, drawn_at=context.clock.now().replace(hour=hour))
        for letter in "ABCDEF"
        for code in [*codes, None]
        for hour in range(11)
    ]
    shifts = [
        Shift(counter=counter, actor=f"CB{counter:02d}", since=context.clock.now(), until=context.clock.now())
        for counter in (1, 2, 3, 4, 5, 6)
        for _ in range(2)
    ]
    names = {f"CB{number:02d}": "Tôn Nữ Hoàng Thị Ngọc Diễm" for number in range(1, 9)}
    for visit, counter in zip(visits, [1, 2, 3, 4, 5, 6, 7, 8] * 9, strict=False):
        visit.services.append(Service(counter, f"CB{counter:02d}", 5.0))
    busy = figures.DayFigures(
        day=figures_today.day, visits=visits, shifts=shifts, cases=figures_today.cases, names=names, is_over=True
    )
    page, *plot_pages = lay_sheet(figures.sheet(context, busy, Viewer("CB01", is_lead=True)))
    words = " ".join(mark.text for plot in plot_pages for mark in plot.marks if isinstance(mark, TextMark))
    assert "SỐ LIỆU BẰNG HÌNH" in words
    printed = " ".join(mark.text for mark in page.marks if isinstance(mark, TextMark))
    kept = sum(procedure.short.vi in printed for procedure in context.catalogue.all(context.clock.today()))
    assert f"{len(codes) + 1 - kept} thủ tục khác" in printed or kept == len(codes)


def test_a_number_of_yesterday_that_is_called_today_counts_for_yesterday(desk: Desk, clock: FixedClock) -> None:
    with desk.context.store.read() as db:
        left = tickets.by_label(db, date(2026, 11, 24), "B002")
    assert left is not None
    _next_day(desk, clock)
    with desk.context.store.write() as db:
        tickets.add_event(db, left, TicketChange(event="closed", at=clock.now(), actor="CB01", counter=1))
    assert "số đã lấy 0" in desk.go("/officer/day").words
    assert "B, Chứng thực 2 1 1 1 0 0" in desk.go("/officer/day?date=24/11/2026").words


def test_the_day_has_plots_each_with_its_numbers_as_a_table(desk: Desk) -> None:
    page = desk.go("/officer/day").page
    assert page.count('class="panel plot"') == page.count('<table class="away">') == 5
    for words in ("Lượt theo giờ", "Chờ theo dãy số", "Dịch vụ đã làm xong", "Chỗ người dân bỏ dở hoặc gọi giúp"):
        assert words in desk.words


def _serve(desk: Desk, counts: tuple[int, int], method: PaymentMethod | None, exemption: str | None = None) -> str:
    """Draw, call and end a number with certified copies; return the id of the service."""
    context = desk.context
    queueing.draw_ticket(context, context.config.series[1])
    ticket = press(context, 1).ticket
    assert ticket is not None
    copies, amount = counts
    line = ServiceLine(
        procedure="2.000815", fee="sao_y", name="Chứng thực bản sao", copies=copies, pages=2, amount=amount
    )
    request = CounterRequest(counter=1, ticket_id=ticket.id, nonce=f"end {ticket.id}", actor="CB01")
    end = ServiceEnd("done", lines=(line,), method=method, exemption=exemption)
    assert calling.end_service(context, request, end).is_changed
    with context.store.read() as db:
        return services.of_ticket(db, ticket.id)[0].id


def test_services_without_a_form_are_counted_with_their_money(app: Flask, desk: Desk) -> None:
    press(desk.context, 1)
    _serve(desk, (3, 18_000), "cash")
    _serve(desk, (2, 12_000), "transfer")
    _serve(desk, (1, 6_000), None, exemption="Hộ nghèo")
    mistaken = _serve(desk, (9, 99_000), "cash")
    assert charging.void_service(desk.context, mistaken, reason="mistaken", actor="CB01")
    lead = Desk(app, "phuong", counter=2, role="lead")
    words = lead.go("/officer/day").words
    assert "Chứng thực bản sao 3 6 30.000" in words
    assert "Thu tiền mặt, trừ khoản trả lại – – 18.000" in words
    assert "Thu chuyển khoản, trừ khoản trả lại – – 12.000" in words
    printed = " ".join(words_of_pdf(lead.browser.get("/officer/day/figures.pdf").data).split())
    assert "không kèm tờ khai" in printed
    assert "Chứng thực bản sao" in printed
    book = openpyxl.load_workbook(
        io.BytesIO(lead.browser.get("/officer/day/range.xlsx?from=23/11/2026&to=24/11/2026").data)
    )
    rows = list(book["Việc không kèm tờ khai"].iter_rows(min_row=5, values_only=True))
    assert rows[0] == ("Chứng thực bản sao", 3, 6, 30_000)
    assert [row[-2:] for row in book["Theo ngày"].iter_rows(min_row=5, values_only=True)] == [(0, 0), (3, 30_000)]


def test_waits_are_crossed_by_series_and_hour_and_long_ones_show_without_colour(
    app: Flask, desk: Desk, clock: FixedClock
) -> None:
    queueing.draw_ticket(desk.context, desk.context.config.series[0])
    press(desk.context, 1)
    press(desk.context, 1)
    clock.jump(3600)
    queueing.draw_ticket(desk.context, desk.context.config.series[0])
    clock.jump(3000)
    press(desk.context, 1)
    page = desk.go("/officer/day").page
    heat = page[page.index('<table class="heat">') :].partition("</table>")[0]
    cells = re.findall(r'<td class="n ([a-z]*)"><span>([^<]*)<', heat)
    assert cells == [("", "2"), ("over", "50"), ("", "17"), ("", "–")], heat
    printed = " ".join(words_of_pdf(desk.browser.get("/officer/day/figures.pdf").data).split())
    assert "50 !" in printed
    assert "chấm than: từ 45 phút" in printed


def test_the_lead_reads_who_opened_a_form_at_the_portal(app: Flask, desk: Desk) -> None:
    filed = submission_checks.only_submission(desk.context)
    opening = PortalOpening(
        at=timestamp(desk.context.clock.now()),
        submission_id=filed.id,
        receipt_no=filed.receipt_no,
        login="nam.vt",
        reason="Đối chiếu ngày sinh",
    )
    with desk.context.store.write() as db:
        trail = PortalTrail(no=5, digest="a" * 64, held=None, openings=(opening,))
        portal_trail.record_answer(desk.context, db, trail)
    lead = Desk(app, "phuong", role="lead")
    assert f"Cổng tỉnh (nam.vt) {filed.receipt_no} Đối chiếu ngày sinh" in lead.go("/officer/day").words
    assert "nam.vt" not in desk.go("/officer/day").words
    auditor = Desk(app, "thanh", role="auditor")
    page = auditor.go("/officer/trail").words
    assert f"mở tờ khai {filed.receipt_no} ở cổng tỉnh, tài khoản nam.vt, lúc 08:" in page
    assert "Đối chiếu ngày sinh" not in page
