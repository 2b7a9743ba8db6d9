"""An officer looks at two forms that seem to be one matter, and says that they are not."""

from kiosk.base.errors import NotAllowed
from kiosk.context import Context
from kiosk.dossiers import matters
from kiosk.records import audit
from kiosk.records.matters import AnsweredPair, MatterAnswer, save_answer
from kiosk.records.submissions import Submission

ANSWERS: dict[MatterAnswer, str] = {"different": "hai việc khác nhau", "mistaken": "nhắc nhầm"}
"""Answers of an officer, in words."""


def record_look(context: Context, case: Submission, other: Submission, actor: str) -> None:
    """Record that an officer saw the form of another case beside the one in hand."""
    facts: dict[str, audit.AuditFact] = {"receipt": other.receipt_no, "beside": case.receipt_no}
    with context.store.write() as db:
        line = audit.AuditLine(act="see_beside", actor=actor, subject=other.id, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def tell_apart(context: Context, case: Submission, other_receipt_no: str, answer: str, actor: str) -> None:
    """Store that two forms are not one matter: the hint about them does not come again.

    Args:
        answer: "different" for two matters such as twins, "mistaken" for a false hint.

    Raises:
        NotAllowed: no such answer, or the two forms do not look like one matter now.
    """
    known = next((name for name in ANSWERS if name == answer), None)
    if known is None:
        raise NotAllowed("Mời chọn một cách ghi.", "Please choose an answer.")
    now = context.clock.now()
    with context.store.write() as db:
        if other_receipt_no not in {other.receipt_no for other in matters.same_matter(db, case)}:
            raise NotAllowed("Hai tờ này không còn được nhắc.", "There is no hint about these two forms now.")
        pair = AnsweredPair(
            receipt_no=case.receipt_no, other_receipt_no=other_receipt_no, answer=known, actor=actor, at=now
        )
        save_answer(db, pair)
        facts: dict[str, audit.AuditFact] = {
            "receipt": case.receipt_no,
            "beside": other_receipt_no,
            "answer": known,
        }
        line = audit.AuditLine(act="tell_apart", actor=actor, subject=case.id, facts=facts)
        audit.append(db, key=context.audit_key(), now=now, line=line)
