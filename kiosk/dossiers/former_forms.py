"""Former form of the person at the touchscreen: the same matter, filed with the same card in the last 60 days.

A number is easily known and a card's text is not signed, so the card must agree with the former form in number, name,
birth date and day of issue, as for kept details. A person who only types sees nothing of any former form.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.context import Context
from kiosk.dossiers import applicant, kept_details, matters
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Procedure
from kiosk.records import submissions
from kiosk.records.submissions import Submission

MOST = 5
"""Most former forms that are decrypted for one page, the newest ones."""


def newest(context: Context, procedure: Procedure, draft: Draft, answers: Mapping[str, Any]) -> Submission | None:
    """Return the newest open form of a draft's applicant about the same matter; None without their scanned card."""
    today = context.clock.today()
    holder = kept_details.applicant(procedure, draft, today)
    number = applicant.id_number(procedure, answers, today)
    if holder is None or not number:
        return None
    own = matters.matter_hashes(context, procedure, answers, today)
    with context.store.read() as db:
        found = submissions.by_applicant(db, context.vault.keyed_hash("applicant", number))
    candidates = [form for form in found if form.procedure == procedure.code and _is_open(form)]
    for form in [form for form in candidates if today - form.day <= matters.REMEMBERED][:MOST]:
        opened = open_submission(context, form.id)
        if opened is None or _owner(context, opened) != holder.owner:
            continue
        if own & matters.matter_hashes(context, opened.procedure, opened.answers, form.day):
            return form
    return None


def _is_open(form: Submission) -> bool:
    return form.closed_at is None and form.delivery != "withdrawn"


def _owner(context: Context, opened: OpenedSubmission) -> str | None:
    """Return the owner of the card with the facts of a form's applicant; None where one of the four lacks."""
    keys = applicant.answer_keys(opened.procedure, opened.answers, opened.submission.day)
    paper = opened.answers.get(keys.get("id", ""))
    if not isinstance(paper, Mapping):
        return None
    facts = (
        str(paper.get("so") or ""),
        str(opened.answers.get(keys.get("full_name", "")) or ""),
        str(opened.answers.get(keys.get("date_of_birth", "")) or ""),
        str(paper.get("ngay_cap") or ""),
    )
    return kept_details.owner_of_facts(context, facts)
