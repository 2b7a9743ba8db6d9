"""Counts of forms that citizens leave and of calls for an officer, by the first step that is not finished."""

from sqlite_utils import Database

from kiosk.base.errors import KioskError
from kiosk.context import Context
from kiosk.dossiers import sealed_drafts
from kiosk.procedures import journey
from kiosk.records import drafts, page_counts
from kiosk.records.page_counts import PageEvent, PagePlace, TurnBackKind


def count(db: Database, context: Context, draft_id: str | None, kind: TurnBackKind) -> None:
    """Count a form that is left, or a call, at the first step that is not finished; "" where all are.

    Only the count is kept, nothing of the draft. Without a draft nothing is counted.
    """
    if draft_id is None:
        return
    try:
        draft = sealed_drafts.unseal(context, draft_id, drafts.read(db, draft_id).body)
    except KioskError:  # a visit ends in any case
        return
    procedure = context.catalogue.version(draft.code, draft.version)
    if procedure is None:
        return
    page = journey.first_unfinished(procedure, draft, context.clock.today())
    step = page.step.id if page else ""
    place = PagePlace(procedure=draft.code, version=draft.version, step=step)
    page_counts.note(db, context.clock.today(), place, PageEvent(kind=kind))
