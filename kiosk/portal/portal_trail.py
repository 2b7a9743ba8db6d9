"""The trail of the portal's operators, as this kiosk sees it: openings of its forms, and a trail that lost lines.

The kiosk keeps a line of that trail and names it in each report. An opening becomes a line of the kiosk's own trail,
and one of the lead's list of cases that were opened away from a counter.
"""

import logging
from dataclasses import replace

from sqlite_utils import Database

from kiosk.base import clock, codes
from kiosk.context import Context
from kiosk.health import portal_lines
from kiosk.health.portal_lines import PortalLine, PortalTrailAlarm
from kiosk.records import audit, openings, submissions
from kiosk.records.openings import Opening
from sync.portals.base import PortalOpening, PortalTrail

log = logging.getLogger(__name__)


def record_answer(context: Context, db: Database, trail: PortalTrail | None) -> None:
    """Record the line and the openings of an answer, inside the write of the report; None changes nothing."""
    if trail is None:
        return
    kept = portal_lines.find(db)
    alarm = _compare(kept, trail)
    line = replace(kept, no=trail.no, digest=trail.digest)
    if alarm is not None:
        log.error("portal trail changed", extra={"state": alarm, "number": kept.no})
        line = replace(line, alarm=alarm, alarmed_at=clock.timestamp(context.clock.now()), alarmed_no=kept.no)
        facts: dict[str, audit.AuditFact] = {"loss": alarm, "kept": kept.no, "now": trail.no}
        _append(context, db, audit.AuditLine(act="portal_trail", actor="worker", subject="portal", facts=facts))
    for opening in trail.openings:
        _record_opening(context, db, opening)
    if line != kept:
        portal_lines.save(db, line)


def _compare(kept: PortalLine, trail: PortalTrail) -> PortalTrailAlarm | None:
    """Return what happened to the kept line; None where the portal still has it."""
    if kept.no == 0 or trail.held == kept.digest:
        return None
    return "shorter" if trail.no < kept.no else "changed"


def _record_opening(context: Context, db: Database, opening: PortalOpening) -> None:
    """Append a line about an opening; the lead's list has it with its words, unless the kiosk has lost that form."""
    at = clock.parse_timestamp(opening.at)
    facts: dict[str, audit.AuditFact] = {
        "receipt": opening.receipt_no,
        "login": opening.login,
        "at": f"{clock.local(at):%H:%M %d/%m/%Y}",
    }
    line = audit.AuditLine(act="portal_opened", actor="portal", subject=opening.submission_id, facts=facts)
    _append(context, db, line)
    submission = submissions.find(db, opening.submission_id)
    if submission is None or submission.receipt_no != opening.receipt_no:
        return
    opening_id = codes.new_id()
    openings.insert(
        db,
        Opening(
            id=opening_id,
            submission_id=submission.id,
            session=openings.AT_PORTAL,
            actor=opening.login,
            reason="other",
            words=context.vault.seal(openings.WORDS, opening_id, opening.reason.encode()),
            opened_at=at,
            closes_at=at,
        ),
    )


def _append(context: Context, db: Database, line: audit.AuditLine) -> None:
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
