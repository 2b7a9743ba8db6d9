"""Pages before Submit: the list of missing answers, then all answers to read over."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying, printing
from kiosk.acts.applying import SubmitConsents
from kiosk.base import clock
from kiosk.base.errors import AlreadySubmitted
from kiosk.base.i18n import translator
from kiosk.dossiers import applicant, checklist, former_forms, kept_details, message_consents
from kiosk.dossiers.sealed_drafts import OpenedDraft, UnfinishedForm
from kiosk.pages.access import allow, context, live_visit, screen_name, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.list_print import list_print, posted_copy
from kiosk.pages.citizen.open_form import open_form, posted_turn, redirect_if_unfinished
from kiosk.pages.citizen.photographed_papers import photographed_pages
from kiosk.pages.citizen.read_over import check_rows
from kiosk.pages.citizen.status import state_title
from kiosk.pages.forms.view_models import MissingItem, Notice
from kiosk.papers import wording
from kiosk.procedures import checks, fees, journey
from kiosk.procedures.answers import complete, is_answered
from kiosk.procedures.base import Words
from kiosk.procedures.conditions import holds
from kiosk.procedures.fees import AppliedFee
from kiosk.procedures.model import Check, Field, FormStep, PaperToBring, Procedure
from kiosk.procedures.printed_forms import needed_forms
from kiosk.records.tickets import Priority
from kiosk.vietnam import phones
from kiosk.vietnam.money import format_money


def complete_answers(opened: OpenedDraft, procedure: Procedure) -> dict[str, object]:
    """Return the answers with all derived ones."""
    return complete(procedure, opened.draft.answers, office=context().office, today=context().clock.today())


@citizen.get("/form/missing")
@allow("citizen")
def missing() -> Answer | str:
    """List what is missing or doubtful; redirect to the check page if nothing is, except for the list to `bring`."""
    opened, procedure = open_form()
    redirection = redirect_if_unfinished(opened, procedure)
    if redirection:
        return redirection
    fields = _missing_fields(opened, procedure)
    warnings = _warnings(opened, procedure)
    if not fields and not warnings and "bring" not in request.args:
        return redirect(url_for("citizen.check"), 303)
    lang = visitor().lang
    number, total = journey.page_number(procedure, opened.draft, today=context().clock.today(), page=None)
    fill = [_missing_field(procedure, field, number=at) for at, field in enumerate(fields, 1)]
    doubts = [_doubt(procedure, check, number=at) for at, check in enumerate(warnings, len(fill) + 1)]
    bring = [
        MissingItem(number=at, title=paper.name.of(lang), text=_bring_words(paper, opened).of(lang))
        for at, paper in enumerate(papers_to_bring(opened, procedure), len(fill) + len(doubts) + 1)
    ]
    return render(
        "citizen/missing.html",
        fill=fill,
        doubts=doubts,
        bring=bring,
        photographed=photographed_pages(opened, procedure),
        list_print=list_print(),
        notices=(),
        back=_last_page_url(opened, procedure),
        procedure=procedure.short.of(lang),
        number=number,
        total=total,
    )


def _(text: str, **values: object) -> str:
    return translator(visitor().lang)(text, **values)


def _last_page_url(opened: OpenedDraft, procedure: Procedure) -> str:
    return url_for("citizen.step", page=journey.pages(procedure, opened.draft, context().clock.today())[-1].id)


def _missing_fields(opened: OpenedDraft, procedure: Procedure) -> list[Field]:
    """Return the fields that are required in this situation and have no answer."""
    answers = complete_answers(opened, procedure)
    today = context().clock.today()
    known = journey.answers_with_situations(procedure, opened.draft, today)
    return [
        field
        for field in procedure.fields
        if field.asked
        and not field.derive
        and holds(field.when, known, today)
        and journey.is_required(field, known, today)
        and not is_answered(procedure, field.key, answers)
    ]


def _warnings(opened: OpenedDraft, procedure: Procedure) -> list[Check]:
    hidden = {key: value for key, value in opened.draft.answers.items() if key.startswith("_")}
    answers = complete_answers(opened, procedure) | hidden
    failed = checks.failed_checks(procedure, answers, context().check_context)
    return [check for check in failed if check.level == "warn"]


def papers_to_bring(opened: OpenedDraft, procedure: Procedure) -> list[PaperToBring]:
    """Return the papers of this situation that are not optional, without cards that were scanned."""
    today = context().clock.today()
    known = journey.answers_with_situations(procedure, opened.draft, today)
    needed = [paper for paper in checklist.papers_needed(procedure, known, today) if not paper.optional]
    return checklist.without_scanned(needed, opened.draft.sources)


def _bring_words(paper: PaperToBring, opened: OpenedDraft) -> Words:
    return checklist.SCANNED.get(checklist.card_scan(paper, opened.draft.sources), paper.bring)


def _missing_field(procedure: Procedure, field: Field, number: int) -> MissingItem:
    text = _("Trên tờ khai còn trống. Không nhớ thì cán bộ ghi giúp ở quầy.")
    if field.missing:
        text = field.missing.of(visitor().lang)
    return MissingItem(
        number=number, title=field.label.of(visitor().lang), text=text, go=_step_url(procedure, field.key)
    )


def _doubt(procedure: Procedure, check: Check, number: int) -> MissingItem:
    lang = visitor().lang
    step = _step_of(procedure, check.keys[0])
    return MissingItem(
        number=number,
        title=step.title.of(lang) if step else _("Xin xem lại"),
        text=check.say.of(lang),
        go=_step_url(procedure, check.keys[0]),
    )


def _step_url(procedure: Procedure, key: str) -> str:
    step = _step_of(procedure, key)
    return url_for("citizen.step", page=step.id) if step else ""


def _step_of(procedure: Procedure, key: str) -> FormStep | None:
    """Return the step that asks for a field, fills it from a card, or lists its rows."""
    for step in procedure.steps:
        filled = set(step.person.fills.values()) if step.person else set()
        groups = {field.partition(".")[0] for field in step.fields}
        if key in groups | set(step.fields) | filled or key == step.rows:
            return step
    return None


# --- read over


@citizen.get("/form/check")
@allow("citizen")
def check() -> Answer | str:
    """Show all answers, each with a link to change it."""
    opened, procedure = open_form()
    return redirect_if_unfinished(opened, procedure) or _check_page(opened, procedure, [])


def _check_page(opened: OpenedDraft, procedure: Procedure, errors: list[tuple[str, str]]) -> str:
    lang = visitor().lang
    today = context().clock.today()
    number, total = journey.page_number(procedure, opened.draft, today=today, page=None)
    answers = complete_answers(opened, procedure)
    due = fees.due(procedure, answers, today)
    months = context().config.keep.reuse_months
    reuse = _("Giữ thông tin %(months)s tháng để lần sau không phải khai lại. Không chọn vẫn gửi được.", months=months)
    may_reuse = not live_visit() and kept_details.applicant(procedure, opened.draft, today) is not None
    return render(
        "citizen/check.html",
        rows=tuple(check_rows(procedure, opened.draft, lang=lang, _=_)),
        former=_former_notice(opened, procedure, answers),
        bring=len(papers_to_bring(opened, procedure)),
        photographed=photographed_pages(opened, procedure),
        oath=_oath(opened, procedure),
        oath_in_brief=_("Tôi cam đoan nội dung khai là đúng sự thật.") if lang != "vi" else "",
        reuse=reuse if may_reuse else "",
        keep=bool(request.form.get("reuse")),
        message_question=_message_question(procedure, answers),
        wants_messages=bool(request.form.get("messages")),
        offers_priority=procedure.queue and applicant.is_elderly(procedure, answers, today),
        wants_priority=request.method == "GET" or bool(request.form.get("elderly")),
        fee=_fee_text(due, answers, lang),
        fee_reasons=list(dict.fromkeys(fee.reason.of(lang) for fee in due if fee.reason)),
        errors=errors,
        post=url_for("citizen.submit"),
        back=_last_page_url(opened, procedure),
        procedure=procedure.short.of(lang),
        number=number,
        total=total,
    )


def _message_question(procedure: Procedure, answers: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return question and hint about messages to the number of the form; None where nothing is asked."""
    number = message_consents.number_of(procedure, answers, context())
    if not number or procedure.portal == "none" or not context().config.queues(procedure.code):
        return None
    with context().store.read() as db:
        if not message_consents.is_offered(db):
            return None
    question = _("Nhắn tin tới số %(number)s khi có tin về hồ sơ.", number=phones.mask(number))
    hint = _("Đã nhận, thiếu giấy, đổi ngày, có kết quả. Không bắt buộc, thôi lúc nào cũng được. Tin không có tên ai.")
    return question, hint


def _message_words() -> str:
    """Return what the page of this draft said about messages; empty where it asked nothing."""
    opened, procedure = open_form()
    return " ".join(_message_question(procedure, complete_answers(opened, procedure)) or ())


def _former_notice(opened: OpenedDraft, procedure: Procedure, answers: Mapping[str, Any]) -> Notice | None:
    """Return the hint at a former form of the same card: day, time and state, no answer of it; it stops nothing."""
    former = None if live_visit() else former_forms.newest(context(), procedure, opened.draft, answers)
    if former is None:
        return None
    at = clock.local(former.completed_at)
    return Notice(
        "warn",
        _("Đã có tờ khai hôm %(day)s.", day=f"{at:%d/%m/%Y}"),
        _(
            "Khai lúc %(time)s. %(state)s. Vẫn gửi thêm được, tờ cũ còn nguyên. Muốn làm tiếp tờ cũ thì hỏi cán bộ.",
            time=f"{at:%H:%M}",
            state=state_title(former, _),
        ),
    )


def spoken_rows() -> list[tuple[str, ...]]:
    """Return the texts of each row of the check page, for its key "Nghe"; none while the form is not finished."""
    opened, procedure = open_form()
    if redirect_if_unfinished(opened, procedure):
        return []
    rows = check_rows(procedure, opened.draft, lang=visitor().lang, _=_)
    return [(row.group, row.name, *row.lines) for row in rows]


def _fee_text(due: Sequence[AppliedFee], answers: Mapping[str, Any], lang: str) -> str:
    total = sum(fees.total(fee, answers) or 0 for fee in due)
    return _("Tạm tính %(amount)s. Cán bộ thu tại quầy.", amount=format_money(total, lang)) if total else ""


# --- submit


@citizen.post("/form/submit")
@allow("citizen")
def submit() -> Answer | str:
    """Submit the form; a repeated touch shows the result of the first one."""
    return submit_with(_submit)


def _submit(draft_id: str) -> None:
    consents = SubmitConsents(
        may_reuse=bool(request.form.get("reuse")),
        message_words=_message_words() if request.form.get("messages") else "",
    )
    priority: Priority | None = "elderly" if request.form.get("elderly") else None
    applying.submit(
        context(),
        visitor().id,
        draft_id,
        consents=consents,
        turn=posted_turn(),
        priority=priority,
    )


def submit_with(act: Callable[[str], None]) -> Answer | str:
    """Do what the button of the check page does, with the act that files the draft with an id."""
    lang = visitor().lang
    try:
        draft_id = visitor().draft_id
        if not draft_id or _lacks_oath():
            return _check_page_with_errors([("oath", _("Mời đọc lời cam đoan rồi chạm vào ô để đồng ý."))])
        act(draft_id)
    except UnfinishedForm as error:
        told = dict.fromkeys(check.say.of(lang) for check in error.failed_checks)
        return _check_page_with_errors([("main", text) for text in told])
    except AlreadySubmitted:
        pass
    return redirect(url_for("citizen.done"), 303)


def _lacks_oath() -> bool:
    """Return whether the form has an oath that was not accepted."""
    opened, procedure = open_form()
    return bool(_oath(opened, procedure)) and not request.form.get("oath")


def _oath(opened: OpenedDraft, procedure: Procedure) -> str:
    """Return the oath that the printed forms have, word for word; empty where they have none.

    Each point begins a line. An oath that two forms have is read once.
    """
    answers = complete_answers(opened, procedure)
    today = context().clock.today()
    lines = [line for form in needed_forms(procedure, answers, today) for line in form.lines]
    oaths = (line.text for line in lines if line.oath and holds(line.when, answers, today))
    filled = dict.fromkeys(wording.fill_text(procedure, answers, text) for text in oaths)
    return "".join(f"\n{text}" if text.startswith("- ") else f" {text}" for text in filled).strip()


def _check_page_with_errors(errors: list[tuple[str, str]]) -> Answer | str:
    opened, procedure = open_form()
    return redirect_if_unfinished(opened, procedure) or _check_page(opened, procedure, errors)


@citizen.post("/form/missing/print")
@allow("citizen")
def print_missing() -> Answer:
    """Print the list of missing answers and papers to bring."""
    opened, _procedure = open_form()
    copy = posted_copy()
    job = printing.print_missing_list(context(), opened.id, opened.draft, screen=screen_name(), copy=copy)
    return redirect(url_for("citizen.missing", bring=1, job=job, copy=copy), 303)
