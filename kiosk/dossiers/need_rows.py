"""What a procedure needs in a citizen's situation, in words: papers, times, fees.

The touchscreen's page before a form and the list for phones (`portal/need_list.py`) have the same rows, so a person
reads at home what the kiosk says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk import comparison
from kiosk.base.i18n import N_, Translate, translator
from kiosk.context import Context
from kiosk.dossiers import checklist
from kiosk.procedures import documents, fees
from kiosk.procedures.base import Words
from kiosk.procedures.conditions import holds, leaf_conditions
from kiosk.procedures.fees import AppliedFee
from kiosk.procedures.model import Fee, Procedure, Situation
from kiosk.vietnam.money import NO_BREAK, format_money

LAWS_SHOWN = 2
"""Documents of the law line on the page; a procedure may rest on fifteen."""
SPARED = {
    "on_file": N_("Cán bộ tra được thì không phải nộp"),
    "vneid": N_("Có VNeID thì không phải nộp"),
    "uncertified": N_("Không phải công chứng"),
    "kin_uncertified": N_("Người thân ruột thì không cần chứng thực"),
}
"""What spares a paper or its certification, at most 42 letters beside its name."""


@dataclass(frozen=True)
class PaperRow:
    """A paper to bring. tag: "Nộp", "Đưa xem" or "Ký tên"."""

    id: str
    tag: str
    stays: bool
    name: str
    text: str
    optional: bool
    spared: tuple[str, ...] = ()
    """What spares the paper or its certification, a sentence each."""
    is_scanned: bool = False
    """All its cards were scanned in this visit: nobody has to look for them."""


@dataclass(frozen=True)
class FactRow:
    """A row with an icon on the page before the form: time, fee, note."""

    icon: str
    lead: str
    text: str


@dataclass(frozen=True, kw_only=True)
class OtherWay:
    """What to do in a situation that this form does not handle; `procedure` handles it, None: an officer does."""

    say: Words
    procedure: Procedure | None = None


def asked_situations(procedure: Procedure) -> list[Situation]:
    """Return the situations that are asked before the form; others are derived from its answers."""
    return [situation for situation in procedure.situations if situation.options]


def chosen_situations(procedure: Procedure, posted: Mapping[str, Any]) -> dict[str, str]:
    """Return the posted situations that the procedure has."""
    known = {}
    for situation in procedure.situations:
        options = {option.id for option in situation.options}
        if posted.get(situation.key) in options:
            known[situation.key] = posted[situation.key]
    return known


def first_rows(context: Context, procedure: Procedure, lang: str) -> list[FactRow]:
    """Return what has to be known before anything is filled in: the online way where no counter may take it, notes."""
    notes = [FactRow("info", "", note.say.of(lang)) for note in procedure.notes if not note.when]
    if procedure.online is None:
        return notes
    is_sure = procedure.code in context.config.procedures.at_counter
    more = "" if is_sure else procedure.online.ask.of(lang)
    return [FactRow("info", procedure.online.say.of(lang), more), *notes]


def notes(context: Context, procedure: Procedure, known: Mapping[str, str], lang: str) -> list[str]:
    """Return the sentences of a situation."""
    today = context.clock.today()
    return [note.say.of(lang) for note in procedure.notes if note.when and holds(note.when, known, today)]


def paper_rows(
    context: Context, procedure: Procedure, known: Mapping[str, str], sources: Mapping[str, str], lang: str
) -> list[PaperRow]:
    """Return the papers of a situation; a card that was scanned is last, because it need not be looked for."""
    _ = translator(lang)
    today = context.clock.today()
    scans = {paper.id: checklist.card_scan(paper, sources) for paper in procedure.papers}
    tags = {"nop": _("Nộp"), "xuat_trinh": _("Đưa xem"), "ghi_to_khai": _("Ký tên")}
    return [
        PaperRow(
            id=paper.id,
            tag=tags[paper.kind],
            stays=paper.kind != "xuat_trinh",
            name=(paper.short or paper.name).of(lang),
            spared=tuple(_(SPARED[reason]) for reason in paper.spared),
            text=checklist.SCANNED[scans[paper.id]].of(lang) if scans[paper.id] else "",
            optional=paper.optional,
            is_scanned=scans[paper.id] == "all",
        )
        for paper in sorted(procedure.papers, key=lambda paper: scans[paper.id] == "all")
        if holds(paper.when, known, today)
    ]


def full_names(context: Context, procedure: Procedure, known: Mapping[str, str], lang: str) -> tuple[FactRow, ...]:
    """Return a row with the full names of papers that `paper_rows` calls by a short name; none where all are full."""
    _ = translator(lang)
    needed = checklist.papers_needed(procedure, known, context.clock.today())
    names = [paper.name.of(lang) for paper in needed if paper.short and paper.short.of(lang) != paper.name.of(lang)]
    return (FactRow("doc", _("Tên đầy đủ:"), "; ".join(names) + "."),) if names else ()


def fact_rows(context: Context, procedure: Procedure, known: Mapping[str, str], lang: str) -> tuple[FactRow, ...]:
    """Return the rows about times, fees and notes."""
    _ = translator(lang)
    rows = []
    today = context.clock.today()
    for duration in procedure.times:
        # The time of an answer that is not chosen here yet, or that the form asks for, is listed with the others.
        is_known = {condition.key for condition in leaf_conditions(duration.when)} <= known.keys()
        if is_known and not holds(duration.when, known, today):
            continue
        lead, _dot, rest = duration.text.of(lang).partition(". ")
        rows.append(FactRow("clock", lead + ("." if rest else ""), rest))
    asked = {situation.key for situation in asked_situations(procedure)}
    for fee in fees.in_force(procedure, today):
        # A fee of a situation that is asked here is shown for the chosen answer; others depend on the form.
        is_of_asked = all(condition.key in asked for condition in leaf_conditions(fee.when))
        if is_of_asked and not holds(fee.when, known, today):
            continue
        keys = {condition.key for rate in fee.rates for condition in leaf_conditions(rate.when)}
        shown = fees.applied(fee, known, today) if keys <= known.keys() else fee
        lead, text = fee_words(shown, lang, _)
        rows.append(FactRow("doc" if fee.per or fee.days else "money", lead, text))
        exempt = exemption_words(shown, lang, _)
        rows += [FactRow("info", "", exempt)] if exempt else []
        rows += [FactRow("info", "", hint) for hint in _online_hints(context, shown, lang, _)]
    return tuple(rows)


def other_way(context: Context, procedure: Procedure, known: Mapping[str, str]) -> OtherWay | None:
    """Return the way of a situation that another procedure, an officer or only the online form handles."""
    if procedure.online and procedure.code in context.config.procedures.online_only:
        return OtherWay(say=procedure.online.only)
    option = procedure.option_elsewhere(known)
    if option is None or option.say is None:
        return None
    other = context.catalogue.in_force(option.procedure, context.clock.today()) if option.procedure else None
    return OtherWay(say=option.say, procedure=other)


def law_words(context: Context, procedure: Procedure) -> str:
    """Return the documents that the procedure rests on, without those that are over."""
    names = documents.names_in_force(context.catalogue.documents, procedure.law, context.clock.today())
    return ", ".join(names[:LAWS_SHOWN])


def compared_words(context: Context, procedure: Procedure, lang: str, *, names_people: bool = True) -> str:
    """Return whether the ward has compared every fact of the procedure with official texts, and who did.

    Args:
        context: the context.
        procedure: the procedure.
        lang: language of the words.
        names_people: also say who; on the ward's own screen, never on a public page.
    """
    _ = translator(lang)
    state = comparison.load(context, procedure)
    summary = state.summary()
    if summary and not names_people:
        return _("Đã đối chiếu ngày %(date)s.", date=f"{summary.day:%d/%m/%Y}")
    if summary:
        return _("Đã đối chiếu ngày %(date)s (%(who)s).", date=f"{summary.day:%d/%m/%Y}", who=summary.who)
    return _grade_words({item.fact.seen for item in state.listed}, _)


def _grade_words(grades: set[str], _: Translate) -> str:
    """Return where facts that nobody here compared are from; empty where none rests on a text."""
    if not grades:
        return ""
    if "memory" in grades:
        return _("Phường chưa đối chiếu, mời hỏi cán bộ.")
    if grades == {"official"}:
        return _("Theo văn bản gốc, phường chưa đối chiếu.")
    if grades <= {"official", "official-copy"}:
        return _("Theo bản chép văn bản gốc, phường chưa đối chiếu.")
    return _("Theo nguồn thứ cấp, phường chưa đối chiếu.")


def fee_words(fee: Fee, lang: str, _: Translate) -> tuple[str, str]:
    """Return the bold and the plain part of a fee's row."""
    name = fee.name.of(lang)
    reason = f"{fee.reason.of(lang)}." if isinstance(fee, AppliedFee) and fee.reason else ""
    if fee.rates:
        return f"{name}:", f"{_rates(fee, lang, _)} {reason}".rstrip()
    if fee.amount is None:
        council = _("theo mức Hội đồng nhân dân thành phố quy định; cán bộ báo số tiền.")
        stated = _("cán bộ báo số tiền.") if fees.is_unread(fee) else council
        return f"{name}:", f"{stated} {reason}".rstrip()
    if fee.amount == 0:
        return f"{name}:", " ".join(filter(None, (_("không mất tiền.").replace(" ", NO_BREAK), reason)))
    each = _each(fee, lang, _)
    lead = f"{name}: {format_money(fee.amount, lang)}"
    return lead if each else f"{lead}.", " ".join(filter(None, (each, reason)))


def exemption_words(fee: Fee, lang: str, _: Translate) -> str:
    """Return who is exempt from a fee and which resolution sets it; empty where neither is known."""
    exempt = fee.exempt.of(lang) if fee.exempt else ""
    return " ".join(filter(None, (_resolution(fee, _), exempt, _added(fee, lang, _))))


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


def _online_hints(context: Context, fee: Fee, lang: str, _: Translate) -> list[str]:
    """Return the amount and the waivers of who files alone online, without an amount that a waiver names."""
    hints = [waiver.say.of(lang) for waiver in fees.waivers(fee, context.clock.today())]
    if fee.online is None:
        return hints
    amount = format_money(fee.online, lang)
    if any(amount in hint.replace(" ", NO_BREAK) for hint in hints):
        return hints
    if fee.online == 0:
        return [_("Tự nộp trên Cổng Dịch vụ công quốc gia hoặc VNeID: không mất tiền."), *hints]
    return [_("Tự nộp trên Cổng Dịch vụ công quốc gia hoặc VNeID: %(amount)s.", amount=amount), *hints]
