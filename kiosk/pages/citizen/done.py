"""The page after Submit, and the look-up of a receipt."""

import io
from datetime import UTC, datetime
from typing import Any

import segno
from flask import request

import sync.link
from kiosk import clock, codes
from kiosk.acts import queueing
from kiosk.errors import DraftGone
from kiosk.i18n import N_, Translate, translator
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.ticket import ahead_words, first, may_come_back
from kiosk.pages.guard import for_, room, visitor
from kiosk.pages.showing import Done, Notice
from kiosk.records import submissions, tickets
from kiosk.records.submissions import Submission

SECONDS = 60
NATIONAL = {
    1: (N_("Đã gửi, chờ cán bộ nhận"), N_("Chờ gọi số, hoặc chờ tin.")),
    2: (N_("Cán bộ đã nhận hồ sơ"), N_("Giữ giấy hẹn. Đến đúng ngày hẹn.")),
    3: (N_("Chưa nhận được hồ sơ"), N_("Xem lý do trên phiếu từ chối, hỏi cán bộ cách làm lại.")),
    4: (N_("Đang giải quyết"), N_("Bà con không phải làm gì thêm.")),
    5: (N_("Cần nộp thêm giấy"), N_("Mang giấy cần thêm đến quầy, đưa phiếu này, không phải lấy số lại.")),
    6: (N_("Cần đóng tiền"), N_("Đóng tiền tại quầy hoặc quét mã chuyển khoản.")),
    7: (N_("Đã xin rút hồ sơ"), N_("Đến quầy nhận lại giấy đã nộp.")),
    8: (N_("Đã dừng giải quyết"), N_("Hỏi cán bộ lý do; có giấy thông báo dừng.")),
    9: (N_("Đã xong, mời đến nhận"), N_("Mang giấy hẹn và thẻ căn cước đến nhận.")),
    10: (N_("Đã nhận kết quả"), N_("Xong việc này.")),
}
LOCAL = {
    "queued": N_("Đã lưu ở phường, chưa gửi thành phố"),
    "sent": N_("Đã gửi thành phố"),
    "confirmed": N_("Thành phố đã nhận đủ"),
    "quarantined": N_("Cán bộ đang xem lại"),
    "withdrawn": N_("Đã rút"),
    "held": N_("Đã lưu ở phường"),
}


@citizen.get("/done")
@for_("citizen")
def done() -> str:
    """Show the number at once; nothing here waits for a printer or the line."""
    who, here = visitor(), room()
    if not who.submission_id:
        raise DraftGone
    _ = translator(who.lang)
    with here.store.read() as db:
        found = submissions.find(db, who.submission_id)
        ticket = tickets.of_submission(db, who.submission_id)
        ahead = ahead_words(db, ticket, _) if ticket else ""
        line = sync.link.state(db)
    if found is None:
        raise DraftGone
    procedure = here.shelf.version(found.procedure, found.version)
    words = procedure.done if procedure else ()
    number = ticket.label if ticket else ""
    return render(
        "citizen/done.html",
        done=Done(
            procedure=procedure.short.of(who.lang) if procedure else "",
            number=number,
            receipt_no=found.receipt_no,
            qr_svg=qr(found.receipt_no),
            ahead=ahead,
            title=procedure.done_title.of(who.lang) if procedure else "",
            steps=tuple(_step(one.of(who.lang), number, _) for one in words[:3]),
            line=_line_words(found, line, _),
            seconds=SECONDS,
            also=procedure.also.of(who.lang) if procedure and procedure.also else "",
        ),
        first=first(ticket, _) if ticket else None,
    )


def _step(words: str, number: str, _: Translate) -> tuple[str, str]:
    if words == "":
        return "", _("Phiếu đang in. Chưa ra thì nhớ số %(number)s.", number=number)
    return words, ""


def qr(text: str) -> str:
    """Return a QR code as SVG without a size of its own."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, nl=False)
    return out.getvalue().decode()


def _line_words(found: Submission, line: sync.link.State, _: Translate) -> Notice:
    if found.delivery is None:
        return Notice("info", _("Tờ khai đã ghi trong máy của phường."), _("Cán bộ thấy ngay ở quầy."))
    if found.delivery in {"sent", "confirmed"}:
        return Notice("ok", _("Tờ khai đã gửi lên thành phố."), _("Bà con không phải làm gì thêm."))
    if line.is_up is False or line.paused:
        return Notice(
            "warn",
            _("Đường truyền lên thành phố đang mất."),
            _("Tờ khai đã ghi trong máy của phường, có mạng sẽ tự gửi. Bà con không phải làm lại."),
            icon="offline",
        )
    return Notice("info", _("Tờ khai đã ghi trong máy của phường."), _("Máy đang gửi lên thành phố."), icon="clock")


# --- look-up


@citizen.route("/status", methods=["GET", "POST"])
@for_("citizen")
def status() -> str:
    """Say how far a case is, by receipt number and the last four digits of the id; never more than its state."""
    _ = translator(visitor().lang)
    form = {"code": request.form.get("code", "").strip()[:40], "last4": request.form.get("last4", "").strip()[:4]}
    if request.method == "GET":
        return render("citizen/status.html", form=form, found=None, errors=[])
    number, errors = codes.read_receipt_no(form["code"]), []
    if number is None:
        errors.append(("code", _("Mã này chưa đúng. Mời xem lại trên phiếu, ví dụ PK03-261125-0017-V.")))
    if not (form["last4"].isascii() and form["last4"].isdigit() and len(form["last4"]) == 4):
        errors.append(("last4", _("Mời ghi đủ 4 số cuối của số căn cước.")))
    found = None
    if not errors and number:
        found = queueing.look_up(room(), visitor().id, number, form["last4"])
        if found is None:
            errors.append(("code", _("Chưa thấy hồ sơ này. Mời xem lại mã và 4 số cuối, hoặc hỏi cán bộ.")))
    shown = _found(found, _) if found else None
    return render("citizen/status.html", form=form, found=shown, errors=errors)


def _found(found: Submission, _: Translate) -> dict[str, Any]:
    procedure = room().shelf.version(found.procedure, found.version)
    lang = visitor().lang
    title, do = NATIONAL.get(found.portal_code or 0, (LOCAL.get(found.delivery or "held", LOCAL["held"]), ""))
    at = found.portal_at or found.touched_at or found.completed_at
    steps = [(_("Đã nộp tờ khai"), _when(found.completed_at))]
    if found.delivery in {"sent", "confirmed"}:
        steps.append((_("Thành phố đã nhận đủ"), ""))
    if found.portal_code and found.portal_code > 1:
        steps.append((_(title), _when(found.portal_at) if found.portal_at else ""))
    as_of = (
        _("Theo thành phố báo lúc %(time)s", time=_when(at))
        if found.portal_at
        else _("Chưa có tin mới. Hồ sơ đang ở phường.")
    )
    with room().store.read() as db:
        comes_back = may_come_back(db, found)
    return {
        "comes_back": comes_back,
        "title": _(title),
        "text": procedure.short.of(lang) if procedure else "",
        "as_of": as_of,
        "do": _(do) if do else "",
        "steps": steps,
    }


def _when(at: datetime) -> str:
    local = clock.local(at.astimezone(UTC))
    return f"{local.hour}:{local.minute:02d}, {local.day}/{local.month}/{local.year}"
