"""Search for a procedure, and the page before the form: papers, time, fee in the citizen's situation."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying, printing
from kiosk.base.errors import NotFound
from kiosk.base.i18n import Translate, translator
from kiosk.dossiers import need_rows
from kiosk.dossiers.need_rows import asked_situations, chosen_situations, other_way
from kiosk.dossiers.procedure_order import sort_events, sort_procedures
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.list_print import list_print, posted_copy
from kiosk.pages.citizen.open_form import change_draft, first_unfinished_url
from kiosk.pages.citizen.other_form import ask_before_deletion
from kiosk.pages.forms.view_models import EventTile, Notice, Option, ProcedureTile, Question
from kiosk.procedures import elsewhere, search
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Procedure, Situation

ALL_EVENTS = "all"
MAX_QUERY_LENGTH = 80
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
    """Return the best search results and a status text; for a matter that is not on the kiosk only where to ask."""
    lang = visitor().lang
    _ = translator(lang)
    if not query.strip():
        return (), _("Gõ tên việc, không cần dấu. Ví dụ: khai sinh, tam tru, tien gia")
    procedures = _procedures_in_force()
    matter = elsewhere.matter_of(query, procedures)
    if matter is not None:
        return (), matter.say.of(lang)
    matches = search.find(procedures, query, lang, context().catalogue.events)
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
    situations = asked_situations(procedure)
    questions = tuple(_situation_question(situation, known, lang=lang, errors=errors or {}) for situation in situations)
    return render(
        "citizen/need.html",
        title=procedure.short.of(lang),
        opening=procedure.opening.of(lang) if procedure.opening else "",
        procedure_code=procedure.code,
        first=need_rows.first_rows(context(), procedure, lang),
        rows=(
            *need_rows.fact_rows(context(), procedure, known, lang),
            *need_rows.full_names(context(), procedure, known, lang),
        ),
        situations=questions,
        asks=is_changing or len(known) < len(situations),
        change=_need_url(procedure, known, change=1),
        is_begun=begun is not None,
        known=known,
        list_print=list_print(),
        papers=need_rows.paper_rows(context(), procedure, known, begun.sources if begun else {}, lang=lang),
        law=need_rows.law_words(context(), procedure),
        compared=need_rows.compared_words(context(), procedure, lang),
        notices=[Notice("info", "", note) for note in need_rows.notes(context(), procedure, known, lang)],
        post=url_for("citizen.begin", code=procedure.code),
        say=_officer_notice(procedure, known, lang=lang, _=_),
    )


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


def _officer_notice(procedure: Procedure, known: dict[str, str], lang: str, _: Translate) -> Notice | None:
    """Return the notice of a situation that another procedure or only an officer handles; None for a form here."""
    way = other_way(context(), procedure, known)
    if way is None:
        return None
    label = _("Sang thủ tục đó") if way.procedure else _("Lấy số")
    return Notice("info", "", way.say.of(lang), go=(_address_elsewhere(way.procedure, known), label))


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
    situations = asked_situations(procedure)
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
