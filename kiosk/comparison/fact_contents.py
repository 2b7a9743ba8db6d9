"""Facts of a procedure that a ward compares with official texts: each with its value in words, source and digest.

A digest covers what a reader in Vietnamese relies on: words, amounts, days, conditions, source, and whether anybody
has read that source. English, examples and layout are left out, and so is every key at its default: a new optional key
clears no comparison. Of the grades only `memory` is covered: a source that is read again clears none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Literal, get_args

from kiosk.comparison import condition_words
from kiosk.procedures import fees
from kiosk.procedures.base import Seen, When, Words
from kiosk.procedures.model import AnswerOption, Declaration, DeclarationLine, EnclosedForm, Fee, Procedure
from kiosk.procedures.printed_forms import placed_forms
from kiosk.vietnam.money import money
from sync.encoding import canonical_json, sha256_hex

FactKind = Literal["time", "fee", "paper", "place", "check", "note", "form", "line"]
FORM = "form"
"""Id of the declaration as a whole; its lines are facts of their own."""
LEFT_OUT = frozenset({"seen", "passes", "fails", "at", "indent", "bold", "cards", "short", "spared"})
"""Names of keys that are no part of a fact's content."""
PAPER_LABELS = {"nop": "Giấy phải nộp", "xuat_trinh": "Giấy đưa xem", "ghi_to_khai": "Giấy ký vào tờ khai"}
MEMORY = "memory"
"""`seen` of a fact that nobody has read in writing; silence is memory."""
PRODUCT = "product"
"""`seen` of a sentence that is the product's own advice and rests on no document."""


@dataclass(frozen=True)
class FactContent:
    """One thing to compare: `value` is the thing, `detail` what belongs to it, `condition` when it applies.

    `id` names the fact in its version of the procedure; only `digest` says whether it is still the same.
    """

    id: str
    kind: FactKind
    label: str
    value: str
    digest: str
    detail: str = ""
    condition: str = ""
    sources: tuple[str, ...] = ()
    article: str = ""
    seen: str = "memory"


def contents_of(procedure: Procedure, today: date) -> tuple[FactContent, ...]:
    """Return the facts of a procedure on a day: time, fees, papers, places, checks, notes, form.

    A fee that is over is left out; one to come is there, to be compared before its day.
    """
    listed_fees = list(_fees(procedure, today)) or [_nothing("fee", "Lệ phí", "Máy không ghi khoản phí nào")]
    papers = list(_papers(procedure)) or [_nothing("paper", "Giấy tờ", "Không phải mang giấy nào")]
    facts = [*_times(procedure), *listed_fees, *papers, *_places(procedure)]
    facts += [*_told_once(_checks(procedure)), *_notes(procedure)]
    if procedure.declaration:
        facts += _forms(procedure, procedure.declaration)
    return tuple(facts)


def _nothing(kind: FactKind, label: str, value: str) -> FactContent:
    """Return the fact that a procedure has no fee, or no paper: an official list may have one."""
    return FactContent(id=f"{kind}-none", kind=kind, label=label, value=value, digest=digest(kind, {}))


def _times(procedure: Procedure) -> Iterator[FactContent]:
    for number, item in enumerate(procedure.times, 1):
        days = "trong ngày" if item.days == 0 else f"{item.days} ngày làm việc"
        when = _words(procedure, item.when)
        detail = f"Máy tính hẹn: {days}"
        yield _fact(f"time-{number}", "time", "Thời hạn", item.text.vi, item=item, detail=detail, condition=when)


def _fees(procedure: Procedure, today: date) -> Iterator[FactContent]:
    coming = [fee for fee in procedure.fees if fee.from_ and fee.from_ > today]
    for fee in (*fees.in_force(procedure, today), *coming):
        exempt = fee.exempt.vi if fee.exempt else ""
        rates = _rates(procedure, fee)
        more = _more_of(fee, today)
        detail = ". ".join(part.rstrip(".") for part in (_days_of(fee), *rates, *more, exempt) if part)
        label = f"Lệ phí: {fee.name.vi}"
        when = _words(procedure, fee.when)
        yield _fact(f"fee-{fee.id}", "fee", label, _amount(fee), item=fee, detail=detail, condition=when)


def _amount(fee: Fee) -> str:
    if fee.rates:
        other = "cán bộ báo" if fee.amount is None else money(fee.amount)
        rates = "; ".join(f"{rate.label.vi}: {money(rate.amount)}" for rate in fee.rates)
        return f"{rates}; trường hợp khác: {other}"
    if fee.amount is None:
        return "Máy không ghi số tiền, cán bộ báo"
    if fee.amount == 0:
        return "Không thu"
    if fee.each:
        return f"{money(fee.amount)}, {fee.each.vi.rstrip('.')}"
    unit = (fee.unit.vi if fee.unit else "bản") if fee.per else ""
    return f"{money(fee.amount)} một {unit}" if unit else money(fee.amount)


def _rates(procedure: Procedure, fee: Fee) -> Iterator[str]:
    """Yield when each rate holds, and what the fee is multiplied by."""
    yield from (f"{rate.label.vi}: khi {_words(procedure, rate.when)}" for rate in fee.rates)
    if fee.days:
        yield "Tính theo số ngày, kể cả ngày đầu và ngày cuối"


def _more_of(fee: Fee, today: date) -> Iterator[str]:
    """Yield the resolution of the amount, the amount online, and the waivers of other channels that are not over."""
    if fee.resolution:
        yield f"Theo nghị quyết {fee.resolution.number} ngày {fee.resolution.date_:%d/%m/%Y}"
    if fee.online is not None:
        yield f"Tự nộp trên mạng: {money(fee.online)}"
    yield from (waiver.say.vi for waiver in fee.waivers if not waiver.to or waiver.to >= today)


def _days_of(fee: Fee) -> str:
    first = f"từ {fee.from_:%d/%m/%Y}" if fee.from_ else ""
    last = f"đến {fee.to:%d/%m/%Y}" if fee.to else ""
    days = " ".join(filter(None, (first, last)))
    return days[:1].upper() + days[1:]


def _papers(procedure: Procedure) -> Iterator[FactContent]:
    for paper in procedure.papers:
        detail = f"{paper.bring.vi} (có thì mang)" if paper.optional else paper.bring.vi
        label = PAPER_LABELS[paper.kind]
        when = _words(procedure, paper.when)
        yield _fact(f"paper-{paper.id}", "paper", label, paper.name.vi, item=paper, detail=detail, condition=when)


def _places(procedure: Procedure) -> Iterator[FactContent]:
    """Yield the options that say where to file or who may not: of situations, and of fields that stop here."""
    for situation in procedure.situations:
        question = situation.ask.vi if situation.ask else situation.key
        for option in situation.options:
            if option.sources or (option.say and option.seen != PRODUCT):
                yield _place(situation.key, question, option)
    for item in procedure.fields:
        for option in item.options:
            if option.sources and option.say:
                yield _place(item.key, item.label.vi, option)


def _place(key: str, question: str, option: AnswerOption) -> FactContent:
    value = (option.say or option.hint or option.label).vi
    answer = f"Khi trả lời “{question.rstrip('?')}: {option.label.vi}”"
    return _fact(f"place-{key}-{option.id}", "place", "Nơi làm, ai làm được", value, item=option, detail=answer)


def _checks(procedure: Procedure) -> Iterator[FactContent]:
    for check in procedure.checks:
        if check.sources:
            label = "Điều kiện, máy không cho nộp" if check.level == "error" else "Điều kiện, máy nhắc"
            when = _words(procedure, check.when)
            yield _fact(f"check-{check.id}", "check", label, check.say.vi, item=check, condition=when)


def _told_once(facts: Iterable[FactContent]) -> Iterator[FactContent]:
    """Yield each sentence once, also where two pages of the form check the same thing."""
    told: dict[tuple[str, str], FactContent] = {}
    for fact in facts:
        told.setdefault((fact.value, fact.condition), fact)
    yield from told.values()


def _notes(procedure: Procedure) -> Iterator[FactContent]:
    for number, note in enumerate(procedure.notes, 1):
        if note.seen != PRODUCT:
            when = _words(procedure, note.when)
            yield _fact(f"note-{number}", "note", "Lời dặn", note.say.vi, item=note, condition=when)


def _forms(procedure: Procedure, declaration: Declaration) -> Iterator[FactContent]:
    """Yield one fact of the declaration with its enclosed forms, which one picture shows, and one of each line."""
    details = [_about_form(procedure, form) for _place, form in placed_forms(procedure)]
    seen = _least_sure([form.seen or MEMORY for _place, form in placed_forms(procedure)])
    content = _content(declaration) | _unread(seen)
    if procedure.enclosed:
        content["enclosed"] = [_plain(form) for form in procedure.enclosed]
    yield FactContent(
        id=FORM,
        kind="form",
        label="Mẫu tờ khai",
        value=declaration.title,
        digest=digest("form", content),
        detail=" Kèm theo: ".join(details),
        sources=tuple(dict.fromkeys(source for _place, form in placed_forms(procedure) for source in form.sources)),
        article=declaration.article,
        seen=seen,
    )
    lines = ((form, number, line) for _, form in placed_forms(procedure) for number, line in enumerate(form.lines, 1))
    for at, (form, number, line) in enumerate(lines, 1):
        yield _line(procedure, form, line, at=at, number=number)


def _about_form(procedure: Procedure, form: Declaration) -> str:
    head = ", ".join(filter(None, (form.form_code, form.issued_by)))
    counts = f"{len(form.lines)} dòng, {len(form.footnotes)} chú thích, {len(form.signatures)} chỗ ký"
    if not isinstance(form, EnclosedForm):
        return f"{head}. {counts}"
    condition = _words(procedure, form.when)
    return f"{form.title}, {head}. {counts}" + (f". Khi {condition}" if condition else "")


def _least_sure(seen: Sequence[str]) -> str:
    """Return the least sure grade of some forms; a form of the product's own making says nothing about the others."""
    official = [grade for grade in seen if grade != PRODUCT]
    return max(official, key=get_args(Seen).index) if official else PRODUCT


def _line(procedure: Procedure, form: Declaration, line: DeclarationLine, *, at: int, number: int) -> FactContent:
    """Return the fact of a line: `at` is its number among all lines, `number` that on its form."""
    sources = line.sources or form.sources
    article = line.article or form.article
    seen = line.seen or form.seen or MEMORY
    return FactContent(
        id=f"line-{at}",
        kind="line",
        label=f"Dòng {number}, {form.title}" if isinstance(form, EnclosedForm) else f"Dòng {number}",
        value=line_words(line),
        digest=digest("line", _content(line) | {"sources": list(sources), "article": article} | _unread(seen)),
        condition=_words(procedure, line.when),
        sources=sources,
        article=article,
        seen=seen,
    )


def line_words(line: DeclarationLine) -> str:
    """Return the words of a line with dots for its answers."""
    text = " | ".join(line.cells) or line.text
    return condition_words.dotted(text)


def _fact(fact_id: str, kind: FactKind, label: str, value: str, *, item: Any, **more: str) -> FactContent:
    return FactContent(
        id=fact_id,
        kind=kind,
        label=label,
        value=value,
        digest=digest(kind, _content(item) | _unread(item.seen or MEMORY)),
        sources=item.sources,
        article=item.article,
        seen=item.seen or MEMORY,
        **more,
    )


def _words(procedure: Procedure, when: When) -> str:
    return condition_words.in_words(procedure, when)


def _unread(seen: str) -> dict[str, str]:
    """Return the grade as content where nobody has read the source: a comparison of what was read does not cover it."""
    return {"seen": MEMORY} if seen == MEMORY else {}


def digest(kind: str, content: Mapping[str, Any]) -> str:
    """Return the digest of a fact's content; equal content has one digest in every version and ward."""
    return sha256_hex(canonical_json([kind, {name: content[name] for name in sorted(content)}]))


def _content(item: Any) -> dict[str, Any]:
    """Return the keys of a record that are not at their default, Vietnamese only."""
    content = {}
    for known in fields(item):
        value = getattr(item, known.name)
        if known.name not in LEFT_OUT and value != known.default and value not in ((), {}):
            content[known.name] = _plain(value)
    return content


def _plain(value: Any) -> Any:
    if isinstance(value, Words):
        return value.vi
    if is_dataclass(value):
        return dict(sorted(_content(value).items()))
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
