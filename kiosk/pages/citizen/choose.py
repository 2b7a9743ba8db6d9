"""Search for a procedure, and the page before the form: papers, time, fee in the citizen's situation."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import comparison
from kiosk.acts import applying, printing
from kiosk.base.errors import NotFound
from kiosk.base.i18n import Translate, translator
from kiosk.dossiers import checklist
from kiosk.dossiers.procedure_order import sort_events, sort_procedures
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.list_print import list_print, posted_copy
from kiosk.pages.citizen.open_form import change_draft, first_unfinished_url
from kiosk.pages.citizen.other_form import ask_before_deletion
from kiosk.pages.forms.view_models import EventTile, FactRow, Notice, Option, PaperRow, ProcedureTile, Question
from kiosk.procedures import documents, fees, search
from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import holds, leaf_conditions
from kiosk.procedures.fees import AppliedFee
from kiosk.procedures.model import AnswerOption, Fee, Procedure, Situation
from kiosk.vietnam.money import format_money

ALL_EVENTS = "all"
NO_BREAK = "\u00a0"
MAX_QUERY_LENGTH = 80
LAWS_SHOWN = 2
"""Documents of the law line on the page; a procedure may rest on fifteen."""
MAX_TILES = 4
"""Results that fit above the keyboard."""


@citizen.get("/choose")
@allow("citizen")
def choose() -> str:
    """Find a procedure by life event or by name."""
    event = request.args.get("event", "")
    query = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    lang = visitor().lang
    procedures = _procedures_in_force()
    events = tuple(
        EventTile(
            id=life_event.id,
            label=life_event.name.of(lang),
            hint=life_event.line.of(lang),
            address=_event_url(life_event.id, procedures),
        )
        for life_event in search.life_events(procedures, sort_events(context()))
    )
    tiles, status = _search_tiles(query) if "q" in request.args else _event_tiles(event)
    return render(
        "citizen/choose.html",
        events=events,
        event=event,
        query=query,
        tiles=tiles,
        status=status,
        has_card=context().card_inbox.is_holding(visitor().id),
    )


def _event_url(event: str, procedures: list[Procedure]) -> str:
    """Return the URL of the procedures of an event, or of its only procedure."""
    codes = [procedure.code for procedure in procedures if procedure.event == event]
    return url_for("citizen.need", code=codes[0]) if len(codes) == 1 else url_for("citizen.choose", event=event)


@citizen.get("/choose/results")
@allow("citizen")
def results() -> str:
    """Return the search results while the query is typed."""
    query = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    tiles, status = _search_tiles(query)
    return render("citizen/choose_rows.html", query=query, tiles=tiles, status=status)


def _procedures_in_force() -> list[Procedure]:
    return context().catalogue.all(context().clock.today())


def _search_tiles(query: str) -> tuple[tuple[ProcedureTile, ...], str]:
    """Return the best search results and a status text."""
    lang = visitor().lang
    _ = translator(lang)
    if not query.strip():
        return (), _("Gõ tên việc, không cần dấu. Ví dụ: khai sinh, tam tru, tien gia")
    matches = search.find(_procedures_in_force(), query, lang, context().catalogue.events)
    tiles = tuple(
        _tile(match.procedure, match.before, match=match.match, after=match.after, lang=lang)
        for match in matches[:MAX_TILES]
    )
    if tiles:
        return tiles, _("Tìm thấy %(n)s thủ tục", n=len(matches), query=query)
    return (), _("Không tìm thấy. Mời gõ từ khác, hoặc gọi cán bộ.", query=query)


def _event_tiles(event: str) -> tuple[tuple[ProcedureTile, ...], str]:
    """Return the procedures of a life event, or all, the most frequent of an event first, and a status text."""
    lang = visitor().lang
    _ = translator(lang)
    offered = [procedure for procedure in _procedures_in_force() if event in {"", ALL_EVENTS, procedure.event}]
    procedures = sort_procedures(context(), offered)
    tiles = tuple(_tile(procedure, procedure.plain.of(lang), match="", after="", lang=lang) for procedure in procedures)
    return tiles, _("Có %(n)s thủ tục làm được ở máy này", n=len(tiles))


def _tile(procedure: Procedure, before: str, match: str, after: str, lang: str) -> ProcedureTile:
    return ProcedureTile(
        code=procedure.code,
        before=before,
        match=match,
        after=after,
        line=procedure.line.of(lang),
        event=procedure.event,
        address=url_for("citizen.need", code=procedure.code),
    )


# --- before the form


@citizen.get("/need/<code>")
@allow("citizen")
def need(code: str) -> str:
    """Ask for the situation, then show papers, time and fee in it; with `change` ask again.

    The situation of a form that was begun in this visit is known.
    """
    procedure = _procedure_in_force(code)
    draft = begun_draft(procedure)
    known = {**(draft.answers if draft else {}), **request.args.to_dict()}
    return _need_page(procedure, known, begun=draft, is_changing="change" in request.args)


def begun_draft(procedure: Procedure) -> Draft | None:
    """Return the form of this visit if it is one of this version of the procedure."""
    if not visitor().draft_id:
        return None
    draft = applying.current_draft(context(), visitor().id).draft
    return draft if (draft.code, draft.version) == (procedure.code, procedure.version) else None


def _procedure_in_force(code: str) -> Procedure:
    procedure = context().catalogue.in_force(code, context().clock.today())
    if procedure is None:
        raise NotFound
    return procedure


def _need_page(
    procedure: Procedure,
    posted: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    begun: Draft | None = None,
    is_changing: bool = False,
) -> str:
    lang = visitor().lang
    _ = translator(lang)
    known = chosen_situations(procedure, posted)
    today = context().clock.today()
    notes = [note for note in procedure.notes if note.when and holds(note.when, known, today)]
    situations = [situation for situation in procedure.situations if situation.options]
    questions = tuple(_situation_question(situation, known, lang=lang, errors=errors or {}) for situation in situations)
    return render(
        "citizen/need.html",
        title=procedure.short.of(lang),
        opening=procedure.opening.of(lang) if procedure.opening else "",
        procedure_code=procedure.code,
        first=_first_rows(procedure, lang),
        rows=_fact_rows(procedure, known, lang=lang, _=_),
        situations=questions,
        asks=is_changing or len(known) < len(situations),
        change=_need_url(procedure, known, change=1),
        is_begun=begun is not None,
        known=known,
        list_print=list_print(),
        papers=tuple(_paper_rows(procedure, known, begun.sources if begun else {}, lang=lang, _=_)),
        law=", ".join(documents.names_in_force(context().catalogue.documents, procedure.law, today)[:LAWS_SHOWN]),
        compared=_compared_words(procedure, _),
        notices=[Notice("info", "", note.say.of(lang)) for note in notes],
        post=url_for("citizen.begin", code=procedure.code),
        say=_officer_notice(procedure, known, lang=lang, _=_),
    )


def _compared_words(procedure: Procedure, _: Translate) -> str:
    """Return whether the ward has compared every fact of the procedure with official texts, and who did."""
    state = comparison.load(context(), procedure)
    summary = state.summary()
    if summary:
        return _("Đã đối chiếu ngày %(date)s (%(who)s).", date=f"{summary.day:%d/%m/%Y}", who=summary.who)
    grades = {item.fact.seen for item in state.listed}
    if grades == {"official"}:
        return _("Theo văn bản gốc, phường chưa đối chiếu.")
    if grades <= {"official", "official-copy"}:
        return _("Theo bản chép văn bản gốc, phường chưa đối chiếu.")
    return _("Theo nguồn thứ cấp, phường chưa đối chiếu.")


def chosen_situations(procedure: Procedure, posted: Mapping[str, Any]) -> dict[str, str]:
    """Return the posted situations that the procedure has."""
    known = {}
    for situation in procedure.situations:
        options = {option.id for option in situation.options}
        if posted.get(situation.key) in options:
            known[situation.key] = posted[situation.key]
    return known


def _situation_question(situation: Situation, known: dict[str, str], lang: str, errors: Mapping[str, str]) -> Question:
    options = tuple(
        Option(
            id=option.id,
            label=option.label.of(lang),
            hint=option.hint.of(lang) if option.hint else "",
            chosen=known.get(situation.key) == option.id,
        )
        for option in situation.options
    )
    return Question(
        part="choice",
        key=situation.key,
        label=situation.ask.of(lang) if situation.ask else "",
        options=options,
        error=errors.get(situation.key, ""),
    )


def _fact_rows(procedure: Procedure, known: dict[str, str], lang: str, _: Translate) -> tuple[FactRow, ...]:
    """Return the rows about times, fees and notes."""
    rows = []
    today = context().clock.today()
    for duration in procedure.times:
        # The time of an answer that is not chosen here yet, or that the form asks for, is listed with the others.
        is_known = {condition.key for condition in leaf_conditions(duration.when)} <= known.keys()
        if is_known and not holds(duration.when, known, today):
            continue
        lead, _dot, rest = duration.text.of(lang).partition(". ")
        rows.append(FactRow("clock", lead + ("." if rest else ""), rest))
    asked = {situation.key for situation in procedure.situations if situation.options}
    for fee in fees.in_force(procedure, today):
        # A fee of a situation that is asked here is shown for the chosen answer; others depend on the form.
        is_of_asked = all(condition.key in asked for condition in leaf_conditions(fee.when))
        if is_of_asked and not holds(fee.when, known, today):
            continue
        keys = {condition.key for rate in fee.rates for condition in leaf_conditions(rate.when)}
        shown = fees.applied(fee, known, today) if keys <= known.keys() else fee
        lead, text = fee_words(shown, lang, _)
        rows.append(FactRow("doc" if fee.per or fee.days else "money", lead, text))
        rows += [FactRow("info", "", hint) for hint in _online_hints(shown, lang, _)]
    return tuple(rows)


def _first_rows(procedure: Procedure, lang: str) -> list[FactRow]:
    """Return what has to be known before anything is filled in: the online way where no counter may take it, notes."""
    notes = [FactRow("info", "", note.say.of(lang)) for note in procedure.notes if not note.when]
    if procedure.online is None:
        return notes
    is_sure = procedure.code in context().config.procedures.at_counter
    more = "" if is_sure else procedure.online.ask.of(lang)
    return [FactRow("info", procedure.online.say.of(lang), more), *notes]


def fee_words(fee: Fee, lang: str, _: Translate) -> tuple[str, str]:
    """Return the bold and the plain part of a fee's row."""
    name = fee.name.of(lang)
    reason = f"{fee.reason.of(lang)}." if isinstance(fee, AppliedFee) and fee.reason else ""
    exempt = " ".join(
        filter(None, (reason, _resolution(fee, _), fee.exempt.of(lang) if fee.exempt else "", _added(fee, lang, _)))
    )
    if fee.rates:
        return f"{name}:", f"{_rates(fee, lang, _)} {exempt}".rstrip()
    if fee.amount is None:
        stated = _("theo mức Hội đồng nhân dân thành phố quy định; cán bộ báo số tiền.")
        return f"{name}:", f"{stated} {exempt}".rstrip()
    if fee.amount == 0:
        return f"{name}:", " ".join(filter(None, (_("không mất tiền.").replace(" ", NO_BREAK), exempt)))
    each = _each(fee, lang, _)
    lead = f"{name}: {format_money(fee.amount, lang)}"
    return lead if each else f"{lead}.", " ".join(filter(None, (each, exempt)))


def _each(fee: Fee, lang: str, _: Translate) -> str:
    """Return the words after the amount of one; empty for a fee that is taken once."""
    if fee.each:
        return fee.each.of(lang)
    if fee.unit and fee.per:
        return _("một %(unit)s.", unit=fee.unit.of(lang))
    if fee.per:
        return _("một bản, nếu cần.")
    return _("một ngày.") if fee.days else ""


def _rates(fee: Fee, lang: str, _: Translate) -> str:
    """Return the amount of each rate, and of all other cases, in one sentence."""
    rates = [f"{rate.label.of(lang)}: {_amount(rate.amount, lang, _)}" for rate in fee.rates]
    stated = _("cán bộ báo số tiền")
    other = stated if fee.amount is None else _amount(fee.amount, lang, _)
    sentence = "; ".join([*rates, _("trường hợp khác: %(amount)s", amount=other)])
    each = _each(fee, lang, _)
    return f"{sentence}, {each}" if each else f"{sentence}."


def _amount(amount: int, lang: str, _: Translate) -> str:
    return format_money(amount, lang) if amount else _("không mất tiền")


def _resolution(fee: Fee, _: Translate) -> str:
    if fee.resolution is None:
        return ""
    values = {"number": fee.resolution.number, "date": f"{fee.resolution.date_:%d/%m/%Y}"}
    return _("Mức theo Nghị quyết %(number)s ngày %(date)s.", **values)


def _added(fee: Fee, lang: str, _: Translate) -> str:
    """Return the people whom the resolution of the city spares, in words."""
    people = "; ".join(option.label.of(lang) for option in fee.local_options)
    return _("Thành phố miễn thêm: %(people)s.", people=people) if people else ""


def _online_hints(fee: Fee, lang: str, _: Translate) -> list[str]:
    """Return the amount and the waivers of who files alone online, without an amount that a waiver names."""
    hints = [waiver.say.of(lang) for waiver in fees.waivers(fee, context().clock.today())]
    if fee.online is None:
        return hints
    amount = format_money(fee.online, lang)
    if any(amount in hint.replace(" ", NO_BREAK) for hint in hints):
        return hints
    if fee.online == 0:
        return [_("Tự nộp trên Cổng Dịch vụ công quốc gia hoặc VNeID: không mất tiền."), *hints]
    return [_("Tự nộp trên Cổng Dịch vụ công quốc gia hoặc VNeID: %(amount)s.", amount=amount), *hints]


def _paper_rows(
    procedure: Procedure, known: dict[str, str], sources: Mapping[str, str], *, lang: str, _: Translate
) -> list[PaperRow]:
    """Return the papers of a situation; a card that was scanned is last, because it need not be looked for."""
    today = context().clock.today()
    scans = {paper.id: checklist.card_scan(paper, sources) for paper in procedure.papers}
    tags = {"nop": _("Nộp"), "xuat_trinh": _("Đưa xem"), "ghi_to_khai": _("Ký tên")}
    return [
        PaperRow(
            id=paper.id,
            tag=tags[paper.kind],
            stays=paper.kind != "xuat_trinh",
            name=paper.name.of(lang),
            text=checklist.SCANNED[scans[paper.id]].of(lang) if scans[paper.id] else "",
            optional=paper.optional,
            is_scanned=scans[paper.id] == "all",
        )
        for paper in sorted(procedure.papers, key=lambda paper: scans[paper.id] == "all")
        if holds(paper.when, known, today)
    ]


def _officer_notice(procedure: Procedure, known: dict[str, str], lang: str, _: Translate) -> Notice | None:
    """Return the notice of a situation that another procedure or only an officer handles; None for a form here."""
    if procedure.online and procedure.code in context().config.procedures.online_only:
        return Notice("info", "", procedure.online.only.of(lang), go=(url_for("citizen.ticket"), _("Lấy số")))
    option = procedure.option_elsewhere(known)
    if option is None or option.say is None:
        return None
    other = _other_procedure(option)
    label = _("Sang thủ tục đó") if other else _("Lấy số")
    return Notice("info", "", option.say.of(lang), go=(_address_elsewhere(other, known), label))


def _other_procedure(option: AnswerOption) -> Procedure | None:
    """Return the procedure that an answer belongs to; None where an officer decides, or it is not in force."""
    return context().catalogue.in_force(option.procedure, context().clock.today()) if option.procedure else None


def _address_elsewhere(other: Procedure | None, known: dict[str, str]) -> str:
    """Return the address of the other procedure's papers, with the same situation chosen, or of the tickets."""
    if other is None:
        return url_for("citizen.ticket")
    return _need_url(other, chosen_situations(other, known))


def _need_url(procedure: Procedure, situations: Mapping[str, str], **values: Any) -> str:
    """Return the URL of the papers of a procedure in a situation."""
    return url_for("citizen.need", code=procedure.code, **{**situations, **values})


@citizen.post("/begin/<code>")
@allow("citizen")
def begin(code: str) -> Answer | str:
    """Start the form in the chosen situation."""
    procedure = _procedure_in_force(code)
    lang = visitor().lang
    _ = translator(lang)
    posted = request.form.to_dict()
    known = chosen_situations(procedure, posted)
    if notice := _officer_notice(procedure, known, lang=lang, _=_):
        return redirect(notice.go[0], 303)
    situations = [situation for situation in procedure.situations if situation.options]
    absent = [situation.key for situation in situations if situation.key not in known]
    if absent:
        errors = dict.fromkeys(absent, _("Chưa chọn. Mời chọn một ô."))
        return _need_page(procedure, posted, errors=errors, begun=begun_draft(procedure))
    if begun_draft(procedure):
        return _go_on(procedure, known)
    if page := ask_before_deletion(procedure, known):
        return page
    applying.begin(context(), visitor().id, procedure=procedure, answers=dict(known))
    return redirect(url_for("citizen.step", page=procedure.steps[0].id), 303)


def _go_on(procedure: Procedure, situations: dict[str, str]) -> Answer:
    """Go on with the form of this visit in another situation; answers that it still asks for stay."""

    def change(draft: Draft) -> Draft:
        for key, value in situations.items():
            draft.put(key, value)
        return draft

    draft = change_draft(visitor().draft_id or "", change)
    return redirect(first_unfinished_url(procedure, draft), 303)


@citizen.post("/need/<code>/print")
@allow("citizen")
def print_papers(code: str) -> Answer:
    """Print the papers of the chosen situation."""
    procedure = _procedure_in_force(code)
    known = chosen_situations(procedure, request.form.to_dict())
    copy = posted_copy()
    draft = begun_draft(procedure)
    job = printing.print_papers_to_bring(
        context(),
        visitor().id,
        procedure=procedure,
        situations=known,
        sources=draft.sources if draft else {},
        copy=copy,
    )
    return redirect(_need_url(procedure, known, job=job, copy=copy), 303)
