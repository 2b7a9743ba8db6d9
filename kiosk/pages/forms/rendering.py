"""A page of a form as its template shows it, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from kiosk.context import Context
from kiosk.i18n import N_, translator
from kiosk.pages.forms import date_suggestions, person_block
from kiosk.pages.forms.buttons import CARD_DOUBTS
from kiosk.pages.forms.parsing import FieldErrors, FormContext, birth_place_answer
from kiosk.pages.forms.view_models import GroupRow, Notice, Option, PersonBlock, Question, StepPage, Suggestion
from kiosk.procedures import checks, journey, kinds
from kiosk.procedures.answers import THIS_WARD, Draft, complete, sex_of
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.kinds import sessions
from kiosk.procedures.kinds.choices import OTHER
from kiosk.procedures.kinds.documents import ID_DOCUMENT_TYPES
from kiosk.procedures.kinds.numbers import dotted
from kiosk.procedures.kinds.places import PLACE_KINDS
from kiosk.procedures.model import Field
from kiosk.vietnam import calendar, id_card, places, viet_text

TYPED_PARTS = {"text", "longtext", "date"}
QUICK_OPTIONS = 3
"""Ethnic groups in one row; the others are found by the picker."""
PICKER_LABELS = {"ethnicity": N_("Dân tộc khác"), "nationality": N_("Nước khác")}


def step_page(context: Context, asked: FormContext, draft: Draft, errors: FieldErrors | None = None, message: str = "") -> StepPage:
    """Return a page with what is known, typed and wrong."""
    _ = translator(asked.lang)
    page = asked.page
    procedure = asked.procedure
    lang = asked.lang
    number, total = journey.page_number(procedure, draft, asked.check_context.today, page)
    person = person_block.person_block(asked, draft, dict(errors or [])) if asked.urls.reads_cards else None
    waiting = person is not None and person.waiting
    step = page.step
    is_row_page = bool(step.rows) and not page.part
    asks = () if waiting else _questions(context, asked, draft, dict(errors or []))
    questions = () if is_row_page else asks
    way_out = (step.rows_none if not draft.answers.get(step.rows) else None) if is_row_page else step.unknown
    return StepPage(
        id=page.id,
        title=_title(asked),
        official=step.official.of(lang) if step.official else "",
        help=step.help.of(lang) if step.help else "",
        example=step.example.of(lang) if step.example else "",
        post=asked.urls.url_of("step", page=page.id),
        back=_back_url(asked, draft),
        submit_label=_("Đúng rồi") if person and not person.waiting else _("Tiếp tục"),
        number=number,
        total=total,
        procedure=procedure.short.of(lang),
        questions=questions,
        person=person,
        notices=tuple(_notices(asked, draft, message)),
        errors=tuple(errors or []),
        rows=tuple(_group_rows(asked, draft, asks)) if is_row_page else (),
        add_label=step.rows_add.of(lang) if is_row_page and step.rows_add else "",
        add_post=asked.urls.url_of("act", page=page.id, act="add") if is_row_page else "",
        adds=tuple(_row_options(asked)) if is_row_page else (),
        unknown_label=way_out.of(lang) if way_out else "",
        unknown_post=asked.urls.url_of("act", page=page.id, act="none") if way_out else "",
        keyboard_open=_is_typed_only(questions, person),
        read_back_url=asked.urls.url_of("say", page=page.id) if asked.urls.reads_cards and _has_one_date(questions) else "",
    )


def _title(asked: FormContext) -> str:
    _ = translator(asked.lang)
    step = asked.page.step
    part = asked.page.part
    if part == journey.WHOLE:
        return step.title.of(asked.lang)
    role = step.person.role.of(asked.lang) if step.person else ""
    return {
        "": step.ask.of(asked.lang),
        journey.NAME: _("Họ và tên %(role)s là gì?", role=role),
        journey.BIRTH: _("Ngày sinh của %(role)s?", role=role),
        journey.PAPER: _("Số trên giấy tờ của %(role)s?", role=role),
        journey.HOME: _("Nơi ở của %(role)s?", role=role),
    }.get(part, (step.row_ask or step.title).of(asked.lang))


def _back_url(asked: FormContext, draft: Draft) -> str:
    if asked.page.step.rows and asked.page.part:
        return asked.urls.url_of("step", page=asked.page.step.id)
    if asked.urls.back_url:
        return asked.urls.back_url
    if asked.page.step.place == "review":
        return asked.urls.url_of("check")
    before = journey.previous_page(asked.procedure, draft, asked.check_context.today, asked.page)
    if before is None:
        return asked.urls.url_of("need", code=asked.procedure.code)
    return asked.urls.url_of("step", page=before.id)


def _has_one_date(questions: tuple[Question, ...]) -> bool:
    """Words that come while somebody types move what stands below: two dates must not move under the finger."""
    return [one.part for one in questions].count("date") == 1


def _is_typed_only(questions: tuple[Question, ...], person: PersonBlock | None) -> bool:
    """The keyboard is open from the start where typing is all that a page asks, apart from one row of options."""
    typed = [one for one in questions if one.part in TYPED_PARTS]
    return person is None and len(typed) == 1 and len(questions) <= 2


# --- questions


def _questions(context: Context, asked: FormContext, draft: Draft, errors: Mapping[str, str]) -> tuple[Question, ...]:
    known = journey.answers_with_situations(asked.procedure, draft, asked.check_context.today)
    items = journey.fields_on(asked.procedure, asked.page, draft.answers)
    pending = {item.key for item in items}
    found = []
    for item in items:
        # A question that hangs on another one of the same page stands there from the start.
        if holds(item.when, known, asked.check_context.today) or any(one.key in pending for one in item.when):
            found.append(_question(context, asked, draft, item, errors))
    return tuple(found)


def _question(context: Context, asked: FormContext, draft: Draft, item: Field, errors: Mapping[str, str]) -> Question:
    """Return one question as its template part shows it."""
    kind = kinds.of(item)
    lang = asked.lang
    typed = draft.typed.get(asked.page.id)
    value = _value_or_default(context, draft, item)
    options, more = _options(context, asked, draft, item)
    error = next((words for anchor, words in errors.items() if anchor.startswith(item.key)), "")
    return Question(
        part={"listed": "ethnicity"}.get(kind.template, kind.template),
        key=item.key,
        label=item.label.of(lang),
        value=_box_value(item, value, typed),
        hint=item.hint.of(lang) if item.hint else "",
        example=item.example.of(lang) if item.example else "",
        optional=not (item.required or item.required_when),
        keyboard=item.keyboard or kind.keyboard,
        options=options,
        more=more,
        pick=translator(lang)(PICKER_LABELS[item.kind]) if item.kind in PICKER_LABELS else "",
        suggestions=_suggestions(asked, draft, item),
        error=error,
        note=_date_in_words(item, value, lang),
        echo=item.echo.of(lang) if item.echo else "",
        low=item.low or 0,
        high=item.high or 99,
        unknown=item.unknown.of(lang) if item.unknown and not value else "",
    )


def _value_or_default(context: Context, draft: Draft, item: Field) -> Any:
    """Return what is kept, or what the procedure writes down until somebody says otherwise."""
    value = draft.get(item.key)
    if value is not None or item.default is None:
        return value
    return context.office.place if item.default == THIS_WARD else item.default


def _box_value(item: Field, value: Any, typed: Mapping[str, str] | None) -> Any:
    """Return what stands in the boxes: what was typed and could not be kept, or what is kept."""
    if item.kind in BOXES:
        return BOXES[item.kind](item, value, typed or {})
    if item.kind in PLACE_KINDS:
        return _place_words(value)
    if typed is not None and item.key in typed:
        return typed[item.key]
    return "" if value is None else str(value) if item.kind == "number" else value


def _date_boxes(item: Field, value: Any, typed: Mapping[str, str]) -> dict[str, str]:
    if any(typed.get(f"{item.key}.{box}") for box in "dmy"):
        return {box: typed.get(f"{item.key}.{box}", "") for box in "dmy"}
    return _split_date(value)


def _split_date(value: Any) -> dict[str, str]:
    year, month, day = (*str(value or "").split("-"), "", "")[:3]
    return {"d": day, "m": month, "y": year}


def _time_boxes(item: Field, value: Any, typed: Mapping[str, str]) -> dict[str, str]:
    if typed.get(f"{item.key}.h") or typed.get(f"{item.key}.min"):
        return {box: typed.get(f"{item.key}.{box}", "") for box in ("h", "min")}
    hour, _, minute = str(value or "").partition(":")
    return {"h": hour, "min": minute}


def _own_words(item: Field, value: Any, typed: Mapping[str, str]) -> str:
    is_option = any(one.id == value for one in item.options)
    return typed.get(f"{item.key}.own", "") or ("" if is_option else str(value or ""))


def _money_box(item: Field, value: Any, typed: Mapping[str, str]) -> str:
    """A sum that one of the buttons says stands there and nowhere else."""
    is_option = any(one.id == str(value) for one in item.options)
    return typed.get(item.key, "") or ("" if value is None or is_option else dotted(value))


def _document_boxes(item: Field, value: Any, typed: Mapping[str, str]) -> dict[str, Any]:
    held = value if isinstance(value, dict) else {}
    if f"{item.key}.so" in typed:
        day = {box: typed.get(f"{item.key}.ngay_cap.{box}", "") for box in "dmy"}
        return {"so": typed[f"{item.key}.so"], "ngay_cap": day, "noi_cap": typed.get(f"{item.key}.noi_cap", "")}
    return {"so": held.get("so", ""), "ngay_cap": _split_date(held.get("ngay_cap")), "noi_cap": held.get("noi_cap", "")}


BOXES = {"date": _date_boxes, "time": _time_boxes, "choice_text": _own_words, "money": _money_box, "id_document": _document_boxes}
"""What stands in the boxes of kinds that have several."""


def _place_words(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not value.get("wardCode"):
        return {"title": "", "note": "", "detail": ""}
    return {"title": places.display({**value, "detail": ""}), "note": "", "detail": str(value.get("detail", ""))}


def _options(
    context: Context, asked: FormContext, draft: Draft, item: Field
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    value = _value_or_default(context, draft, item)
    lang = asked.lang
    if item.kind in PICKER_LABELS:
        quick = context.config.ward.ethnic_first[:QUICK_OPTIONS] if item.kind == "ethnicity" else ("VN",)
        names_ = dict.fromkeys([*quick, value] if value else quick)
        return tuple(
            Option(id=one, label=kinds.of(item).on_screen(item, one, lang), hint="", chosen=one == value)
            for one in names_
        ), ()
    if item.kind == "session":
        listed = sessions.open_sessions(context.office.seats, lang)
        return tuple(Option(id=one, label=label, hint=note, chosen=one == value) for one, label, note in listed), ()
    if item.kind == "id_document":
        held_sort = (value or {}).get("loai") or (draft.typed.get(asked.page.id) or {}).get(f"{item.key}.loai")
        return tuple(
            Option(id=one.id, label=one.label.of(lang), hint="", chosen=one.id == held_sort)
            for one in ID_DOCUMENT_TYPES
        ), ()
    if item.kind in PLACE_KINDS | {"date"}:
        return (_day_options if item.kind == "date" else _place_options)(asked, draft, item), ()
    found = _choice_options(item, value, lang)
    ahead: list[Option] = [one for key in item.quick for one in found if one.id == key]
    return (tuple(ahead), tuple(one for one in found if one not in ahead)) if ahead else (found, ())


def _day_options(asked: FormContext, draft: Draft, item: Field) -> tuple[Option, ...]:
    value = draft.get(item.key)
    listed = date_suggestions.suggested_days(draft, item, asked.check_context.today, asked.lang)
    return tuple(
        Option(id=one.id, label=one.label, hint="", chosen=bool(value) and one.value == value) for one in listed
    )


def _choice_options(item: Field, value: Any, lang: str) -> tuple[Option, ...]:
    kind = kinds.of(item)
    options = getattr(kind, "options", None)
    if options is None and item.kind != "money":
        return ()
    listed = options(item) if options else item.options
    held = _chosen_ids(item, value)
    return tuple(
        Option(id=one.id, label=one.label.of(lang), hint=one.hint.of(lang) if one.hint else "", chosen=one.id in held)
        for one in listed
    )


def _chosen_ids(item: Field, value: Any) -> list[str]:
    """Return the ids of what is chosen."""
    if item.kind == "boolean":
        return [{True: "co", False: "khong"}.get(value, "")]
    if item.kind == "choice_text" and value:
        return [value if any(one.id == value for one in item.options) else OTHER]
    return value or [] if item.kind == "multichoice" else [str(value)]


def _place_options(asked: FormContext, draft: Draft, item: Field) -> tuple[Option, ...]:
    value = draft.get(item.key)
    suggest = item.suggest or {}
    found = []
    if suggest.get("birth_places"):
        for at_, one in enumerate(asked.birth_places):
            found.append(Option(id=f"birth:{at_}", label=one.name, hint="", chosen=value == birth_place_answer(one)))
    full = complete(asked.procedure, draft.answers, asked.check_context.office, asked.check_context.today)
    for vi, en, key in suggest.get("home_of", ()):
        home = value_at(full, key)
        if isinstance(home, dict) and home.get("wardCode"):
            detail = str(home.get("detail", "")) if item.kind == "address" else ""
            where = places.display({**home, "detail": detail})
            same = isinstance(value, dict) and value.get("wardCode") == home["wardCode"]
            is_it = same and value.get("detail", "") == detail
            found.append(
                Option(id=f"home:{key}", label=f"{en if asked.lang == 'en' else vi}: {where}", hint="", chosen=is_it)
            )
    return tuple(found)


def _suggestions(asked: FormContext, draft: Draft, item: Field) -> tuple[Suggestion, ...]:
    """The parents' surnames, each once: they save typing and choose nothing."""
    _ = translator(asked.lang)
    full = complete(asked.procedure, draft.answers, asked.check_context.office, asked.check_context.today)
    held = [value_at(full, key) for key in (item.suggest or {}).get("surname", ())]
    surnames = dict.fromkeys(viet_text.surname(str(name)) for name in held if name)
    return tuple(Suggestion(_("Họ %(surname)s", surname=one), f"{one} ") for one in surnames)


def _date_in_words(item: Field, value: Any, lang: str) -> str:
    if item.kind != "date" or lang != "vi" or len(str(value or "")) != len("2026-01-01"):
        return ""
    words = calendar.date_aloud(str(value), with_weekday=True)
    return words[:1].upper() + words[1:]


def _group_rows(asked: FormContext, draft: Draft, asks: tuple[Question, ...]) -> list[GroupRow]:
    item = asked.procedure.by_key[asked.page.step.rows]
    named = journey.row_choice_field(asked.procedure, asked.page.step)
    found = []
    for at_, row in enumerate(draft.answers.get(item.key) or []):
        words = [kinds.of(part).on_screen(part, row[part.key], asked.lang) for part in item.fields if row.get(part.key)]
        base = f"{asked.page.step.id}.{at_}"
        found.append(
            GroupRow(
                title=words[0] if words else "",
                text="" if named else ", ".join(words[1:]),
                change="" if named else asked.urls.url_of("step", page=base),
                remove_post=asked.urls.url_of("act", page=base, act="remove"),
                questions=tuple(one for one in asks if one.key.startswith(f"{item.key}.{at_}.")),
                index=at_,
            )
        )
    return found


def _row_options(asked: FormContext) -> list[Option]:
    """What one touch adds; own words have the row's own page."""
    named = journey.row_choice_field(asked.procedure, asked.page.step)
    return [Option(one.id, one.label.of(asked.lang)) for one in named.options if one.id != OTHER] if named else []


# --- notices

CONTRADICTIONS = frozenset({"sex", "year"})

CARD_MESSAGES = {
    "vietqr": N_("Đây là mã chuyển tiền, không phải thẻ căn cước. Xin đưa thẻ."),
    "bhyt": N_("Đây là mã thẻ bảo hiểm y tế. Xin đưa thẻ căn cước."),
    "wifi": N_("Đây là mã mạng không dây. Xin đưa thẻ căn cước."),
    "url": N_("Đây là mã mở trang mạng. Xin đưa thẻ căn cước."),
    "slip": N_("Đây là phiếu của máy. Muốn xem hồ sơ, mời chọn “Tra cứu hồ sơ”."),
    "garbage": N_("Đây không phải mã trên thẻ căn cước. Xin đưa thẻ căn cước."),
    "garbled": N_("Máy đọc thẻ chưa rõ. Xin đưa thẻ lại, hoặc chọn “Không có thẻ, gõ tay”."),
    "too_long": N_("Đây không phải mã trên thẻ căn cước. Xin đưa thẻ căn cước."),
    "bad_date": N_("Ngày trên thẻ này không có trên lịch. Xin gõ tay, hoặc gọi cán bộ."),
    "lost": N_("Máy đọc được số và ngày sinh, nhưng tên bị mất dấu. Mời gõ lại họ tên."),
    "not_practice": N_("Đây là thẻ thật. Phần tập chỉ dùng thẻ tập; máy không giữ gì."),
    "kept": N_("Lần trước bà con cho giữ thông tin, máy đã điền lại. Xin xem lại cho đúng."),
    "same": N_("Thẻ này vừa quét cho người khác trong tờ khai. Xin đưa thẻ của người kia."),
}


def _notices(asked: FormContext, draft: Draft, message: str) -> list[Notice]:
    _ = translator(asked.lang)
    found = [Notice("warn", _(CARD_MESSAGES[message]))] if message in CARD_MESSAGES else []
    full = complete(asked.procedure, draft.answers, asked.check_context.office, asked.check_context.today)
    whole = full | {key: value for key, value in draft.answers.items() if key.startswith("_")}
    if asked.page.id in draft.done or _has_person(asked, draft):
        for check in checks.failed_checks(asked.procedure, whole, asked.check_context, asked.page.step.id):
            if check.level == "warn":
                found.append(Notice("warn", check.say.of(asked.lang)))
    return found[:2] or [Notice("warn", words) for words in _card_warnings(asked, draft)][:1]


def _has_person(asked: FormContext, draft: Draft) -> bool:
    person = journey.person_on(asked.procedure, asked.page)
    return person is not None and draft.get(person.fills.get("full_name", "")) is not None


def _card_warnings(asked: FormContext, draft: Draft) -> list[str]:
    """Say when number, sex and year of a person do not fit each other: it warns, it never blocks."""
    person = journey.person_on(asked.procedure, asked.page)
    if person is None:
        return []
    held = {name: draft.get(key) for name, key in person.fills.items()}
    paper = held.get("id")
    number = str(paper.get("so", "") if isinstance(paper, dict) else paper or "")
    if not number or sex_of(number) is None:
        return []
    _ = translator(asked.lang)
    odd = {one.code for one in id_card.check(number, held.get("sex") or "", held.get("date_of_birth") or "")}
    if CONTRADICTIONS & (odd | set(draft.get(f"{CARD_DOUBTS}.{asked.page.step.id}") or ())):
        return [_("Số định danh và ngày sinh hoặc giới tính chưa khớp nhau. Vẫn đi tiếp được; cán bộ sẽ xem thẻ.")]
    return []
