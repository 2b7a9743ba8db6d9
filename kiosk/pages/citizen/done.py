"""The page after Submit."""

import io

import segno

import sync.link
from kiosk.errors import DraftGone
from kiosk.i18n import Translate, translator
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.ticket import priority_link, wait_text
from kiosk.pages.forms.view_models import DonePage, Notice
from kiosk.records import submissions, tickets
from kiosk.records.submissions import Submission

DISPLAY_SECONDS = 60


@citizen.get("/done")
@allow("citizen")
def done() -> str:
    """Show the number at once; nothing here waits for a printer or the line."""
    who = visitor()
    here = context()
    if not who.submission_id:
        raise DraftGone
    _ = translator(who.lang)
    with here.store.read() as db:
        found = submissions.find(db, who.submission_id)
        ticket = tickets.of_submission(db, who.submission_id)
        ahead = wait_text(db, ticket, _) if ticket else ""
        line = sync.link.state(db)
    if found is None:
        raise DraftGone
    procedure = here.catalogue.version(found.procedure, found.version)
    words = procedure.done if procedure else ()
    number = ticket.label if ticket else ""
    return render(
        "citizen/done.html",
        done=DonePage(
            procedure=procedure.short.of(who.lang) if procedure else "",
            number=number,
            receipt_no=found.receipt_no,
            qr_svg=qr(found.receipt_no),
            ahead=ahead,
            title=procedure.done_title.of(who.lang) if procedure else "",
            steps=tuple(_numbered_step(one.of(who.lang), number, _) for one in words[:3]),
            delivery_notice=_delivery_notice(found, line, _),
            seconds=DISPLAY_SECONDS,
            also=procedure.also.of(who.lang) if procedure and procedure.also else "",
        ),
        first=priority_link(ticket, _) if ticket else None,
    )


def _numbered_step(words: str, number: str, _: Translate) -> tuple[str, str]:
    if words == "":
        return "", _("Phiếu đang in. Chưa ra thì nhớ số %(number)s.", number=number)
    return words, ""


def qr(text: str) -> str:
    """Return a QR code as SVG without a size of its own."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, nl=False)
    return out.getvalue().decode()


def _delivery_notice(found: Submission, line: sync.link.LinkState, _: Translate) -> Notice:
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
