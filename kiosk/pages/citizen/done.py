"""Page after Submit: ticket, receipt number, next steps."""

from dataclasses import replace

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

import printers.spool
import sync.link
from kiosk.base.errors import DraftGone
from kiosk.base.i18n import Translate, translator
from kiosk.dossiers import status_page
from kiosk.dossiers.opened import open_submission
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.pay import pay_words
from kiosk.pages.citizen.ticket import priority_link, wait_text
from kiosk.pages.forms.view_models import DonePage, Notice
from kiosk.pages.qr_code import qr_svg
from kiosk.procedures.model import Procedure
from kiosk.records import submissions, tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket
from sync.link import LinkState

DISPLAY_SECONDS = 60


@citizen.get("/done")
@allow("citizen")
def done() -> Answer | str:
    """Show the ticket at once; the page does not wait for the printer or the connection.

    A visit whose form is not submitted goes to the check page: the post of Submit was lost, the form was not.
    """
    submission_id = visitor().submission_id
    if not submission_id and visitor().draft_id:
        return redirect(url_for("citizen.check"), 303)
    if not submission_id:
        raise DraftGone
    _ = translator(visitor().lang)
    with context().store.read() as db:
        submission = submissions.find(db, submission_id)
        ticket = tickets.of_submission(db, submission_id)
        wait = wait_text(db, ticket, _) if ticket else ""
        slip = printers.spool.find(db, f"slip:{submission_id}:1")
        link = sync.link.state(db)
    if submission is None:
        raise DraftGone
    page = _done_page(submission, ticket, wait=wait, link=link)
    if slip:
        paper_url = url_for("citizen.keep_paper", job=slip.id)
        page = replace(page, paper_url=paper_url, slip_words=_slip_words(page.number, page.receipt_no))
    return render("citizen/done.html", done=page, first=priority_link(ticket, _) if ticket else None)


def _done_page(submission: Submission, ticket: Ticket | None, wait: str, link: LinkState) -> DonePage:
    lang = visitor().lang
    _ = translator(lang)
    procedure = context().catalogue.version(submission.procedure, submission.version)
    number = ticket.label if ticket else ""
    return DonePage(
        procedure=procedure.short.of(lang) if procedure else "",
        number=number,
        receipt_no=submission.receipt_no,
        qr_svg=qr_svg(_code_text(submission)),
        ahead=wait,
        title=procedure.done_title.of(lang) if procedure else "",
        steps=_next_steps(procedure, number, lang),
        delivery_notice=_delivery_notice(submission, link, _),
        seconds=DISPLAY_SECONDS,
        opinion="" if visitor().has_opinion else url_for("citizen.opinion"),
        also=procedure.also.of(lang) if procedure and procedure.also else "",
        pay=pay_words(submission.receipt_no, lang),
    )


def _code_text(submission: Submission) -> str:
    """Return the text of the slip's code: the address of the status page, else the bare receipt number."""
    receipt_no = submission.receipt_no
    opened = open_submission(context(), submission.id) if status_page.is_offered(context().config) else None
    key = status_page.key_of(context(), opened) if opened else None
    return status_page.address(context().config, key, receipt_no) if key else receipt_no


def _slip_words(number: str, receipt_no: str) -> dict[str, str]:
    """Return what the page says of the slip, by the state of its paper; without a number the form's code counts."""
    _ = translator(visitor().lang)
    kept = _("Xin nhớ số %(number)s.", number=number) if number else _("Xin ghi lại mã %(code)s.", code=receipt_no)
    return {
        "printing": _("Phiếu đang in. Chưa ra thì nhớ số %(number)s.", number=number)
        if number
        else _("Phiếu đang in."),
        "printed": _("Phiếu đã in. Mời lấy ở khe giấy và giữ lại."),
        "no_paper": _("Máy hết giấy.") + " " + kept,
        "failed": _("Phiếu chưa in được.") + " " + kept,
    }


def _next_steps(procedure: Procedure | None, number: str, lang: str) -> tuple[tuple[str, str], ...]:
    """Return up to three steps as (title, text); an empty text of the procedure is the step of the slip."""
    _ = translator(lang)
    steps = []
    for text in procedure.done[:3] if procedure else ():
        title = text.of(lang)
        hint = "" if title else _("Phiếu đang in. Chưa ra thì nhớ số %(number)s.", number=number)
        steps.append((title, hint))
    return tuple(steps)


def _delivery_notice(submission: Submission, link: LinkState, _: Translate) -> Notice:
    if submission.delivery is None or not context().config.portal.capabilities.takes_forms:
        return Notice("info", _("Tờ khai đã lưu ở phường."), _("Cán bộ thấy ngay ở quầy."))
    if submission.delivery in {"sent", "confirmed"}:
        return Notice("ok", _("Tờ khai đã gửi."), _("Mời chờ gọi số."))
    if link.is_up is False or link.paused:
        return Notice(
            "warn",
            _("Đang mất mạng."),
            _("Tờ khai đã lưu ở phường, có mạng máy tự gửi, không phải khai lại."),
            icon="offline",
        )
    return Notice("info", _("Tờ khai đã lưu ở phường."), _("Máy đang gửi lên thành phố."), icon="clock")
