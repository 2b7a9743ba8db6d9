"""Before Submit: what is missing, said once, and everything to read over."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying, printing
from kiosk.dossiers.sealed_drafts import OpenedDraft, UnfinishedForm
from kiosk.errors import AlreadySubmitted
from kiosk.i18n import translator
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.choose import format_money
from kiosk.pages.citizen.form import current_form, redirect_if_unfinished
from kiosk.pages.citizen.read_over import check_rows
from kiosk.pages.forms.view_models import MissingItem
from kiosk.procedures import checks, fees, journey
from kiosk.procedures.answers import complete, is_answered
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Check, Field, FormStep, PaperToBring, Procedure


def complete_answers(held: OpenedDraft, procedure: Procedure) -> dict[str, object]:
    """Return the answers with all that follows from them."""
    return complete(procedure, held.draft.answers, context().office, context().clock.today())


@citizen.get("/form/missing")
@allow("citizen")
def missing() -> Answer | str:
    """Say once what is missing or doubtful; straight on to the check page when nothing is."""
    held, procedure = current_form()
    way_back = redirect_if_unfinished(held, procedure)
    if way_back:
        return way_back
    lang = visitor().lang
    fill = _missing_fields(held, procedure)
    doubts = _warnings(held, procedure)
    if not fill and not doubts:
        return redirect(url_for("citizen.check"), 303)
    number, total = journey.page_number(procedure, held.draft, context().clock.today(), None)
    bring = [(one.name.of(lang), one.bring.of(lang)) for one in papers_to_bring(held, procedure)]
    listed = [(_label(item, lang), _missing_text(item, lang), _step_url(procedure, item.key)) for item in fill]
    for check in doubts:
        step = _step_of(procedure, check.keys[0])
        listed.append(
            (step.title.of(lang) if step else _("Xin xem lại"), check.say.of(lang), _step_url(procedure, check.keys[0]))
        )
    numbered = [MissingItem(number=at, title=title, text=text, go=go) for at, (title, text, go) in enumerate(listed, 1)]
    return render(
        "citizen/missing.html",
        fill=numbered[: len(fill)],
        doubts=numbered[len(fill) :],
        bring=[MissingItem(len(listed) + at, name, text) for at, (name, text) in enumerate(bring, 1)],
        notices=(),
        back=_last_page_url(held, procedure),
        procedure=procedure.short.of(lang),
        number=number,
        total=total,
    )


def _(text: str, **figures: object) -> str:
    return translator(visitor().lang)(text, **figures)


def _last_page_url(held: OpenedDraft, procedure: Procedure) -> str:
    return url_for("citizen.step", page=journey.pages(procedure, held.draft, context().clock.today())[-1].id)


def _missing_fields(held: OpenedDraft, procedure: Procedure) -> list[Field]:
    """Return what the form wants and has not got, as far as it is asked in this situation."""
    answers = complete_answers(held, procedure)
    today = context().clock.today()
    known = journey.answers_with_situations(procedure, held.draft, today)
    return [
        item
        for item in procedure.fields
        if item.asked
        and not item.derive
        and holds(item.when, known, today)
        and journey.is_required(item, known, today)
        and not is_answered(procedure, item.key, answers)
    ]


def _warnings(held: OpenedDraft, procedure: Procedure) -> list[Check]:
    here = complete_answers(held, procedure) | {k: v for k, v in held.draft.answers.items() if k.startswith("_")}
    return [check for check in checks.failed_checks(procedure, here, context().check_context) if check.level == "warn"]


def papers_to_bring(held: OpenedDraft, procedure: Procedure) -> list[PaperToBring]:
    """Return the papers of this situation that are not optional."""
    known = journey.answers_with_situations(procedure, held.draft, context().clock.today())
    today = context().clock.today()
    return [one for one in procedure.papers if not one.optional and holds(one.when, known, today)]


def _label(item: Field, lang: str) -> str:
    return item.label.of(lang)


def _missing_text(item: Field, lang: str) -> str:
    if item.missing:
        return item.missing.of(lang)
    return _("Trên tờ khai còn trống. Không nhớ thì cán bộ ghi giúp ở quầy.")


def _step_url(procedure: Procedure, key: str) -> str:
    step = _step_of(procedure, key)
    return url_for("citizen.step", page=step.id) if step else ""


def _step_of(procedure: Procedure, key: str) -> FormStep | None:
    for step in procedure.steps:
        filled = set(step.person.fills.values()) if step.person else set()
        if key in {one.partition(".")[0] for one in step.fields} | set(step.fields) | filled or key == step.rows:
            return step
    return None


# --- read over


@citizen.get("/form/check")
@allow("citizen")
def check() -> Answer | str:
    """Show everything that was said, each with a way to change it."""
    held, procedure = current_form()
    return redirect_if_unfinished(held, procedure) or _check_page(held, procedure, [])


def _check_page(held: OpenedDraft, procedure: Procedure, errors: list[tuple[str, str]]) -> str:
    lang = visitor().lang
    number, total = journey.page_number(procedure, held.draft, context().clock.today(), None)
    months = context().config.keep.reuse_months
    today = context().clock.today()
    may_keep = journey.applicant_step(procedure, complete_answers(held, procedure), today) is not None
    return render(
        "citizen/check.html",
        rows=tuple(check_rows(procedure, held.draft, lang, _)),
        oath=_("Tôi cam đoan những điều khai trên là đúng và chịu trách nhiệm về lời khai.")
        if procedure.has_oath
        else "",
        reuse=_(
            "Giữ thông tin của tôi %(months)s tháng để lần sau khỏi khai lại. Không chọn vẫn nộp được.", months=months
        )
        if may_keep
        else "",
        keep=bool(request.form.get("reuse")),
        fee=_fee_text(held, procedure, lang),
        errors=errors,
        post=url_for("citizen.submit"),
        back=_last_page_url(held, procedure),
        procedure=procedure.short.of(lang),
        number=number,
        total=total,
    )


def _fee_text(held: OpenedDraft, procedure: Procedure, lang: str) -> str:
    answers = complete_answers(held, procedure)
    today = context().clock.today()
    total = sum(fees.total(fee, answers) or 0 for fee in fees.due(procedure, answers, today))
    return _("Tạm tính %(amount)s. Cán bộ thu tại quầy.", amount=format_money(total, lang)) if total else ""


# --- submit


@citizen.post("/form/submit")
@allow("citizen")
def submit() -> Answer | str:
    """Hand in the form; a second and third touch find the first one's slip."""
    who = visitor()
    try:
        if not who.draft_id or _lacks_oath():
            return _check_page_with_errors([("oath", _("Mời đọc lời cam đoan rồi chạm vào ô để đồng ý."))])
        applying.submit(context(), who.id, who.draft_id, may_keep=bool(request.form.get("reuse")))
    except UnfinishedForm as found:
        return _check_page_with_errors([("main", check.say.of(who.lang)) for check in found.failed_checks])
    except AlreadySubmitted:
        pass
    return redirect(url_for("citizen.done"), 303)


def _lacks_oath() -> bool:
    """Tell whether the form has an oath and it was not sworn."""
    _held, procedure = current_form()
    return procedure.has_oath and not request.form.get("oath")


def _check_page_with_errors(errors: list[tuple[str, str]]) -> Answer | str:
    held, procedure = current_form()
    return redirect_if_unfinished(held, procedure) or _check_page(held, procedure, errors)


@citizen.post("/form/missing/print")
@allow("citizen")
def print_missing() -> Answer:
    """Print the list of what to bring."""
    held, _procedure = current_form()
    printing.print_missing_list(context(), held.id, held.draft)
    return redirect(url_for("citizen.missing"), 303)
