"""Finding a procedure, and what stands before the form: papers, time, fee, in the citizen's situation."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying
from kiosk.errors import NotFound
from kiosk.i18n import Translate, translator
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.forms.view_models import FactRow, Notice, Option, PaperRow, ProcedureTile, Question
from kiosk.procedures import fees, search
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Fee, Procedure, Situation

ALL_EVENTS = "all"
MAX_QUERY_LENGTH = 80
MAX_TILES = 4
"""Names that stand above the keyboard (look.md)."""


@citizen.get("/choose")
@allow("citizen")
def choose() -> str:
    """Find a procedure by what happened in life, or by its name."""
    event = request.args.get("event", "")
    query = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    lang = visitor().lang
    procedures = _procedures_in_force()
    events = tuple(Option(one.id, one.name.of(lang), one.line.of(lang)) for one in search.life_events(procedures))
    tiles, status = _search_tiles(query) if "q" in request.args else _event_tiles(event)
    return render("citizen/choose.html", events=events, event=event, query=query, tiles=tiles, status=status)


@citizen.get("/choose/results")
@allow("citizen")
def results() -> str:
    """Return what a search finds while it is typed."""
    query = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    tiles, status = _search_tiles(query)
    return render("citizen/choose_rows.html", query=query, tiles=tiles, status=status)


def _procedures_in_force() -> list[Procedure]:
    here = context()
    return here.catalogue.all(here.clock.today())


def _search_tiles(query: str) -> tuple[tuple[ProcedureTile, ...], str]:
    """Return what a search finds, best first: no more than stand above the keyboard."""
    lang = visitor().lang
    _ = translator(lang)
    if not query.strip():
        return (), _("Gõ tên việc, ví dụ: khai sinh, nhap khau, tien gia")
    found = search.find(_procedures_in_force(), query, lang)
    tiles = tuple(
        _tile(one.procedure, one.before, match=one.match, after=one.after, lang=lang) for one in found[:MAX_TILES]
    )
    if tiles:
        return tiles, _("Có %(n)s thủ tục hợp với “%(query)s”", n=len(found), query=query)
    return (), _("Chưa tìm thấy “%(query)s”. Mời gõ cách khác, gọi cán bộ hoặc lấy số.", query=query)


def _event_tiles(event: str) -> tuple[tuple[ProcedureTile, ...], str]:
    """Return the procedures of a life event, or all of them, in the order of the events."""
    lang = visitor().lang
    order = search.life_event_ids()
    _ = translator(lang)
    listed = sorted(
        (one for one in _procedures_in_force() if event in {"", ALL_EVENTS, one.event}), key=lambda one: order.index(one.event)
    )
    tiles = tuple(_tile(one, one.plain.of(lang), match="", after="", lang=lang) for one in listed)
    return tiles, _("Có %(n)s thủ tục khai được ở máy này", n=len(tiles))


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
    """Say what is needed in this situation, how long it takes and what it costs."""
    return _need_page(_procedure_in_force(code), request.args.to_dict(), {})


def _procedure_in_force(code: str) -> Procedure:
    here = context()
    found = here.catalogue.in_force(code, here.clock.today())
    if found is None:
        raise NotFound
    return found


def _need_page(procedure: Procedure, chosen: dict[str, str], errors: dict[str, str]) -> str:
    lang = visitor().lang
    _ = translator(lang)
    known = chosen_situations(procedure, chosen)
    today = context().clock.today()
    due = [one for one in procedure.notes if one.when and holds(one.when, known, today)]
    return render(
        "citizen/need.html",
        title=procedure.short.of(lang),
        opening=procedure.opening.of(lang) if procedure.opening else "",
        procedure_code=procedure.code,
        rows=_fact_rows(procedure, lang, _),
        situations=tuple(
            _situation_question(one, known, lang=lang, errors=errors) for one in procedure.situations if one.options
        ),
        papers=tuple(_paper_rows(procedure, known, lang=lang, _=_)),
        law=procedure.law,
        checked_on=f"{procedure.checked_on:%d/%m/%Y}",
        notices=[Notice("info", "", one.say.of(lang)) for one in due],
        post=url_for("citizen.begin", code=procedure.code),
        say=_officer_notice(procedure, known, lang=lang, _=_),
    )


def chosen_situations(procedure: Procedure, chosen: dict[str, str]) -> dict[str, str]:
    """Return the situations that were chosen, as far as the procedure knows them."""
    return {
        one.key: chosen[one.key]
        for one in procedure.situations
        if one.options and chosen.get(one.key) in {option.id for option in one.options}
    }


def _situation_question(one: Situation, known: dict[str, str], lang: str, errors: dict[str, str]) -> Question:
    held = known.get(one.key)
    options = tuple(
        Option(
            id=option.id,
            label=option.label.of(lang),
            hint=option.hint.of(lang) if option.hint else "",
            chosen=held == option.id,
        )
        for option in one.options
    )
    ask = one.ask.of(lang) if one.ask else ""
    return Question(part="choice", key=one.key, label=ask, options=options, error=errors.get(one.key, ""))


def _fact_rows(procedure: Procedure, lang: str, _: Translate) -> tuple[FactRow, ...]:
    rows = []
    for one in procedure.times:
        lead, _dot, rest = one.text.of(lang).partition(". ")
        rows.append(FactRow("clock", lead + ("." if rest else ""), rest))
    due = fees.in_force(procedure, context().clock.today())
    rows += [FactRow("money" if not fee.per else "doc", *_fee_words(fee, lang, _)) for fee in due]
    rows += [FactRow("info", "", one.say.of(lang)) for one in procedure.notes if not one.when]
    return tuple(rows)


def _fee_words(fee: Fee, lang: str, _: Translate) -> tuple[str, str]:
    name = fee.name.of(lang)
    exempt = fee.exempt.of(lang) if fee.exempt else ""
    if fee.amount is None:
        return f"{name}:", " ".join(filter(None, (_("có thể thu theo mức của thành phố."), exempt)))
    if fee.amount == 0:
        return f"{name}:", " ".join(filter(None, (_("không mất tiền.").replace(" ", "\u00a0"), exempt)))
    each = fee.each.of(lang) if fee.each else _("một bản, nếu cần.") if fee.per else ""
    lead = f"{name}: {format_money(fee.amount, lang)}"
    return lead if each else f"{lead}.", " ".join(filter(None, (each, exempt)))


def format_money(amount: int, lang: str) -> str:
    """Return 8.000 đồng, or 8,000 dong, which no line breaks."""
    words = f"{amount:,} dong" if lang == "en" else f"{amount:,}".replace(",", ".") + " đồng"
    return words.replace(" ", "\u00a0")


def _paper_rows(procedure: Procedure, known: dict[str, str], lang: str, _: Translate) -> list[PaperRow]:
    today = context().clock.today()
    tags = {"nop": _("Nộp"), "xuat_trinh": _("Cho xem"), "ghi_to_khai": _("Ký tên")}
    return [
        PaperRow(
            id=one.id,
            tag=tags[one.kind],
            stays=one.kind != "xuat_trinh",
            name=one.name.of(lang),
            text="",
            optional=one.optional,
        )
        for one in procedure.papers
        if holds(one.when, known, today)
    ]


def _officer_notice(procedure: Procedure, known: dict[str, str], lang: str, _: Translate) -> Notice | None:
    for one in procedure.situations:
        for option in one.options:
            if option.officer and option.say and known.get(one.key) == option.id:
                return Notice("info", "", option.say.of(lang), go=(url_for("citizen.ticket"), _("Lấy số")))
    return None


@citizen.post("/begin/<code>")
@allow("citizen")
def begin(code: str) -> Answer | str:
    """Open the form in the situation that was chosen."""
    procedure = _procedure_in_force(code)
    lang = visitor().lang
    _ = translator(lang)
    known = chosen_situations(procedure, request.form.to_dict())
    if _officer_notice(procedure, known, lang=lang, _=_):
        return redirect(url_for("citizen.ticket"), 303)
    absent = [one.key for one in procedure.situations if one.options and one.key not in known]
    if absent:
        return _need_page(procedure, request.form.to_dict(), dict.fromkeys(absent, _("Chưa chọn. Mời chọn một ô.")))
    applying.begin(context(), visitor().id, procedure=procedure, answers=dict(known), lacking=[])
    return redirect(url_for("citizen.step", page=procedure.steps[0].id), 303)
