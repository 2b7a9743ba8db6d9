"""The check of the documents that procedures rest on: repealed ones, those about to be replaced, those in doubt."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.procedures.documents import Document, Documents, end_of
from kiosk.procedures.facts import documents_in_use

NAME = "Văn bản pháp luật"
AHEAD = timedelta(days=30)
"""A successor that starts within this time is reported."""


@dataclass(frozen=True)
class DocumentInUse:
    """A document that procedures of today rest on, and their codes."""

    id: str
    document: Document
    codes: tuple[str, ...]


def check(context: Context) -> CheckResult:
    """Report procedures that rest on a document that is repealed today, or is replaced within 30 days."""
    today = context.clock.today()
    documents = context.catalogue.documents
    in_use = _in_use(context, today)
    ending = [(end, item) for end, item in _ending(context, in_use) if end <= today + AHEAD]
    over = [_words(item, end, documents) for end, item in ending if end <= today]
    soon = [_words(item, end, documents) for end, item in ending if end > today]
    if over:
        return _alarm("LEGAL-01", f"{len(over)} văn bản đã hết hiệu lực mà thủ tục còn dựa vào", [*over, *soon])
    if soon:
        return _alarm("LEGAL-02", f"{len(soon)} văn bản sắp hết hiệu lực", soon)
    doubtful = [item for item in in_use if item.document.unsure_from and item.document.unsure_from <= today]
    if doubtful:
        words = "; ".join(f"{item.document.short} ({', '.join(item.codes)})" for item in doubtful)
        return CheckResult(NAME, "note", f"Chưa rõ còn hiệu lực hay không: {words}")
    known = sum(item.document.has_known_start for item in in_use)
    unknown = len(in_use) - known
    words = f"{known} văn bản còn hiệu lực" + (f", {unknown} văn bản chưa biết từ ngày nào" if unknown else "")
    return CheckResult(NAME, "ok", words)


def _in_use(context: Context, today: date) -> list[DocumentInUse]:
    """Return the documents that the procedures in force rest on, in the order of the procedures."""
    in_use: dict[str, DocumentInUse] = {}
    for procedure in context.catalogue.all(today):
        for name, document in documents_in_use(procedure, context.catalogue.documents, today).items():
            known = in_use.setdefault(name, DocumentInUse(name, document, ()))
            in_use[name] = replace(known, codes=(*known.codes, procedure.code))
    return list(in_use.values())


def _ending(context: Context, in_use: list[DocumentInUse]) -> Iterator[tuple[date, DocumentInUse]]:
    """Yield each document that ends, with the day and the procedures that rest on it then: a waiver may end with it."""
    documents = context.catalogue.documents
    today = context.clock.today()
    for item in in_use:
        end = end_of(item.document, documents)
        if end is None:
            continue
        procedures = [context.catalogue.in_force(code, today) for code in item.codes]
        codes = tuple(
            procedure.code
            for procedure in procedures
            if procedure and item.id in documents_in_use(procedure, documents, end)
        )
        if codes:
            yield end, replace(item, codes=codes)


def _words(item: DocumentInUse, end: date, documents: Documents) -> str:
    """Return one step: the document, from when it is over, its successor, the procedures."""
    successor = documents.get(item.document.replaced_by)
    by = f", thay bằng {successor.short}" if successor else ""
    return f"{item.document.short} hết hiệu lực từ {end:%d/%m/%Y}{by}: thủ tục {', '.join(item.codes)}."


def _alarm(code: str, words: str, listed: list[str]) -> CheckResult:
    steps = (
        *listed,
        "Cài bản mới của kho thủ tục, hoặc sửa tệp thủ tục theo văn bản mới (docs/procedures.md).",
        "Trong lúc chờ, cán bộ soát lại giấy tờ, lệ phí, thời hạn của các thủ tục đó ở quầy.",
    )
    return CheckResult(name=NAME, state="warning", words=words, do=" ".join(steps), code=code, steps=steps)
