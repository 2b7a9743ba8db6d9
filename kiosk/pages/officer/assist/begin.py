"""Begin a form for a citizen at the desk: find the procedure, choose the situation and who came, see the papers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import desk_drafts as desk_draft_acts
from kiosk.acts.desk_drafts import NewDraft
from kiosk.base.errors import NotFound
from kiosk.base.i18n import translator
from kiosk.dossiers import assistance, checklist, procedure_order
from kiosk.dossiers.assistance import Comes
from kiosk.pages.access import allow, context
from kiosk.pages.forms.view_models import Option, Question
from kiosk.pages.officer.assist.view import first_open, page_url
from kiosk.pages.officer.queue.panel import folded_queue
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.pages.officer.session.case_users import users_by_subject
from kiosk.procedures import search
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Procedure, Situation
from kiosk.records import desk_drafts, kept_drafts, tickets
from kiosk.records.tickets import Ticket

MAX_QUERY_LENGTH = 80
AUTHORISATION = "uy_quyen"
"""Part of the id of each paper that authorises a person who comes for another."""
KIN_RULE = (
    "Ông, bà, cha, mẹ, con, vợ, chồng, anh, chị, em ruột đi thay: văn bản ủy quyền không phải chứng thực, "
    "nhưng phải nộp giấy tờ chứng minh quan hệ."
)
OTHER_RULE = "Người khác đi thay: văn bản ủy quyền phải được chứng thực."
NO_RULE = (
    "Danh sách giấy tờ của thủ tục này không có văn bản ủy quyền. Người có việc phải tự ký hoặc điểm chỉ vào tờ khai; "
    "hỏi người phụ trách trước khi nhận người đi thay."
)


@dataclass(frozen=True)
class ProcedureLine:
    """A procedure of the list, its name split around the matching part."""

    before: str
    match: str
    after: str
    line: str
    url: str


@dataclass(frozen=True)
class DraftLine:
    """A form of this officer that is not submitted yet."""

    id: str
    title: str
    number: str
    url: str


@officer.get("/assist/new")
@allow("officer")
def assist_new() -> str:
    """Find the procedure; list the forms that this officer has not finished."""
    query = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    ticket = _ticket()
    number = ticket.id if ticket else None
    lines = procedure_lines(query, lambda found: url_for("officer.assist_start", code=found.code, ticket=number))
    return render(
        "officer/assist_new.html",
        query=query,
        lines=lines,
        ticket=ticket,
        drafts=draft_lines(sitting().person.code),
        of_number=_draft_of(ticket),
        users=users_by_subject(sitting().person.code),
        folded=folded_queue(),
    )


@officer.route("/assist/new/<code>", methods=["GET", "POST"])
@allow("officer")
def assist_start(code: str) -> Answer | str:
    """Ask for the situation and who came; begin the form."""
    procedure = context().catalogue.in_force(code, context().clock.today())
    if procedure is None:
        raise NotFound
    ticket = _ticket()
    if request.method == "GET":
        return _start_page(procedure, ticket, errors={})
    posted = request.form.to_dict()
    known = chosen_situations(procedure, posted)
    absent = {situation.key: "Chưa chọn." for situation in _asked(procedure) if situation.key not in known}
    comes = _comes(posted.get("comes", ""))
    if comes is None:
        absent["comes"] = "Chưa chọn ai đến quầy."
    if absent or comes is None or _is_elsewhere(procedure, known):
        return _start_page(procedure, ticket, errors=absent)
    new = NewDraft(actor=sitting().person.code, ticket_id=ticket.id if ticket else None, comes=comes, situations=known)
    draft_id = desk_draft_acts.begin(context(), procedure, new)
    return redirect(page_url(draft_id, first_open(desk_draft_acts.load(context(), draft_id))), 303)


def _draft_of(ticket: Ticket | None) -> str | None:
    """Return the form in progress of the person who drew a number; None for none."""
    with context().store.read() as db:
        return kept_drafts.draft_of_ticket(db, ticket.id) if ticket else None


def draft_lines(actor: str, ticket_id: str = "") -> tuple[DraftLine, ...]:
    """Return the forms at the desk that are not submitted: of an officer, or for a number."""
    with context().store.read() as db:
        rows = desk_drafts.of_ticket(db, ticket_id) if ticket_id else desk_drafts.of_officer(db, actor)
        numbers = {row.desk.ticket_id: tickets.find(db, row.desk.ticket_id) for row in rows if row.desk.ticket_id}
    lines = []
    for row in rows:
        procedure = context().catalogue.version(row.procedure, row.version)
        ticket = numbers.get(row.desk.ticket_id or "")
        lines.append(
            DraftLine(
                id=row.desk.draft_id,
                title=procedure.short.vi if procedure else row.procedure,
                number=ticket.label if ticket else "",
                url=url_for("officer.assist", draft_id=row.desk.draft_id),
            )
        )
    return tuple(lines)


def chosen_situations(procedure: Procedure, posted: dict[str, str]) -> dict[str, str]:
    """Return the posted situations that the procedure has."""
    return {
        situation.key: posted[situation.key]
        for situation in _asked(procedure)
        if posted.get(situation.key) in {option.id for option in situation.options}
    }


def _start_page(procedure: Procedure, ticket: Ticket | None, errors: dict[str, str]) -> str:
    sent = request.form.to_dict() or request.args.to_dict()
    known = chosen_situations(procedure, sent)
    today = context().clock.today()
    leading = procedure.option_elsewhere(known)
    other = context().catalogue.in_force(leading.procedure, today) if leading and leading.procedure else None
    number = ticket.id if ticket else None
    situation: dict[str, Any] = dict(known)
    return render(
        "officer/assist_start.html",
        title=procedure.short.vi,
        code=procedure.code,
        ticket=ticket,
        situations=[_question(situation, known, errors) for situation in _asked(procedure)],
        comes=[
            Option(id=comes, label=label, chosen=sent.get("comes") == comes)
            for comes, label in assistance.COMES.items()
        ],
        comes_error=errors.get("comes", ""),
        rules=authorisation_rules(procedure),
        errors=tuple(errors.items()),
        papers=[
            (checklist.paper_name(paper), paper.bring.vi) for paper in checklist.papers_needed(procedure, known, today)
        ],
        notes=[note.say.vi for note in procedure.notes if holds(note.when, known, today)],
        elsewhere=leading.say.vi if leading and leading.say else "",
        other=(other.short.vi, url_for("officer.assist_start", code=other.code, ticket=number, **situation))
        if other
        else None,
        online_only=procedure.online.only.vi if _is_online_only(procedure) and procedure.online else "",
        folded=folded_queue(),
        _=translator("vi"),
    )


def authorisation_rules(procedure: Procedure) -> dict[str, tuple[str, ...]]:
    """Return what a person who comes for another must bring, by who came."""
    papers = [paper for paper in procedure.papers if AUTHORISATION in paper.id]
    if not papers:
        return {"kin": (NO_RULE,), "other": (NO_RULE,)}
    own = tuple(f"{paper.name.vi}. {paper.bring.vi}" for paper in papers)
    return {"kin": (*own, KIN_RULE), "other": (*own, OTHER_RULE)}


def _asked(procedure: Procedure) -> list[Situation]:
    return [situation for situation in procedure.situations if situation.options]


def _question(situation: Situation, known: dict[str, str], errors: dict[str, str]) -> Question:
    return Question(
        part="choice",
        key=situation.key,
        label=situation.ask.vi if situation.ask else "",
        options=tuple(
            Option(
                id=option.id,
                label=option.label.vi,
                hint=option.hint.vi if option.hint else "",
                chosen=known.get(situation.key) == option.id,
            )
            for option in situation.options
        ),
        error=errors.get(situation.key, ""),
    )


def _is_elsewhere(procedure: Procedure, known: dict[str, str]) -> bool:
    """Return whether this form is not the one for the chosen situation."""
    leading = procedure.option_elsewhere(known)
    return bool(leading and leading.procedure) or _is_online_only(procedure)


def _is_online_only(procedure: Procedure) -> bool:
    return procedure.online is not None and procedure.code in context().config.procedures.online_only


def _comes(posted: str) -> Comes | None:
    return next((comes for comes in assistance.COMES if comes == posted), None)


def procedure_lines(query: str, url_of: Callable[[Procedure], str]) -> tuple[ProcedureLine, ...]:
    """Return the procedures that match; all of them, the most frequent first, without a query."""
    procedures = context().catalogue.all(context().clock.today())
    if query.strip():
        matches = search.find(procedures, query, "vi", context().catalogue.events)
        return tuple(
            ProcedureLine(
                before=match.before,
                match=match.match,
                after=match.after,
                line=match.procedure.short.vi,
                url=url_of(match.procedure),
            )
            for match in matches
        )
    return tuple(
        ProcedureLine(before=procedure.plain.vi, match="", after="", line=procedure.short.vi, url=url_of(procedure))
        for procedure in procedure_order.sort_by_frequency(context(), procedures)
    )


def _ticket() -> Ticket | None:
    """Return the number that the form is for: today's, not finished, without a form; None for no such number."""
    ticket_id = request.values.get("ticket", "")
    with context().store.read() as db:
        ticket = tickets.find(db, ticket_id) if ticket_id else None
    if ticket is None or ticket.day != context().clock.today() or ticket.submission_id:
        return None
    return ticket if ticket.state not in ("done", "closed") else None
