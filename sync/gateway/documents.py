"""Documents of a dossier that are files: recorded from bodies and events, and which files are still missing.

A document is an item of a receipt number, so a correction has it too. An event that names it without a file removes it
for good: an item id is never used again, so the order in which body and event arrive does not matter.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, false, func, insert, select, true, update

from sync.gateway.tables import documents, files

DocumentItem = dict[str, Any]


def files_in_body(body: DocumentItem) -> list[DocumentItem]:
    """Return the documents of a body that are files."""
    return [item for item in body.get("documents", []) if item.get("file")]


def record_documents(db: Connection, kiosk_id: str, receipt_no: str, items: Iterable[DocumentItem]) -> None:
    """Record documents, each once; an item without a file removes the document. The kiosk's row is locked."""
    for item in items:
        file = item.get("file") or {}
        if find_document(db, kiosk_id, item["itemId"]) is None:
            db.execute(
                insert(documents).values(
                    kiosk_id=kiosk_id,
                    item_id=item["itemId"],
                    receipt_no=receipt_no,
                    document_code=item["documentCode"],
                    name=item["name"],
                    sha256=file.get("sha256"),
                    size=file.get("size"),
                    media_type=file.get("mediaType"),
                    is_gone=not file,
                )
            )
        elif not file:
            db.execute(update(documents).where(_is_item(kiosk_id, item["itemId"])).values(is_gone=True))


def find_document(db: Connection, kiosk_id: str, item_id: str) -> Row[Any] | None:
    """Return a document by its id, removed or not."""
    return db.execute(select(documents).where(_is_item(kiosk_id, item_id))).one_or_none()


def list_documents(db: Connection, kiosk_id: str, receipt_no: str) -> list[Row[Any]]:
    """Return the documents of a dossier with `is_here` (the file is complete) and `held` (its bytes here)."""
    of_dossier = (
        (documents.c.kiosk_id == kiosk_id) & (documents.c.receipt_no == receipt_no) & documents.c.is_gone.is_(False)
    )
    is_here = func.coalesce(files.c.is_whole, false()).label("is_here")
    columns = select(documents, is_here, files.c.held).select_from(_join_files())
    return list(db.execute(columns.where(of_dossier).order_by(documents.c.document_code, documents.c.item_id)))


def missing_files(db: Connection, kiosk_id: str, receipts: Collection[str]) -> dict[str, list[str]]:
    """Return the SHA-256 of the files that are not complete here, by receipt number."""
    missing: dict[str, list[str]] = {}
    if not receipts:
        return missing
    of_receipts = (
        (documents.c.kiosk_id == kiosk_id) & documents.c.receipt_no.in_(receipts) & documents.c.is_gone.is_(False)
    )
    columns = select(documents.c.receipt_no, documents.c.sha256).select_from(_join_files())
    for receipt_no, sha256 in db.execute(columns.where(of_receipts & files.c.is_whole.is_not(true())).distinct()):
        missing.setdefault(receipt_no, []).append(sha256)
    return missing


def receipts_with_file(db: Connection, kiosk_id: str, sha256: str) -> list[str]:
    """Return the receipt numbers that name a file."""
    names_file = (documents.c.kiosk_id == kiosk_id) & (documents.c.sha256 == sha256) & documents.c.is_gone.is_(False)
    return list(db.execute(select(documents.c.receipt_no).where(names_file).distinct()).scalars())


def _is_item(kiosk_id: str, item_id: str) -> Any:
    return (documents.c.kiosk_id == kiosk_id) & (documents.c.item_id == item_id)


def _join_files() -> Any:
    is_same = (files.c.kiosk_id == documents.c.kiosk_id) & (files.c.sha256 == documents.c.sha256)
    return documents.outerjoin(files, is_same)


def removed_items(db: Connection, kiosk_id: str, receipt_no: str) -> tuple[str, ...]:
    """Return the ids of the documents that the desk has taken away from a receipt number, ordered."""
    is_removed = (documents.c.kiosk_id == kiosk_id) & (documents.c.receipt_no == receipt_no) & documents.c.is_gone
    return tuple(db.execute(select(documents.c.item_id).where(is_removed).order_by(documents.c.item_id)).scalars())
