"""Data of one person at the desk: shown after a scan of their card, and deleted on request.

Unsubmitted forms are shown with their answers; a submitted form is opened like any other case, with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request, url_for

from kiosk.acts import disclosing
from kiosk.acts.disclosing import Deleted, OwnData, OwnForm
from kiosk.base import clock
from kiosk.base.errors import NotAllowed
from kiosk.dossiers.scanned_code import recognise
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.status import procedure_of
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.procedures import kinds
from kiosk.procedures.answers import is_empty
from kiosk.procedures.kinds.places import place_text
from kiosk.records.submissions import Submission
from kiosk.vietnam.id_card import Card

REQUESTERS = {"self": "Người có thẻ này, đang ở quầy", "proxy": "Người được ủy quyền, có giấy"}
"""Who asks; the trail keeps it."""
LONGEST = 400


@dataclass(frozen=True)
class FormRow:
    """A form that is not submitted, with labels and answers in words."""

    name: str
    begun_at: str
    is_kept: bool
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CaseRow:
    """A submitted form; `url` asks for the reason and opens it."""

    receipt_no: str
    matter: str
    at: str
    url: str


@dataclass(frozen=True)
class PersonData:
    """All data of a person in words; `details` are label and value."""

    forms: tuple[FormRow, ...]
    details: tuple[tuple[str, str], ...]
    cases: tuple[CaseRow, ...]


@officer.post("/lookup/own-data")
@allow("officer")
def own_data() -> str:
    """Show what the kiosk holds of the person of a card."""
    card = _posted_card()
    if _requester() not in REQUESTERS:
        return _page(card, error="Mời chọn ai yêu cầu.")
    return _page(card, data=disclosing.show(context(), card, _requester(), sitting().person.code))


@officer.post("/lookup/own-data/delete")
@allow("officer")
def own_data_delete() -> str:
    """Delete the unsubmitted forms and the kept details of the person of a card."""
    card = _posted_card()
    if request.form.get("seen") != "1":
        data = disclosing.show(context(), card, _requester(), sitting().person.code)
        return _page(card, data=data, error="Mời xem thẻ, rồi đánh dấu vào ô.")
    deleted = disclosing.delete(context(), card, _requester(), sitting().person.code)
    return _page(card, done=_deleted_words(deleted))


def _page(card: Card, *, data: OwnData | None = None, error: str = "", done: str = "") -> str:
    return render(
        "officer/own_data.html",
        name=card.full_name or card.id_number,
        card_line=request.form.get("card_line", "")[:LONGEST],
        requester=_requester(),
        requesters=REQUESTERS,
        data=_in_words(data) if data else None,
        own_error=error,
        done=done,
        body_days=context().config.keep.body_days,
    )


def _posted_card() -> Card:
    line = request.form.get("card_line", "")[:LONGEST]
    card = recognise(line, context().clock.today(), is_typed=True).card
    if card is None:
        raise NotAllowed("Mời quét thẻ căn cước của người yêu cầu.", "Please scan the person's ID card.")
    return card


def _requester() -> str:
    return request.form.get("requester", "")


def _deleted_words(deleted: Deleted) -> str:
    parts = [f"{deleted.forms} tờ khai chưa nộp"] if deleted.forms else []
    parts += ["phần giữ cho lần sau"] if deleted.details else []
    return f"Đã xóa {' và '.join(parts)}." if parts else "Không còn gì để xóa."


def _in_words(data: OwnData) -> PersonData:
    return PersonData(
        forms=tuple(_form_row(form) for form in data.forms),
        details=tuple(_details(data.details)),
        cases=tuple(_case_row(case) for case in data.cases),
    )


def _form_row(form: OwnForm) -> FormRow:
    fields = [item for item in form.procedure.fields if not is_empty(form.answers.get(item.key))]
    return FormRow(
        name=form.procedure.short.vi,
        begun_at=f"{clock.local(form.begun_at):%H:%M, %d/%m/%Y}",
        is_kept=form.is_kept,
        rows=tuple(
            (form.procedure.labels[item.key], kinds.of(item).on_paper(item, form.answers[item.key])) for item in fields
        ),
    )


def _details(details: Mapping[str, object]) -> list[tuple[str, str]]:
    rows = []
    if details.get("residence"):
        rows.append(("Nơi ở", place_text(details["residence"])))
    if details.get("phone"):
        rows.append(("Điện thoại", str(details["phone"])))
    return rows


def _case_row(case: Submission) -> CaseRow:
    procedure = procedure_of(case)
    return CaseRow(
        receipt_no=case.receipt_no,
        matter=procedure.short.vi if procedure else case.procedure,
        at=f"{clock.local(case.completed_at):%H:%M, %d/%m/%Y}",
        url=url_for("officer.case", submission_id=case.id),
    )
