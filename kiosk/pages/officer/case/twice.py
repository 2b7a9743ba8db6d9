"""The same matter twice: the hint at a case, and the page with two forms side by side.

A hint never stops anything. The other form is shown to the officer of the case only, and each look is an audit line.
"""

import re
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import telling_apart
from kiosk.base import clock
from kiosk.base.errors import NotFound
from kiosk.dossiers import matters, status_labels
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import require_case
from kiosk.pages.officer.case.form_view import FormView, form_view
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.records.submissions import Submission
from kiosk.vietnam import id_card

_ID_NUMBER = re.compile(r"\b(?:\d{12}|\d{9})\b")


@dataclass(frozen=True)
class SameMatter:
    """A form that looks like the matter of the case in hand: its number, day, state, and the page of both."""

    receipt_no: str
    day: str
    state: str
    page: str


@dataclass(frozen=True)
class SideBySideRow:
    """An answer of two forms; empty where one of them does not have it."""

    title: str
    label: str
    other: str
    own: str
    is_same: bool


def same_matters(opened: OpenedSubmission) -> tuple[SameMatter, ...]:
    """Return the forms that look like the matter of a case, newest first, for the hint at it."""
    with context().store.read() as db:
        found = matters.same_matter(db, opened.submission)
    return tuple(
        SameMatter(
            receipt_no=other.receipt_no,
            day=_day(other),
            state=status_labels.desk_label(other).lower(),
            page=url_for("officer.twice", submission_id=opened.submission.id, receipt_no=other.receipt_no),
        )
        for other in found
    )


@officer.get("/case/<submission_id>/twice/<receipt_no>")
@allow("officer")
def twice(submission_id: str, receipt_no: str) -> str:
    """Show the form of a case beside another one of the same matter."""
    case = require_case(submission_id)
    own = case.opened
    with context().store.read() as db:
        found = matters.same_matter(db, own.submission)
    other = next((open_submission(context(), one.id) for one in found if one.receipt_no == receipt_no), None)
    if other is None:
        raise NotFound("Hai tờ này không còn được nhắc.", "There is no hint about these two forms now.")
    telling_apart.record_look(context(), own.submission, other.submission, actor=sitting().person.code)
    rows = compared_rows(form_view(other), form_view(own))
    return render(
        "officer/twice.html",
        submission_id=submission_id,
        procedure=own.procedure.short.vi,
        rows=rows,
        same=sum(row.is_same for row in rows),
        heads=[
            (other.submission.receipt_no, _head(other.submission)),
            (own.submission.receipt_no, f"đang mở, {_head(own.submission)}"),
        ],
        other=other.submission,
        back=case.access.url(),
    )


@officer.post("/case/<submission_id>/twice/<receipt_no>")
@allow("officer")
def tell_apart(submission_id: str, receipt_no: str) -> Answer:
    """Store that two forms are not one matter, and return to the case."""
    case = require_case(submission_id)
    answer = request.form.get("answer", "")
    telling_apart.tell_apart(context(), case.opened.submission, receipt_no, answer=answer, actor=sitting().person.code)
    return redirect(case.access.url("told_apart"), 303)


def compared_rows(other: FormView, own: FormView) -> list[SideBySideRow]:
    """Return the answers of two forms beside each other, those that differ first; identity numbers are masked."""
    others = _values(other)
    owns = _values(own)
    rows = []
    for place in {**owns, **others}:
        title, label = place
        theirs = others.get(place, "")
        ours = owns.get(place, "")
        row = SideBySideRow(title=title, label=label, other=masked(theirs), own=masked(ours), is_same=theirs == ours)
        rows.append(row)
    return sorted(rows, key=lambda row: row.is_same)


def _values(form: FormView) -> dict[tuple[str, str], str]:
    return {(group.title, row.label): row.value for group in form.groups for row in group.rows}


def masked(words: str) -> str:
    """Return words with each identity number masked: the form beside may be that of another person."""
    return _ID_NUMBER.sub(lambda number: id_card.mask(number[0]), words)


def _head(submission: Submission) -> str:
    return f"nộp {_day(submission)}, {status_labels.desk_label(submission).lower()}"


def _day(submission: Submission) -> str:
    return f"{clock.local(submission.completed_at):%d/%m}"
