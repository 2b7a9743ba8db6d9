"""A kept form at the desk: what its slip says, open it after a look at the card, print the slip again."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import kept_forms
from kiosk.acts.kept_forms import SlipAnswer
from kiosk.base import clock, codes
from kiosk.base.errors import NotFound
from kiosk.dossiers import applicant, sealed_drafts
from kiosk.pages.access import allow, context
from kiosk.pages.officer.assist.turn import NAME_REASONS, ticket_without_form
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.pages.officer.session.case_users import users_by_subject
from kiosk.records import drafts, tickets
from kiosk.vietnam import viet_text
from kiosk.vietnam.calendar import format_date, weekday


def kept_page(code: str, message: str = "", *, by_name: bool = False) -> str:
    """Return the page of a kept form, or what became of it.

    Args:
        by_name: it was found without its slip, so why it is opened is asked too.
    """
    answer = kept_forms.find_slip(context(), code, f"desk {sitting().person.code}")
    if answer.form is None:
        return render("officer/kept_form.html", code=code, gone=_gone_words(answer), receipt_no=_receipt_no(answer))
    kept = answer.form.kept
    catalogue = context().catalogue
    procedure = catalogue.version(kept.procedure, kept.version)
    procedure = procedure or catalogue.in_force(kept.procedure, context().clock.today())
    at = clock.local(kept.kept_at)
    return render(
        "officer/kept_form.html",
        code=code,
        gone="",
        kept=kept,
        procedure=procedure.short.vi if procedure else kept.procedure,
        kept_at=f"{at:%H:%M, %d/%m/%Y}",
        until=f"{weekday(kept.kept_until)}, {format_date(kept.kept_until.isoformat())}",
        number=_number(kept.ticket_id),
        has_slip=kept_forms.has_slip(context(), kept.draft_id),
        message=message,
        who=_who(kept.draft_id),
        users=users_by_subject(sitting().person.code),
        reasons=NAME_REASONS if by_name else {},
    )


def _who(draft_id: str) -> str:
    """Return name and year of birth of the form's person, to compare with the card; empty where none was asked yet."""
    with context().store.read() as db:
        row = drafts.read(db, draft_id)
    draft = sealed_drafts.unseal(context(), row.id, row.body)
    procedure = context().catalogue.version(row.procedure, row.version)
    keys = applicant.answer_keys(procedure, draft.answers, context().clock.today()) if procedure else {}
    name = viet_text.title_case(str(draft.answers.get(keys.get("full_name", "")) or ""))
    year = str(draft.answers.get(keys.get("date_of_birth", "")) or "")[:4]
    return f"{name}, sinh {year}" if name and year else name


def _gone_words(answer: SlipAnswer) -> str:
    if answer.submission is not None:
        return f"Tờ khai này đã gửi, mã {answer.submission.receipt_no}."
    if answer.ended_on is not None:
        return f"Phiếu này hết hạn ngày {format_date(answer.ended_on.isoformat())}. Xin khai lại."
    return "Không thấy tờ khai của phiếu này: người dân đã xóa, hoặc phiếu của nơi khác."


def _receipt_no(answer: SlipAnswer) -> str:
    return answer.submission.receipt_no if answer.submission else ""


def _number(ticket_id: str | None) -> str:
    with context().store.read() as db:
        ticket = tickets.find(db, ticket_id) if ticket_id else None
    return ticket.label if ticket is not None and ticket.day == context().clock.today() else ""


@officer.post("/lookup/kept/open")
@allow("officer")
def lookup_kept_open() -> Answer | str:
    """Open a kept form at this desk, after the officer has looked at the card."""
    code = _code()
    by_name = bool(request.form.get("by_name"))
    reason = request.form.get("reason", "")
    if by_name and reason not in NAME_REASONS:
        return kept_page(code, "Mời chọn vì sao mở tờ khai không có phiếu.", by_name=True)
    if request.form.get("seen") != "1":
        return kept_page(code, "Mời xem thẻ căn cước, rồi đánh dấu vào ô.", by_name=by_name)
    officer_code = sitting().person.code
    draft_id = kept_forms.resume_at_desk(
        context(), code, officer_code, ticket_without_form(), reason if by_name else ""
    )
    return redirect(url_for("officer.assist", draft_id=draft_id), 303)


@officer.post("/lookup/kept/form")
@allow("officer")
def lookup_kept_draft() -> str:
    """Show a kept form without its slip: put away behind a cover, or found by a name."""
    code = kept_forms.code_of(context(), request.form.get("draft", ""))
    if code is None:
        raise NotFound("Tờ khai này không còn: đã gửi, đã xóa, hoặc quá hạn giữ.", "This form is not kept any more.")
    return kept_page(code, by_name=True)


@officer.post("/lookup/kept/slip")
@allow("officer")
def lookup_kept_slip() -> str:
    """Print the slip of a kept form: the first one, or a copy."""
    code = _code()
    is_copy = kept_forms.print_slip(context(), code, sitting().person.code)
    return kept_page(code, "Phiếu đang in lại, trên phiếu có ghi là bản in lại." if is_copy else "Phiếu đang in.")


def _code() -> str:
    code = codes.parse_kept_code(request.form.get("code", "")[:40])
    if code is None:
        raise NotFound("Mã này không phải mã của phiếu giữ tờ khai.", "This is no code of a kept form.")
    return code
