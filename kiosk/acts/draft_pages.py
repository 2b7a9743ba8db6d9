"""Pages of papers that a citizen photographs or scans at the touchscreen: add them to the draft, or remove one.

The picture is checked, redrawn, sealed and synced to disk before the store names it, as a scan of the desk is. These
acts only change a draft, so they write no audit line; the scans of the filed form have theirs.
"""

from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from kiosk import uploads
from kiosk.base import codes
from kiosk.base.errors import DraftFull
from kiosk.context import Context
from kiosk.dossiers import original_pictures, sealed_drafts
from kiosk.records import draft_turns, drafts, scans
from kiosk.records.draft_turns import Hand
from kiosk.records.scans import DraftPage, Flaw
from kiosk.store import files
from sync.encoding import sha256_hex

MAX_PAGES = 20
"""Photographed pages of one form."""
MAX_BYTES = 20 * 1024 * 1024
"""Size of all photographed pages of one form."""


def add(context: Context, draft_id: str, *, paper: str, content: bytes, turn: int = 0) -> DraftPage:
    """Add a photographed page of a paper to a draft; one that is there already changes nothing.

    Args:
        turn: the number of the turn that the citizen's page was shown in; 0 where no desk has opened the draft.

    Raises:
        BadUpload: the picture is refused.
        DraftFull: the form has its most pages.
        DraftGone: the draft was deleted or submitted.
        StoreFull: the disk has no space.
        TurnLost: a desk has the turn of the draft.
    """
    require_room(context, draft_id)
    upload, flaw = uploads.check_page(content)
    page = _seal(context, draft_id, paper=paper, jpeg=upload.content, flaw=flaw, is_scanned=False)
    stored: list[DraftPage] = []
    try:
        with context.store.write() as db:
            stored = _insert(db, context, draft_id, [page], turn=turn)
    finally:
        _delete_files(context, {page.name} - {other.name for other in stored})
    return next(other for other in stored if (other.paper, other.sha256) == (page.paper, page.sha256))


def add_scanned(context: Context, draft_id: str, *, paper: str, jpegs: Sequence[bytes], turn: int = 0) -> None:
    """Add the pages of a paper that the scanner gave to a draft: all of them, or none.

    Args:
        jpegs: pages that the kiosk has encoded.
        turn: as in `add`.

    Raises:
        DraftFull: the form has no room for all pages.
        DraftGone: the draft was deleted or submitted.
        StoreFull: the disk has no space.
        TurnLost: a desk has the turn of the draft.
    """
    pages = [_seal(context, draft_id, paper=paper, jpeg=jpeg, flaw="", is_scanned=True) for jpeg in jpegs]
    stored: list[DraftPage] = []
    try:
        with context.store.write() as db:
            stored = _insert(db, context, draft_id, pages, turn=turn)
    finally:
        _delete_files(context, {page.name for page in pages} - {page.name for page in stored})


def _seal(context: Context, draft_id: str, *, paper: str, jpeg: bytes, flaw: Flaw, is_scanned: bool) -> DraftPage:
    """Seal a page and save its file; return the row that names it."""
    page_id = codes.new_id()
    key, sealed = context.vault.seal_detached(scans.FILE, page_id, jpeg)
    page = DraftPage(
        id=page_id,
        draft_id=draft_id,
        paper=paper,
        name=context.vault.keyed_hash(scans.FILE, page_id),
        key=key,
        sha256=sha256_hex(jpeg),
        bytes=len(jpeg),
        flaw=flaw,
        at=context.clock.now(),
        is_scanned=is_scanned,
    )
    files.save(context.config.scans_folder, page.name, sealed)
    return page


def _insert(db: Database, context: Context, draft_id: str, pages: Sequence[DraftPage], *, turn: int) -> list[DraftPage]:
    """Insert the pages that are not there already; return all pages of the draft."""
    drafts.read(db, draft_id)
    draft_turns.require(db, draft_id, Hand("screen", turn))
    existing = scans.pages_of_draft(db, draft_id)
    size = sum(page.bytes for page in (*existing, *pages))
    if len(existing) + len(pages) > MAX_PAGES or size > MAX_BYTES:
        raise DraftFull
    inserted = [page for page in pages if scans.insert_page(db, page)]
    for paper in {page.paper for page in inserted}:
        _count_original(db, context, draft_id, paper=paper, hand=Hand("screen", turn))
    return [*existing, *inserted]


def _delete_files(context: Context, names: Iterable[str]) -> None:
    """Delete files that no row names."""
    for name in names:
        files.delete(context.config.scans_folder, name)


def _count_original(db: Database, context: Context, draft_id: str, *, paper: str, hand: Hand) -> None:
    """Set the pages of an original that is certified to its pictures, in the write that changes them."""
    if scans.is_original(paper):
        pages = scans.pages_of_draft(db, draft_id)
        sealed_drafts.change_stored(
            db,
            context,
            draft_id,
            hand=hand,
            change=lambda draft: original_pictures.count_pages(context, draft, paper, pages),
        )


def require_room(context: Context, draft_id: str) -> None:
    """Require that a draft may get another page.

    Raises:
        DraftFull: it has its most pages.
    """
    with context.store.read() as db:
        if len(scans.pages_of_draft(db, draft_id)) >= MAX_PAGES:
            raise DraftFull


def remove(context: Context, draft_id: str, page_id: str, turn: int = 0) -> None:
    """Delete a page of a draft with its file; one that is deleted already changes nothing.

    Raises:
        TurnLost: a desk has the turn of the draft.
    """
    with context.store.write() as db:
        draft_turns.require(db, draft_id, Hand("screen", turn))
        page = next((page for page in scans.pages_of_draft(db, draft_id) if page.id == page_id), None)
        if page is None:
            return
        scans.delete_page(db, page.id)
        _count_original(db, context, draft_id, paper=page.paper, hand=Hand("screen", turn))
    files.delete(context.config.scans_folder, page.name)
