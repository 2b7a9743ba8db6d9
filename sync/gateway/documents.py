"""Which papers belong to a dossier as files: what bodies and events of the desk name, and which of it is not here yet.

A paper is an item of a receipt number, so that a correction has it too. It is gone for good once an event of the desk
names it without a file: an item's id is never used again, so the order in which body and event arrive does not matter.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, false, func, insert, select, true, update

from sync.gateway.tables import documents, files

DocumentItem = dict[str, Any]


def files_in_body(body: DocumentItem) -> list[DocumentItem]:
    """List the papers that a body names as files."""
    return [item for item in body.get("documents", []) if item.get("file")]


def record_documents(db: Connection, kiosk_id: str, receipt_no: str, items: Iterable[DocumentItem]) -> None:
    """Take note of papers, each once; one without a file takes away what was named before. The kiosk's row is held."""
    for item in items:
        file = item.get("file") or {}
        if find_document(db, kiosk_id, item["itemId"]) is None:
            facts = {"sha256": file.get("sha256"), "size": file.get("size"), "media_type": file.get("mediaType")}
            named = {"document_code": item["documentCode"], "name": item["name"], "is_gone": not file}
            keys = {"kiosk_id": kiosk_id, "item_id": item["itemId"], "receipt_no": receipt_no}
            db.execute(insert(documents).values(**keys, **facts, **named))
        elif not file:
            db.execute(update(documents).where(_is_item(kiosk_id, item["itemId"])).values(is_gone=True))


def find_document(db: Connection, kiosk_id: str, item_id: str) -> Row[Any] | None:
    """Find a paper by its id, gone or not."""
    return db.execute(select(documents).where(_is_item(kiosk_id, item_id))).one_or_none()


def list_documents(db: Connection, kiosk_id: str, receipt_no: str) -> list[Row[Any]]:
    """List the papers of a dossier, whether each is here whole, and how many bytes of it are."""
    mine = (documents.c.kiosk_id == kiosk_id) & (documents.c.receipt_no == receipt_no) & documents.c.is_gone.is_(False)
    is_here = func.coalesce(files.c.is_whole, false()).label("is_here")
    columns = select(documents, is_here, files.c.held).select_from(_join_files())
    return list(db.execute(columns.where(mine).order_by(documents.c.document_code, documents.c.item_id)))


def missing_files(db: Connection, kiosk_id: str, receipts: Collection[str]) -> dict[str, list[str]]:
    """Tell which files of these receipt numbers are not here whole, by number."""
    found: dict[str, list[str]] = {}
    if not receipts:
        return found
    mine = (documents.c.kiosk_id == kiosk_id) & documents.c.receipt_no.in_(receipts) & documents.c.is_gone.is_(False)
    columns = select(documents.c.receipt_no, documents.c.sha256).select_from(_join_files())
    for receipt_no, sha256 in db.execute(columns.where(mine & files.c.is_whole.is_not(true())).distinct()):
        found.setdefault(receipt_no, []).append(sha256)
    return found


def receipts_with_file(db: Connection, kiosk_id: str, sha256: str) -> list[str]:
    """List the receipt numbers that name a file."""
    mine = (documents.c.kiosk_id == kiosk_id) & (documents.c.sha256 == sha256) & documents.c.is_gone.is_(False)
    return list(db.execute(select(documents.c.receipt_no).where(mine).distinct()).scalars())


def _is_item(kiosk_id: str, item_id: str) -> Any:
    return (documents.c.kiosk_id == kiosk_id) & (documents.c.item_id == item_id)


def _join_files() -> Any:
    is_same = (files.c.kiosk_id == documents.c.kiosk_id) & (files.c.sha256 == documents.c.sha256)
    return documents.outerjoin(files, is_same)
