"""Rows of the page "Đối chiếu": a fact with the state of its documents, a procedure with its progress."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk import comparison
from kiosk.comparison import Compared, ProcedureComparison
from kiosk.procedures.documents import Document
from kiosk.records.comparisons import Comparison

SOON = timedelta(days=30)
SEEN_WORDS = {
    "official": "đọc ở văn bản gốc",
    "official-copy": "đọc ở bản chép văn bản gốc",
    "secondary": "thấy ở nguồn thứ cấp",
    "memory": "chưa ai thấy văn bản",
    "product": "của máy, không dựa vào văn bản",
}
RESULT_WORDS = {"same": "Đúng", "differs": "Khác"}


@dataclass(frozen=True)
class Mark:
    """An icon with words; `kind` is ok, warn, bad, or empty where nothing is known or due."""

    kind: str
    icon: str
    words: str


@dataclass(frozen=True)
class SourceLink:
    """A document that a fact rests on, with its public address."""

    name: str
    address: str


@dataclass(frozen=True)
class OpenQuestion:
    """Another ward's result that contradicts the own one, or a third ward's."""

    words: str
    note: str
    may_keep: bool


@dataclass(frozen=True)
class ComparedRow:
    """A fact on the page; `who` is empty while nobody compared it."""

    id: str
    kind: str
    digest: str
    label: str
    value: str
    detail: str
    condition: str
    sources: tuple[SourceLink, ...]
    article: str
    marks: tuple[Mark, ...]
    result: str
    is_own: bool
    note: str
    who: str
    is_changed: bool
    is_lapsed: bool
    rests_on_no_text: bool
    """Advice or a form of the product's own making: shown, and not counted."""
    question: OpenQuestion | None


@dataclass(frozen=True)
class ProcedureRow:
    """A procedure in the list: its name and where its comparison stands."""

    code: str
    name: str
    mark: Mark


def fact_row(state: ProcedureComparison, item: Compared, documents: Mapping[str, Document], today: date) -> ComparedRow:
    """Return the row of a fact."""
    fact = item.fact
    standing = item.standing
    known = [documents[name] for name in fact.sources if name in documents]
    return ComparedRow(
        id=fact.id,
        kind=fact.kind,
        digest=fact.digest,
        label=fact.label,
        value=fact.value,
        detail=fact.detail,
        condition=fact.condition,
        sources=tuple(SourceLink(document.short, document.address) for document in known),
        article=fact.article,
        marks=(*_document_marks(known, documents, today), _seen_mark(fact.seen)),
        result=item.result,
        is_own=item.own is not None,
        note=standing.note if standing else "",
        who=_who(state, standing) if standing else "",
        is_changed=item.is_changed,
        is_lapsed=item.is_lapsed,
        rests_on_no_text=comparison.rests_on_no_text(fact),
        question=_question(item),
    )


def _who(state: ProcedureComparison, standing: Comparison) -> str:
    who = state.name_of(standing)
    person = f"{standing.actor}, " if standing.ward else ""
    return f"{person}{who}, {comparison.shown_at(standing.at)}"


def _question(item: Compared) -> OpenQuestion | None:
    other = item.question
    if other is None:
        return None
    words = f"{other.ward_name} ghi {RESULT_WORDS[other.result]}, {comparison.shown_at(other.at)}"
    return OpenQuestion(words=words, note=other.note, may_keep=item.own is not None)


def _document_marks(known: list[Document], documents: Mapping[str, Document], today: date) -> tuple[Mark, ...]:
    """Return the state of the least good document of a fact; nothing without a document."""
    marks = [_document_mark(document, documents, today) for document in known]
    order = {"bad": 0, "warn": 1, "": 2, "ok": 3}
    return tuple(sorted(marks, key=lambda mark: order[mark.kind])[:1])


def _document_mark(document: Document, documents: Mapping[str, Document], today: date) -> Mark:
    if document.to and document.to < today:
        return Mark("bad", "warn", f"hết hiệu lực từ {document.to + timedelta(days=1):%d/%m/%Y}")
    if document.from_ and document.from_ > today:
        return Mark("warn", "clock", f"hiệu lực từ {document.from_:%d/%m/%Y}")
    if document.unsure_from and document.unsure_from <= today:
        return Mark("warn", "warn", "chưa rõ còn hiệu lực không")
    successor = documents.get(document.replaced_by)
    starts = (successor.from_ if successor else None) or (document.to + timedelta(days=1) if document.to else None)
    if starts and starts - today <= SOON:
        return Mark("warn", "refresh", f"sắp đổi từ {starts:%d/%m/%Y}")
    if not document.has_known_start:
        return Mark("", "info", "chưa biết hiệu lực từ ngày nào")
    return Mark("ok", "check", "còn hiệu lực")


def _seen_mark(seen: str) -> Mark:
    kind = "ok" if seen.startswith("official") else "warn"
    return Mark(kind, "eye", SEEN_WORDS.get(seen, SEEN_WORDS["memory"]))


def procedure_row(state: ProcedureComparison, documents: Mapping[str, Document], today: date) -> ProcedureRow:
    """Return the row of a procedure."""
    mark = _attention_mark(state, documents, today) or _progress_mark(state)
    return ProcedureRow(code=state.procedure.code, name=state.procedure.short.vi, mark=mark)


def _attention_mark(state: ProcedureComparison, documents: Mapping[str, Document], today: date) -> Mark | None:
    """Return what the lead must look at first; None where nothing is unusual."""
    ids = {name for item in state.listed for name in item.fact.sources}
    states = [_document_mark(documents[name], documents, today).kind for name in ids if name in documents]
    if "bad" in states:
        return Mark("bad", "warn", "văn bản hết hiệu lực")
    if state.differing:
        return Mark("warn", "warn", f"{len(state.differing)} ý khác")
    questions = sum(item.question is not None for item in state.facts)
    if questions:
        return Mark("warn", "info", f"{questions} ý phải chọn")
    if state.changed:
        return Mark("warn", "refresh", f"có bản mới, {len(state.changed)} ý")
    return None


def _progress_mark(state: ProcedureComparison) -> Mark:
    summary = state.summary()
    if summary:
        short_name = " ".join(summary.names[0].split()[-2:])
        return Mark("ok", "check", f"xong {summary.day:%d/%m}, {short_name}")
    if not state.listed:
        return Mark("", "info", "không dựa vào văn bản")
    if state.done:
        return Mark("", "pencil", f"{state.done} trên {len(state.listed)} ý")
    return Mark("", "clock", "chưa đối chiếu")


def first_open(state: ProcedureComparison) -> str:
    """Return the first fact that nobody compared; "end" when all were."""
    return next((item.fact.id for item in state.listed if not item.result), "end")
