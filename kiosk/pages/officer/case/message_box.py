"""Messages to the citizen's phone: who has agreed, and the form that gives or ends the consent at the counter."""

from dataclasses import dataclass

from flask import redirect, request
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.acts import messages
from kiosk.base import clock
from kiosk.dossiers import message_consents, scan_events
from kiosk.dossiers.message_consents import MessageState
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import require_case
from kiosk.pages.officer.session.blueprint import officer, sitting

WORDS = (
    "Phường nhắn tin về hồ sơ này khi đã nhận, thiếu giấy, đổi ngày hẹn, có kết quả. Tin không có tên ai. "
    "Không bắt buộc, muốn thôi lúc nào cũng được."
)
"""Words that the officer reads aloud. They are stored with the consent."""


@dataclass(frozen=True, kw_only=True)
class MessageBox:
    """Messages about a case: the citizen's last answer, when it was given, and the number of the form."""

    is_open: bool
    answer: str
    state: str
    number: str
    words: str = WORDS


def message_box(db: Database, opened: OpenedSubmission) -> MessageBox | None:
    """Return the box of a case; None where the portal sends no messages, and nobody has agreed to any."""
    submission = opened.submission
    state = message_consents.find_state(db, submission.receipt_no)
    is_open = state is not None and state.is_open
    may_agree = message_consents.is_offered(db) and scan_events.sends_events(context(), submission)
    if not is_open and (not may_agree or submission.closed_at):
        return None
    return MessageBox(
        is_open=is_open,
        answer="đã đồng ý" if is_open else "đã thôi" if state else "chưa đồng ý",
        state=_state_words(state) if state else "",
        number=message_consents.number_of(opened.procedure, opened.answers, context()),
    )


def _state_words(state: MessageState) -> str:
    at = f"{clock.local(state.at):%H:%M %d/%m}"
    if state.is_open:
        return f"Người dân đồng ý lúc {at}."
    return f"Người dân tự thôi trên điện thoại, máy biết lúc {at}." if state.is_by_citizen else f"Đã thôi lúc {at}."


@officer.post("/case/<submission_id>/messages")
@allow("officer")
def case_messages(submission_id: str) -> Answer:
    """Record that the citizen agrees to messages, or ends them."""
    case = require_case(submission_id)
    person = sitting().person.code
    if request.form.get("act") == "end":
        messages.end(context(), submission_id, person)
        return redirect(case.access.url("messages-ended"), 303)
    number = request.form.get("number", "")[:30]
    is_done = messages.agree(context(), submission_id, number=number, words=WORDS, actor=person)
    return redirect(case.access.url("messages-agreed" if is_done else "messages-not"), 303)
