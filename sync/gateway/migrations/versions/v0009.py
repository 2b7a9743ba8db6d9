"""Every receipt number belongs to one dossier, and a forward names the submission that the desk has accepted.

Before, two machines with one kiosk's code could send two people under one number. The first submission keeps such a
number; the others become dossiers of their own, and the operator gets a notice for each.
"""

from typing import Any

from alembic import op
from sqlalchemy import Column, Connection, Index, Integer, String, text

revision = "v0009"
down_revision = "v0008"

_FILL_ACCEPTED = """update forwards set accepted_id = coalesce(
  (select submission_id from events where events.kiosk_id = forwards.kiosk_id
     and events.receipt_no = forwards.receipt_no and events.kind = 'accepted' order by seq desc limit 1),
  submission_id, '')"""
_SELECT = """select submission_id, kiosk_id, receipt_no, supersedes, received_at from submissions
  order by received_at, form_revision, submission_id"""


def upgrade() -> None:
    """Create the table and the columns, and fill them from the stored submissions and events."""
    op.create_table(
        "receipt_numbers",
        Column("kiosk_id", String, primary_key=True),
        Column("receipt_no", String, primary_key=True),
        Column("dossier_id", String, nullable=False),
        Column("day", String, nullable=False),
        Column("seq", Integer, nullable=False),
        Index("numbers_of_day", "kiosk_id", "day", "seq"),
    )
    op.add_column("submissions", Column("dossier_id", String, nullable=False, server_default=""))
    op.add_column("forwards", Column("accepted_id", String, nullable=False, server_default=""))
    db = op.get_bind()
    _fill_dossiers(db)
    db.execute(text(_FILL_ACCEPTED))


def _fill_dossiers(db: Connection) -> None:
    dossiers: dict[str, str] = {}
    holders: dict[tuple[str, str], str] = {}
    for row in db.execute(text(_SELECT)).all():
        key = (row.kiosk_id, row.receipt_no)
        holder = holders.setdefault(key, row.submission_id)
        if row.supersedes is None:
            dossiers[row.submission_id] = row.submission_id
        else:
            dossiers[row.submission_id] = dossiers.get(row.supersedes, holder)
        if dossiers[row.submission_id] == row.submission_id != holder:
            _add_notice(db, row)
    for submission_id, dossier_id in dossiers.items():
        db.execute(
            text("update submissions set dossier_id = :dossier where submission_id = :id"),
            {"dossier": dossier_id, "id": submission_id},
        )
    for (kiosk_id, receipt_no), dossier_id in holders.items():
        _kiosk, day, seq, _check = receipt_no.split("-")
        db.execute(
            text("insert into receipt_numbers values (:kiosk, :receipt_no, :dossier, :day, :seq)"),
            {"kiosk": kiosk_id, "receipt_no": receipt_no, "dossier": dossier_id, "day": day, "seq": int(seq)},
        )


def _add_notice(db: Connection, row: Any) -> None:
    words = f"Hai hồ sơ có chung số phiếu {row.receipt_no}. Xem lại giấy tờ kèm và hồ sơ đã chuyển của số này."
    db.execute(text("insert into notices (noted_at, text) values (:at, :text)"), {"at": row.received_at, "text": words})
