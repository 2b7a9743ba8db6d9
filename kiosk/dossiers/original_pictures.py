"""Pictures of originals that are certified: which row of the form's list they belong to, and the pages that they count.

A picture names its row by the choice of the row, not by its place: a row above may be taken out of the list later. A
name that was typed is hashed, because the id of a paper stands in addresses and in the trail.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.context import Context
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Field, Procedure
from kiosk.records import scans
from kiosk.records.scans import DraftPage

HASH_LENGTH = 16


def list_field(procedure: Procedure) -> Field | None:
    """Return the list of originals of a procedure; None for a form that certifies no copies."""
    certifies = procedure.certifies
    if certifies is None or certifies.register != "copies":
        return None
    return procedure.by_key[certifies.paper]


def row_keys(context: Context, procedure: Procedure, answers: Mapping[str, Any]) -> list[str]:
    """Return the key of each row of the list of originals, in their order; none for other forms."""
    field = list_field(procedure)
    if field is None:
        return []
    choice = field.fields[0]
    ids = {option.id for option in choice.options}
    keys: list[str] = []
    for row in answers.get(field.key) or ():
        name = str(row.get(choice.key, ""))
        key = name if name in ids else context.vault.keyed_hash(scans.FILE, name)[:HASH_LENGTH]
        same = sum(other.partition(".")[0] == key for other in keys)
        keys.append(f"{key}.{same + 1}" if same else key)
    return keys


def paper_id(context: Context, key: str) -> str:
    """Return the id of the paper of a row for pictures that are taken now."""
    return (scans.KEPT_ORIGINAL if context.config.keep.originals else scans.ORIGINAL) + key


def key_of(paper: str) -> str:
    """Return the key of the row that a picture is of; any other paper is its own key."""
    return paper.removeprefix(scans.KEPT_ORIGINAL).removeprefix(scans.ORIGINAL)


def count_pages(context: Context, draft: Draft, paper: str, pages: Sequence[DraftPage]) -> None:
    """Set the pages of an original in its row to the number of its pictures; to 1 after the last one was removed."""
    procedure = context.catalogue.version(draft.code, draft.version)
    if procedure is None:
        return
    field = list_field(procedure)
    column = next((str(fee.pages["column"]) for fee in procedure.fees if fee.pages), "")
    if field is None or not column:
        return
    keys = row_keys(context, procedure, draft.answers)
    if key_of(paper) in keys:
        count = sum(key_of(page.paper) == key_of(paper) for page in pages)
        draft.put(f"{field.key}.{keys.index(key_of(paper))}.{column}", max(1, count))
