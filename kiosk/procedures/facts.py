"""Facts of a procedure with their origins: fees, times, papers, notes, checks, declaration, and options with sources.

A fact is known by its place, in the words of the file: `fee[ban_sao]`, `time[1]`, `declaration.line[4]`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

from kiosk.procedures.base import Fact, Seen
from kiosk.procedures.documents import Document, Documents, unknown_id
from kiosk.procedures.file_errors import FileError, one_of
from kiosk.procedures.model import (
    AnswerOption,
    Check,
    Declaration,
    DeclarationLine,
    EnclosedForm,
    Fee,
    Field,
    PaperToBring,
    Procedure,
    ProcedureNote,
    ProcessingTime,
    Waiver,
)
from kiosk.procedures.printed_forms import placed_forms

READ = frozenset({"official", "official-copy", "secondary"})
"""Values of `seen` that say that a text was read; such a fact names its documents."""


STATED = (ProcessingTime, Fee, Waiver, PaperToBring, ProcedureNote, Check, Declaration)
"""Facts that must say how they were read; an option only where it says where to file."""


@dataclass(frozen=True)
class StatedFact:
    """One fact of a procedure: where it stands in the file, its words, its origin."""

    place: str
    words: str
    """Vietnamese, for the lists of technician and lead: "phí “Bản sao trích lục”"."""
    fact: Fact

    @property
    def seen(self) -> str:
        """How the fact was read; silence is memory."""
        return self.fact.seen or "memory"

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of its documents."""
        return self.fact.sources

    @property
    def article(self) -> str:
        """Place in the documents."""
        return self.fact.article


def facts_of(procedure: Procedure) -> list[StatedFact]:
    """Return every fact of a procedure, in the order of the file's tables; a line inherits from its declaration."""
    forms = dict(placed_forms(procedure))
    return [
        replace(stated, fact=_inherited(stated.fact, forms[stated.place.rpartition(".line[")[0]]))
        if isinstance(stated.fact, DeclarationLine)
        else stated
        for stated in own_facts_of(procedure)
    ]


def own_facts_of(procedure: Procedure) -> list[StatedFact]:
    """Return every fact of a procedure as its file states it."""
    stated = [
        StatedFact(f"time[{at}]", f"thời hạn “{time.text.vi}”", time) for at, time in enumerate(procedure.times, 1)
    ]
    for fee in procedure.fees:
        stated += _facts_of_fee(fee)
    stated += [StatedFact(f"paper[{paper.id}]", f"giấy “{paper.name.vi}”", paper) for paper in procedure.papers]
    stated += [
        StatedFact(f"note[{at}]", f"lời dặn “{note.say.vi}”", note) for at, note in enumerate(procedure.notes, 1)
    ]
    stated += [StatedFact(f"check[{check.id}]", f"điều kiểm “{check.say.vi}”", check) for check in procedure.checks]
    stated += _facts_of_situations(procedure)
    for field in procedure.fields:
        stated += _facts_of_field(field, f"field[{field.key}]")
    for place, form in placed_forms(procedure):
        stated += _facts_of_form(form, place)
    return stated


def _facts_of_fee(fee: Fee) -> list[StatedFact]:
    """Return a fee, its waivers in other channels, and its exemptions that name an origin."""
    place = f"fee[{fee.id}]"
    waivers = [
        StatedFact(f"{place}.waiver[{number}]", f"miễn “{waiver.say.vi}”", waiver)
        for number, waiver in enumerate(fee.waivers, 1)
    ]
    return [StatedFact(place, f"phí “{fee.name.vi}”", fee), *waivers, *_facts_of_options(fee.options, place)]


def _facts_of_situations(procedure: Procedure) -> list[StatedFact]:
    """Return the situations and their options that name an origin."""
    stated: list[StatedFact] = []
    for situation in procedure.situations:
        place = f"situation[{situation.key}]"
        if situation.sources or situation.seen:
            words = situation.ask.vi if situation.ask else situation.key
            stated.append(StatedFact(place, f"câu hỏi “{words}”", situation))
        stated += _facts_of_options(situation.options, place)
    return stated


def _facts_of_options(options: Iterable[AnswerOption], place: str) -> list[StatedFact]:
    return [
        StatedFact(f"{place}.options[{option.id}]", f"lựa chọn “{option.label.vi}”", option)
        for option in options
        if option.sources or option.seen
    ]


def _facts_of_field(field: Field, place: str) -> list[StatedFact]:
    stated = _facts_of_options(field.options, place)
    for part in field.fields:
        stated += _facts_of_field(part, f"{place}.field[{part.key}]")
    return stated


def _facts_of_form(form: Declaration, place: str) -> list[StatedFact]:
    """Return a printed form and its lines."""
    kind = "mẫu giấy kèm" if isinstance(form, EnclosedForm) else "mẫu tờ khai"
    stated = [StatedFact(place, f"{kind} “{form.title}”", form)]
    for number, line in enumerate(form.lines, 1):
        words = line.text or " | ".join(line.cells) or line.table
        stated.append(StatedFact(f"{place}.line[{number}]", f"dòng “{words}”", line))
    return stated


def _inherited(line: DeclarationLine, declaration: Declaration) -> DeclarationLine:
    return replace(
        line,
        sources=line.sources or declaration.sources,
        article=line.article or declaration.article,
        seen=line.seen or declaration.seen,
    )


def documents_in_use(procedure: Procedure, documents: Documents, day: date) -> dict[str, Document]:
    """Return the documents, by id, that a procedure rests on: those of its law line and of its facts of a day."""
    ids = list(procedure.law)
    for stated in own_facts_of(procedure):  # what a line inherits is its declaration's
        if not _is_past(stated.fact, day):
            ids += stated.sources
    return {name: documents[name] for name in ids if name in documents}


def _is_past(fact: Fact, day: date) -> bool:
    """Return whether the last day of a fee or a waiver is over."""
    return isinstance(fact, Fee | Waiver) and fact.to is not None and fact.to < day


def origin_errors(procedure: Procedure, documents: Documents) -> Iterator[FileError]:
    """Yield an error for each document that the register lacks, and each origin that contradicts itself."""
    for name in procedure.law:
        if name not in documents:
            yield FileError("law", unknown_id(name, documents))
    for stated in own_facts_of(procedure):
        for name in stated.sources:
            if name not in documents:
                yield FileError(f"{stated.place}.sources", unknown_id(name, documents))
        yield from _seen_errors(stated)


def _seen_errors(stated: StatedFact) -> Iterator[FileError]:
    """Yield an error for a fact that does not say how it was read, or contradicts its sources."""
    seen = stated.fact.seen
    if seen is None and isinstance(stated.fact, STATED):
        yield FileError(stated.place, f"thiếu 'seen': {one_of(get_args(Seen))}; xem mục Nguồn của từng điều")
    if seen in READ and not stated.sources and not isinstance(stated.fact, DeclarationLine):
        yield FileError(stated.place, f'seen = "{seen}" thì phải có sources: đã đọc ở văn bản nào')
    if seen == "product" and stated.sources:
        yield FileError(f"{stated.place}.sources", 'seen = "product" là lời của máy, không dựa vào văn bản nào')
