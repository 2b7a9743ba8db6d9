"""A form that an officer fills in for a citizen: pages, card, sources, reading back, Submit, the number, the print."""

import io
import re

import pypdfium2
import pytest
from flask import Flask

from kiosk.acts import queueing
from kiosk.dossiers import sealed_drafts
from kiosk.records import audit, desk_drafts, draft_turns, drafts, help_calls, tickets
from kiosk.records.help_calls import CallPlace
from kiosk.vietnam import id_card
from tests.journeys import submission_checks
from tests.journeys.people import BIRTH, CHILD, DAY
from tests.journeys.walker import HtmlForm, _Reader
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap

MOTHER = {"nyc_quan_he": "me", "nyc_dien_thoai": "0905 000 123"}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def _call(desk: Desk) -> str:
    """Draw a number without a form, call it, and return its id."""
    drawn = queueing.draw_ticket(desk.context, desk.context.config.series[0])
    _tap(desk.go("/officer/"), "next")
    return drawn.id


def _form(desk: Desk) -> HtmlForm:
    return next(form for form in _Reader().read(desk.page) if form.id == "answer")


def _fill(desk: Desk, boxes: dict[str, str] | None = None, /, **more: str) -> Desk:
    """Send the questions of the page as a browser would, with these boxes changed."""
    form = _form(desk)
    values = {name: value for name, value in {**(boxes or {}), **more}.items() if value}
    assert values.keys() <= form.names | {"line"}, f"{sorted(form.names)} has not all of {sorted(values)}"
    for name in values.keys() & form.choices.keys():
        assert values[name] in form.choices[name], (name, form.choices[name])
    return desk.post(form.action or desk.answer.request.path, **{**_sent(form), **values})


def _sent(form: HtmlForm) -> dict[str, str]:
    return {key: value for key, value in form.sends.items() if key != "csrf"}


def _card(role: str) -> str:
    return next(card.line for card in id_card.practice_cards() if card.key == role)


def _scan(desk: Desk, role: str) -> Desk:
    return _fill(desk, line=_card(role))


def _begin(desk: Desk, ticket_id: str = "", comes: str = "self") -> Desk:
    desk.go(f"/officer/assist/new/{BIRTH}" + (f"?ticket={ticket_id}" if ticket_id else ""))
    return _fill(desk, cha_me="da_ket_hon", noi_de="co_so_y_te", comes=comes)


def _drafts(desk: Desk) -> list[desk_drafts.UnfinishedDraft]:
    with desk.context.store.read() as db:
        return desk_drafts.of_officer(db, "CB01")


def _page(desk: Desk, name: str) -> Desk:
    """Open a page by its link in the list at the left."""
    link = re.search(rf'href="(/officer/assist/[^"]+/page/{name})"', desk.page)
    assert link, desk.words
    return desk.go(link[1])


def _fill_birth(desk: Desk, *, read_back: str = "1") -> Desk:
    """Answer all pages of a birth that the mother registers, and read each page back."""
    _fill(_scan(desk, "me"), {**MOTHER, "nyc_noi_cu_tru.stay": "19753"}, read_back=read_back, reason="eyes")
    _fill(_scan(desk, "cha"), {"cha_noi_cu_tru.stay": "19753"}, read_back=read_back)
    _fill(desk, con_ho_ten=CHILD, con_gioi_tinh="nu", read_back=read_back)
    _fill(desk, {"con_noi_sinh": "birth:0", **DAY}, read_back=read_back)
    _fill(desk, con_dan_toc="Kinh", me_dan_toc="Kinh", cha_dan_toc="Kinh", pick="con_que_quan")
    pick = next(form for form in _Reader().read(desk.page) if form.id == "pick")
    desk.post(pick.action, choice="19753")
    _fill(desk, read_back=read_back)
    return _fill(desk, de_nghi_cap_ban_sao="khong", read_back=read_back)


def test_a_birth_is_filled_in_at_the_desk_and_submitted_for_the_number(desk: Desk) -> None:
    ticket_id = _call(desk)
    _fill_birth(_begin(desk, ticket_id))
    assert "Xem lại và nộp" in desk.words
    assert CHILD.upper() in desk.words
    _fill(desk, signature="fingerprint", read_back="1")
    assert desk.answer.request.path == "/officer/", desk.words
    assert "Đã gửi tờ khai, số A001." in desk.words
    submission = submission_checks.only_submission(desk.context)
    with desk.context.store.read() as db:
        assert tickets.of_submission(db, submission.id).id == ticket_id, "the number that was called has the form"
        assert tickets.last_number(db, desk.context.clock.today(), "A") == 1, "no second number is drawn"
    body = submission_checks.opened_body(desk.context, submission)
    assert body["assistance"] == {
        "officer": "CB01",
        "reason": "Mắt kém",
        "readBack": True,
        "signature": "fingerprint",
    }
    sources = body["form"]["sources"]
    assert (sources["nyc_ho_ten"], sources["con_ho_ten"]) == ("card", "officer")
    assert body["form"]["givers"]["con_ho_ten"] == "CB01"
    assert "nyc_ho_ten" not in body["form"]["givers"]
    assert "cán bộ Cán bộ hoaian ghi" in desk.words
    assert not _drafts(desk)


def test_the_printed_declaration_has_the_words_for_a_fingerprint(desk: Desk) -> None:
    _fill_birth(_begin(desk, _call(desk)))
    _fill(desk, signature="fingerprint", read_back="1")
    address = re.search(r'href="([^"]+declaration.pdf)"', desk.page)
    assert address
    pages = pypdfium2.PdfDocument(io.BytesIO(desk.browser.get(address[1]).data))
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    assert "đã đọc lại cho người yêu cầu nghe" in text
    assert "điểm chỉ vào tờ khai" in text
    assert "Cán bộ hoaian" in text


def test_submit_leads_to_the_first_page_that_is_not_filled_in_and_names_it(desk: Desk) -> None:
    _begin(desk, _call(desk))
    assert "disabled" not in re.sub(r"<style.*?</style>", "", desk.page)
    _fill(_scan(desk, "me"), {**MOTHER, "nyc_noi_cu_tru.stay": "19753"}, read_back="1", then="submit")
    assert desk.answer.request.path.endswith("/page/nguoi_cha"), desk.answer.request.path
    assert "Chưa nộp được: trang “Cha” chưa khai xong." in desk.words


def test_submit_leads_to_the_first_page_that_was_not_read_back(desk: Desk) -> None:
    _fill_birth(_begin(desk, _call(desk)), read_back="")
    _fill(desk, signature="sign", read_back="1")
    assert "Chưa nộp được: trang “Người đi khai” chưa đọc lại cho người dân nghe." in desk.words
    assert _drafts(desk)


def test_a_page_that_is_changed_must_be_read_back_again(desk: Desk) -> None:
    _fill_birth(_begin(desk, _call(desk)))
    _page(desk, "ten_be")
    form = _form(desk)
    assert form.sends["read_back"] == "1"
    sent = {name: value for name, value in _sent(form).items() if name != "read_back"}
    desk.post(form.action, **sent | {"con_ho_ten": "Trần Bảo An"})
    _page(desk, "ban_sao")
    _fill(desk, then="submit")
    assert "trang “Bé” chưa đọc lại" in desk.words


def test_what_was_typed_stays_when_a_card_is_scanned(desk: Desk) -> None:
    _begin(desk, _call(desk))
    _fill(desk, {"nyc_dien_thoai": "0905 000 123", "nyc_quan_he": "me"}, line=_card("me"))
    assert "Đã đọc thẻ" in desk.words
    sends = _form(desk).sends
    assert sends["nyc_dien_thoai"].replace(" ", "") == "0905000123"
    assert sends["nyc_quan_he"] == "me"
    assert sends["nyc_ho_ten"]


def test_one_button_chooses_this_ward_and_what_was_typed_stays(desk: Desk) -> None:
    _fill(_begin(desk), nyc_ho_ten="Lê Thị Bưởi", here="nyc_noi_cu_tru")
    assert _form(desk).sends["choice"] == "19753"
    _fill(desk, detail="Tổ 5")
    assert "Tổ 5" in desk.words
    assert _form(desk).sends["nyc_ho_ten"] == "Lê Thị Bưởi"


def test_a_code_that_is_no_card_says_what_it_is(desk: Desk) -> None:
    _begin(desk, _call(desk))
    code = next(code for code in id_card.practice_codes() if code.kind == "vietqr")
    assert "Đây là mã chuyển tiền" in _fill(desk, line=code.line).words


def test_wrong_answers_are_said_in_vietnamese_and_stay_typed(desk: Desk) -> None:
    _fill_birth(_begin(desk, _call(desk)))
    _page(desk, "sinh_luc_nao")
    _fill(desk, {"con_ngay_sinh.d": "31", "con_ngay_sinh.m": "2"})
    assert 'class="summary"' in desk.page
    assert 'value="31"' in desk.page


def test_without_a_number_one_is_drawn_at_submit(desk: Desk) -> None:
    _fill_birth(_begin(desk))
    _fill(desk, signature="sign", read_back="1")
    submission = submission_checks.only_submission(desk.context)
    with desk.context.store.read() as db:
        ticket = tickets.of_submission(db, submission.id)
    assert ticket is not None
    assert ticket.state == "waiting"
    assert submission.receipt_no in desk.words
    assert "declaration.pdf" in desk.page


def test_who_comes_for_another_is_told_at_once_what_authorises_and_is_named(desk: Desk) -> None:
    _begin(desk, _call(desk), comes="kin")
    _fill_birth(desk)
    _fill(desk, signature="sign", read_back="1")
    assert "chưa ghi họ tên người đi thay" in desk.words
    _fill(desk, signature="sign", read_back="1", submitter="Trần Văn Bình")
    body = submission_checks.opened_body(desk.context, submission_checks.only_submission(desk.context))
    assert body["submitter"] == {"fullName": "Trần Văn Bình"}
    assert body["relation"] == "Người thân ruột đi thay"


def test_another_officer_sees_the_draft_read_only_until_they_take_it(app: Flask, desk: Desk) -> None:
    _begin(desk, _call(desk))
    address = desk.answer.request.path
    other = Desk(app, "minhtam", counter=2).go(address)
    assert "Cán bộ Cán bộ hoaian đang khai bản này" in other.words
    form = _form(other)
    assert other.post(form.action, **_sent(form)).answer.status_code == 403
    take = re.search(r'action="([^"]+/take)"', other.go(address).page)
    assert take
    other.post(take[1])
    assert _fill(desk.go(address), line=_card("me")).answer.status_code == 403


def test_a_draft_is_deleted_with_all_that_was_typed(desk: Desk) -> None:
    _fill_birth(_begin(desk, _call(desk)))
    drop = re.search(r'action="([^"]+/drop)"', desk.page)
    assert drop
    assert "Đã xóa bản khai giúp" in desk.post(drop[1]).words
    assert not _drafts(desk)


def test_an_unfinished_form_is_listed_where_the_next_one_begins(desk: Desk) -> None:
    _begin(desk, _call(desk))
    desk.go("/officer/assist/new")
    assert "Bản khai giúp chưa nộp" in desk.words
    assert "Đăng ký khai sinh" in desk.words
    assert "số A001" in desk.words


def test_the_procedure_is_found_by_words_without_marks(desk: Desk) -> None:
    desk.go("/officer/assist/new?q=khai tu")
    assert "khai tử" in desk.words.lower()
    assert "Không thấy “xyzzy”" in desk.go("/officer/assist/new?q=xyzzy").words


def test_the_situation_and_who_comes_are_asked_before_the_form(desk: Desk) -> None:
    desk.go(f"/officer/assist/new/{BIRTH}")
    _fill(desk, cha_me="da_ket_hon")
    assert "Chưa chọn ai đến quầy." in desk.words
    assert not _drafts(desk)


def test_the_desk_offers_to_begin_and_to_continue_a_form_for_the_number(desk: Desk) -> None:
    _call(desk)
    assert "Khai giúp cho số A001" in desk.words
    link = re.search(r'href="(/officer/assist/new[^"]*ticket=[^"]+)"', desk.page)
    assert link
    assert "gắn với số A001" in desk.go(link[1]).words
    _begin(desk, re.search(r"ticket=([^&\"]+)", link[1])[1])
    assert "Khai tiếp: Đăng ký khai sinh" in desk.go("/officer/").words


def test_a_number_with_an_unsubmitted_form_does_not_end_unasked(desk: Desk) -> None:
    _begin(desk, _call(desk))
    _tap(desk.go("/officer/"), "finish")
    assert "chưa nộp" in desk.words
    assert "A001" in desk.words
    _tap(desk, "finish", sure="1")
    assert "Chưa có ai ở quầy" in desk.words


def test_a_draft_of_a_replaced_version_is_migrated_and_says_so(desk: Desk) -> None:
    _begin(desk, _call(desk))
    _fill(_scan(desk, "me"), {**MOTHER, "nyc_noi_cu_tru.stay": "19753"}, read_back="1", reason="hands")
    (unfinished,) = _drafts(desk)
    with desk.context.store.write() as db:
        row = drafts.read(db, unfinished.desk.draft_id)
        draft = sealed_drafts.unseal(desk.context, row.id, row.body)
        draft.version = "2020-01"
        body = sealed_drafts.seal(desk.context, row.id, draft)
        drafts.save_version(db, row.id, version=draft.version, body=body, now=desk.context.clock.now())
    desk.go(f"/officer/assist/{row.id}")
    desk.go(desk.answer.headers["Location"])
    assert "Mẫu tờ khai vừa đổi" in desk.words
    assert 'value="hands" checked' in desk.page
    assert "Đã đọc lại 0 trên" in desk.words


def test_the_call_about_a_form_ends_when_the_desk_submits_it(desk: Desk) -> None:
    _fill_birth(_begin(desk, _call(desk)))
    place = CallPlace("Máy 1", "/form/ten_be", draft_id=_drafts(desk)[0].desk.draft_id)
    with desk.context.store.write() as db:
        help_calls.insert(db, "session", place, desk.context.clock.now())
    _fill(desk, signature="sign", read_back="1")
    with desk.context.store.read() as db:
        assert help_calls.open_calls(db) == []
        (ended,) = [entry.line for entry in audit.latest(db, ["help_end"], 9)]
    assert (ended.actor, ended.facts["ended_by"]) == ("CB01", "officer")


def test_a_form_that_a_colleague_has_begun_is_found_by_name_and_taken_over(desk: Desk, app: Flask) -> None:
    _fill(_scan(_begin(desk), "me"), {**MOTHER, "nyc_noi_cu_tru.stay": "19753"}, read_back="1", reason="eyes")
    (unfinished,) = _drafts(desk)
    draft_id = unfinished.desk.draft_id
    other = Desk(app, login="minhtam", counter=2).go("/officer/assist/new")
    other.post("/officer/assist/find", name="Nguyễn Thị Diệu Hiền")
    assert "Đăng ký khai sinh , khai ở quầy. Cán bộ hoaian đã nhận khai tại quầy 1" in other.words
    other.post("/officer/assist/open", draft=draft_id)
    assert "Mời chọn vì sao mở tờ khai này." in other.words
    other.go("/officer/assist/new").post("/officer/assist/open", draft=draft_id, reason="here")
    assert other.answer.status_code == 409
    assert "Cán bộ hoaian đang mở bản khai này." in other.words
    other.post("/officer/assist/open", draft=draft_id, take="1")
    assert _drafts(desk) == []
    _fill(other.go(f"/officer/assist/{draft_id}/page/ten_be"), con_ho_ten=CHILD, con_gioi_tinh="nu", read_back="1")
    assert CHILD in other.go(f"/officer/assist/{draft_id}/page/ten_be").page
    assert "đang khai bản này" in desk.go(f"/officer/assist/{draft_id}/page/ten_be").words
    with desk.context.store.read() as db:
        assert draft_turns.find(db, draft_id) is None, "no screen has it, so nobody takes turns"
