"""View model of a form's page, in the reader's language."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kiosk.base.i18n import N_, translator
from kiosk.context import Context
from kiosk.pages.forms import person_block, typed_dates
from kiosk.pages.forms.buttons import CARD_DOUBTS
from kiosk.pages.forms.counted_list import counted_list
from kiosk.pages.forms.parsing import FieldErrors, FormContext, asked_fields
from kiosk.pages.forms.place_notices import place_notices
from kiosk.pages.forms.questions import page_questions, with_one_group
from kiosk.pages.forms.view_models import GroupRow, Notice, Option, PersonBlock, Question, StepPage
from kiosk.procedures import checks, journey, kinds
from kiosk.procedures.answers import Draft, sex_of
from kiosk.procedures.kinds.choices import OTHER
from kiosk.procedures.model import Check, Field
from kiosk.vietnam import id_card
from printers.printable_text import NO_BREAK

TYPED_PARTS = {"text", "longtext", "date"}
TITLED_PARTS = {"choice", "choice_text", "date", "number"}
"""Parts whose template takes the title of the page for a missing label."""
PART_TITLES = {
    journey.NAME: N_("Họ, chữ đệm, tên của %(role)s?"),
    journey.BIRTH: N_("Ngày sinh của %(role)s?"),
    journey.ID_DOCUMENT: N_("Số định danh hoặc số giấy tờ của %(role)s?"),
    journey.RESIDENCE: N_("Nơi ở của %(role)s?"),
}
"""Part of a person's page -> its title."""
LAST_HOME = N_("Nơi ở cuối cùng của %(role)s?")


def step_page(
    context: Context, form: FormContext, draft: Draft, errors: FieldErrors | None = None, message: str = ""
) -> StepPage:
    """Return the view model of a page with its answers, typed texts and errors.

    Args:
        message: a key of `CARD_MESSAGES`, or `CHECK_MESSAGE` and the id of a check, shown as a notice.
    """
    _ = translator(form.lang)
    lang = form.lang
    page = form.page
    step = page.step
    urls = form.urls
    errors = errors or []
    number, total = journey.page_number(form.procedure, draft, today=form.today, page=page)
    person = person_block.person_block(form, draft, dict(errors)) if urls.reads_cards else None
    is_row_page = bool(step.rows) and not page.part
    all_questions = () if person and person.waiting else page_questions(context, form, draft=draft, errors=dict(errors))
    questions = () if is_row_page else all_questions
    if urls.reads_cards:
        questions = with_one_group(context, form, draft, questions)
    leave_empty = step.unknown
    if is_row_page:
        leave_empty = None if draft.answers.get(step.rows) else step.rows_none
    read_back = answered_date(form, draft, questions) if urls.reads_cards else None
    title = _title(form)
    counted = counted_list(form, draft) if urls.reads_cards else None
    is_full = is_row_page and len(draft.answers.get(step.rows) or ()) >= journey.most_rows(form.procedure, step)
    return StepPage(
        id=page.id,
        title=title,
        official=step.official.of(lang) if step.official else "",
        help=step.help.of(lang) if step.help else "",
        example=step.example.of(lang).replace(" / ", f"{NO_BREAK}/{NO_BREAK}") if step.example else "",
        post=urls.url_of("step", page=page.id),
        back=back_url(form, draft),
        submit_label=_("Đúng rồi") if person and not person.waiting else _("Tiếp tục"),
        part_name=step.title.of(lang),
        number=number,
        total=total,
        procedure=form.procedure.short.of(lang),
        questions=tuple(_without_repeated_label(question, title) for question in questions),
        person=person,
        notices=tuple(_notices(form, draft, message, has_errors=bool(errors), said_of=read_back)),
        errors=tuple(errors),
        rows=tuple(_group_rows(form, draft, all_questions)) if is_row_page and not counted else (),
        add_label=step.rows_add.of(lang) if is_row_page and step.rows_add and not is_full else "",
        add_post=urls.url_of("act", page=page.id, act="add") if is_row_page else "",
        adds=tuple(_row_options(form)) if is_row_page and not is_full and not counted else (),
        counted=counted,
        unknown_label=leave_empty.of(lang) if leave_empty else "",
        unknown_post=urls.url_of("act", page=page.id, act="none") if leave_empty else "",
        keyboard_open=_is_typed_only(questions, person),
        read_back_url=urls.url_of("say", page=page.id) if read_back else "",
        date_message=_date_message(form, draft, read_back, dict(errors)) if read_back else None,
        possible_messages=tuple(typed_dates.possible_messages(form, read_back)) if read_back else (),
    )


def _title(form: FormContext) -> str:
    _ = translator(form.lang)
    step = form.page.step
    part = form.page.part
    if part == journey.WHOLE:
        return step.title.of(form.lang)
    role = step.person.role.of(form.lang) if step.person else ""
    if part == journey.RESIDENCE and step.person and step.person.died:
        return _(LAST_HOME, role=role)
    if part in PART_TITLES:
        return _(PART_TITLES[part], role=role)
    return (step.row_ask or step.title if part else step.ask).of(form.lang)


def _without_repeated_label(question: Question, title: str) -> Question:
    """Return a question whose label is the title of its page without the label: the line would be there twice."""
    is_repeated = question.label == title and not question.hint
    return replace(question, label="") if is_repeated and question.part in TITLED_PARTS else question


def back_url(form: FormContext, draft: Draft) -> str:
    """Return the URL of the page before a page of the form."""
    if form.page.step.rows and form.page.part:
        return form.urls.url_of("step", page=form.page.step.id)
    if form.urls.back_url:
        return form.urls.back_url
    if form.page.step.place == "review":
        return form.urls.url_of("check")
    previous = journey.previous_page(form.procedure, draft, today=form.today, page=form.page)
    if previous is None:
        return form.urls.url_of("need", code=form.procedure.code)
    return form.urls.url_of("step", page=previous.id)


def answered_date(form: FormContext, draft: Draft, questions: tuple[Question, ...]) -> Field | None:
    """Return the date that the machine answers below its boxes: the only one of the page."""
    dates = {question.key for question in questions if question.part == "date"}
    if len(dates) != 1:
        return None
    return next(field for field in asked_fields(form, draft) if field.key in dates)


def _is_typed_only(questions: tuple[Question, ...], person: PersonBlock | None) -> bool:
    """Return whether the keyboard opens at once: one typed question, and at most one row of options."""
    typed = [question for question in questions if question.part in TYPED_PARTS]
    return person is None and len(typed) == 1 and len(questions) <= 2


def _date_message(form: FormContext, draft: Draft, field: Field, errors: Mapping[str, str]) -> Notice | None:
    error = next((text for box, text in errors.items() if box.startswith(field.key)), "")
    return Notice("bad", error) if error else typed_dates.message(form, draft, field)


# --- rows of a repeated group


def _group_rows(form: FormContext, draft: Draft, questions: tuple[Question, ...]) -> list[GroupRow]:
    """Return the rows of a repeated group; rows named by a choice are filled in on this page."""
    step = form.page.step
    field = form.procedure.by_key[step.rows]
    choice_field = journey.row_choice_field(form.procedure, step)
    rows = []
    for index, row in enumerate(draft.answers.get(field.key) or []):
        words = _row_words(field, row, form.lang)
        page_id = f"{step.id}.{index}"
        rows.append(
            GroupRow(
                title=words[0] if words else "",
                text="" if choice_field else ", ".join(words[1:]),
                change="" if choice_field else form.urls.url_of("step", page=page_id),
                remove_post=form.urls.url_of("act", page=page_id, act="remove"),
                questions=tuple(q for q in questions if q.key.startswith(f"{field.key}.{index}.")),
                index=index,
            )
        )
    return rows


def _row_words(field: Field, row: Mapping[str, Any], lang: str) -> list[str]:
    """Return the answers of a row as texts."""
    return [kinds.of(column).on_screen(column, row[column.key], lang) for column in field.fields if row.get(column.key)]


def _row_options(form: FormContext) -> list[Option]:
    """Return the rows that one touch adds; "Khác" is not among them."""
    choice_field = journey.row_choice_field(form.procedure, form.page.step)
    if not choice_field:
        return []
    return [
        Option(id=option.id, label=option.label.of(form.lang)) for option in choice_field.options if option.id != OTHER
    ]


# --- notices

CONTRADICTIONS = frozenset({"sex", "year"})
"""Codes of card warnings: the ID number does not match the person's sex or year of birth."""

CARD_MESSAGES = {
    "vietqr": N_("Đây là mã chuyển tiền, không phải thẻ căn cước. Xin đưa thẻ."),
    "bhyt": N_("Đây là mã thẻ bảo hiểm y tế. Xin đưa thẻ căn cước."),
    "wifi": N_("Đây là mã Wi-Fi. Xin đưa thẻ căn cước."),
    "url": N_("Đây là mã mở trang web. Xin đưa thẻ căn cước."),
    "slip": N_("Đây là phiếu của máy. Muốn xem hồ sơ, mời chọn “Tra cứu hồ sơ”."),
    "garbage": N_("Đây không phải mã trên thẻ căn cước. Xin đưa thẻ căn cước."),
    "garbled": N_("Máy đọc thẻ chưa rõ. Xin đưa thẻ lại, hoặc chọn “Không có thẻ, gõ tay”."),
    "too_long": N_("Đây không phải mã trên thẻ căn cước. Xin đưa thẻ căn cước."),
    "bad_date": N_("Ngày sinh trong mã không có thật. Xin gõ tay, hoặc gọi cán bộ."),
    "lost": N_("Máy đọc được số và ngày sinh, nhưng tên bị mất dấu. Mời gõ lại họ tên."),
    "not_practice": N_("Đây là thẻ thật. Phần tập chỉ dùng thẻ tập; máy không giữ gì."),
    "kept": N_("Máy đã điền lại thông tin của lần trước. Xin xem lại cho đúng."),
    "forgotten": N_("Máy đã xóa thông tin giữ từ lần trước."),
    "same": N_("Thẻ này vừa quét cho người khác trong tờ khai. Xin đưa thẻ của người kia."),
}


CHECK_MESSAGE = "check."
"""Prefix of a message that is the sentence of a check: a card was refused, and the draft does not have its answers."""


def _card_message(form: FormContext, message: str) -> list[Notice]:
    if message in CARD_MESSAGES:
        return [Notice("warn", translator(form.lang)(CARD_MESSAGES[message]))]
    refused = [check for check in form.procedure.checks if message == CHECK_MESSAGE + check.id]
    return [Notice("warn", check.say.of(form.lang)) for check in refused]


def _notices(form: FormContext, draft: Draft, message: str, *, has_errors: bool, said_of: Field | None) -> list[Notice]:
    """Return at most two notices: the message and failed checks, or else a contradiction on the card.

    Args:
        said_of: the date whose failed checks are told below its boxes.
    """
    notices = _card_message(form, message)
    hidden = {key: value for key, value in draft.answers.items() if key.startswith("_")}
    answers = form.complete_answers(draft) | hidden
    is_answered = form.page.id in draft.done or _has_person(form, draft)
    if is_answered or has_errors:
        failed = checks.failed_checks(form.procedure, answers, context=form.check_context, step=form.page.step.id)
        if said_of and not has_errors:
            failed = [check for check in failed if said_of.key not in check.keys]
        notices += _officer_notices(form, failed, has_errors=has_errors)
        notices += [
            Notice("warn", check.say.of(form.lang)) for check in failed if check.level == "warn" and is_answered
        ]
    notices = [*place_notices(form, draft), *notices]
    return notices[:2] or [Notice("warn", text) for text in _card_warnings(form, draft)][:1]


def _officer_notices(form: FormContext, failed: list[Check], *, has_errors: bool) -> list[Notice]:
    """Return the way to an officer for errors that the kiosk cannot mend; above them the summary has their words."""
    if not form.urls.reads_cards:  # an officer corrects the form at the desk
        return []
    _ = translator(form.lang)
    ticket = (form.urls.url_of("ticket"), _("Lấy số"))
    return [
        Notice("warn", _("Mời lấy số để cán bộ hướng dẫn.") if has_errors else check.say.of(form.lang), go=ticket)
        for check in failed
        if check.officer
    ]


def _has_person(form: FormContext, draft: Draft) -> bool:
    person = journey.person_on(form.procedure, form.page)
    return person is not None and draft.get(person.fills.get("full_name", "")) is not None


def _card_warnings(form: FormContext, draft: Draft) -> list[str]:
    """Return a warning if ID number, sex and year of birth contradict each other; it never blocks."""
    person = journey.person_on(form.procedure, form.page)
    if person is None:
        return []
    answers = {name: draft.get(key) for name, key in person.fills.items()}
    number = person_block.id_number_of(answers)
    if not number or sex_of(number) is None:
        return []
    _ = translator(form.lang)
    problems = id_card.check(number, answers.get("sex") or "", answers.get("date_of_birth") or "")
    codes = {problem.code for problem in problems} | set(draft.get(f"{CARD_DOUBTS}.{form.page.step.id}") or ())
    if CONTRADICTIONS & codes:
        return [_("Số định danh và ngày sinh hoặc giới tính chưa khớp nhau. Vẫn đi tiếp được; cán bộ sẽ xem thẻ.")]
    return []
