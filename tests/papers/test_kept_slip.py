"""Slip of a kept form: what is on it, what must not be, and that its code is read."""

from dataclasses import replace
from datetime import timedelta

import pytest
import zxingcpp

from kiosk import papers
from kiosk.acts import applying, covering
from kiosk.acts import kept_forms as kept_form_acts
from kiosk.acts.kept_forms import ChosenDigits
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import kept_forms
from kiosk.dossiers.kept_forms import KeptForm
from kiosk.dossiers.scanned_code import recognise
from kiosk.procedures.answers import Draft
from kiosk.records import kept_drafts, tickets
from kiosk.vietnam import id_card
from printers.document import Document
from printers.render import raster, text
from printers.settings import PrinterSettings
from tests.papers.forms import ANSWERS, BIRTH

WIDE = PrinterSettings()
NARROW = PrinterSettings(width_mm=58, dots=384)
SESSION = "s" * 64


def begin(context: Context, *, has_card: bool) -> None:
    procedure = context.catalogue.in_force(BIRTH, context.clock.today())
    assert procedure is not None
    opened = applying.begin(context, SESSION, procedure, answers={"cha_me": "da_ket_hon", "noi_de": "co_so_y_te"})

    def answer(draft: Draft) -> None:
        draft.answers |= ANSWERS[BIRTH]
        draft.done.append("nguoi-yeu-cau")
        if has_card:
            card = id_card.parse(id_card.practice_cards()[0].line)
            assert isinstance(card, id_card.Card)
            draft.put(f"{kept_forms.SCANNED_CARD}.nguoi-yeu-cau", kept_forms.card_hash(context, card), "card")

    applying.update_draft(context, opened.id, answer)


def keep(context: Context, digits: str = "") -> tuple[KeptForm, Document]:
    form = kept_form_acts.keep(context, SESSION, "máy PK03", ChosenDigits(digits, digits))
    slip = papers.compose(context, "kept", form.kept.draft_id, {})
    assert slip is not None
    return form, slip


def words(paper: Document) -> str:
    return text.render(paper, columns=200)


def test_a_slip_says_form_steps_day_and_how_to_go_on(context: Context) -> None:
    begin(context, has_card=True)
    form, slip = keep(context)
    printed = words(slip)
    assert "Quyền xem, xóa thông tin đã khai" in printed
    for text_on_paper in (
        "PHIẾU GIỮ TỜ KHAI",
        "Chưa nộp, còn khai dở",
        "Đăng ký khai sinh",
        f"{form.kept.steps_done} trên {form.kept.steps} phần",
        "8:30, 24/11/2026, máy PK03",
        "Thứ Ba 01/12/2026",
        form.code,
        "Đưa thẻ căn cước đã quét để mở.",
        "1900 1075",
    ):
        assert text_on_paper in printed
    assert "Số thứ tự" not in printed


def test_nothing_personal_is_on_the_slip(context: Context) -> None:
    begin(context, has_card=False)
    _form, slip = keep(context, "4071")
    printed = words(slip)
    given = [str(value) for value in ANSWERS[BIRTH].values() if isinstance(value, str) and len(value) > 3]
    assert len(given) > 10
    for answer in [*given, "046196000123", "0123", "046093000456", "0456", "4071", "12/03/1996"]:
        assert answer not in printed


def test_a_slip_for_digits_says_so(context: Context) -> None:
    begin(context, has_card=False)
    _form, slip = keep(context, "4071")
    assert "Bấm 4 số đã chọn hôm đó." in words(slip)
    assert "thẻ căn cước" not in words(slip)


def test_a_slip_without_card_and_digits_leads_to_the_desk(context: Context) -> None:
    begin(context, has_card=False)
    assert covering.cover(context, SESSION, "/form/con_ten")
    clock = context.clock
    assert isinstance(clock, FixedClock)
    clock.jump(60 * context.config.screen.cover_minutes + 1)
    assert covering.put_away_overdue(context) == 1
    with context.store.read() as db:
        (draft_id,) = db.execute("select draft_id from kept_drafts").fetchone()
    slip = papers.compose(context, "kept", draft_id, {})
    assert slip is not None
    assert "Đưa phiếu này và thẻ căn cước cho cán bộ xem." in words(slip)
    assert "máy nào" not in words(slip)
    assert "4 số" not in words(slip)


def test_a_number_that_was_drawn_is_on_the_slip_of_its_day_only(context: Context) -> None:
    begin(context, has_card=True)
    with context.store.write() as db:
        ticket = tickets.draw(db, context.clock.today(), "A", context.clock.now())
        kept_drafts.save_ticket(db, SESSION, ticket.id)
    form, slip = keep(context)
    assert f"Số thứ tự {ticket.label} vẫn giữ trong ngày." in words(slip)
    with context.store.write() as db:
        kept_drafts.save(db, replace(form.kept, kept_at=form.kept.kept_at + timedelta(days=1)))
    later = papers.compose(context, "kept", form.kept.draft_id, {})
    assert later is not None
    assert ticket.label not in words(later)


@pytest.mark.parametrize("printer", [WIDE, NARROW], ids=["80 mm", "58 mm"])
def test_the_code_of_the_slip_is_read_from_its_picture(context: Context, printer: PrinterSettings) -> None:
    begin(context, has_card=True)
    form, slip = keep(context)
    found = [code.text for page in raster.render(slip, printer) for code in zxingcpp.read_barcodes(page)]
    assert found == [form.code]


def test_the_slip_of_a_deleted_form_is_not_printed(context: Context) -> None:
    begin(context, has_card=True)
    form, _slip = keep(context)
    with context.store.write() as db:
        kept_drafts.delete(db, form.kept.draft_id)
    assert papers.compose(context, "kept", form.kept.draft_id, {}) is None


def test_the_paper_of_a_number_without_a_form_has_a_code_that_opens_its_place_in_line(context: Context) -> None:
    with context.store.write() as db:
        ticket = tickets.draw(db, context.clock.today(), "A", context.clock.now())
    paper = papers.compose(context, "ticket", ticket.id, {})
    assert paper is not None
    (found,) = [code.text for page in raster.render(paper, WIDE) for code in zxingcpp.read_barcodes(page)]
    scanned = recognise(found, context.clock.today())
    assert (scanned.kind, scanned.text, scanned.day) == ("number", "A001", context.clock.today())
