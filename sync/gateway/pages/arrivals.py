"""What has arrived, found by its receipt number; and one submission with everything that happened to it."""

import json
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import accounts, documents, epochs, events, forwarding, submissions
from sync.gateway.context import context
from sync.gateway.pages import access
from sync.gateway.tables import submissions as held

ON_A_PAGE = 50
_SHOWN = (
    held.c.submission_id, held.c.received_at, held.c.kiosk_id, held.c.receipt_no, held.c.procedure_code,
    held.c.form_revision, held.c.status_code, held.c.official_no,
)  # fmt: skip


def add_to(pages: Blueprint) -> None:
    """Give these pages their addresses."""
    pages.add_url_rule("/", view_func=arrivals)
    pages.add_url_rule("/submissions/<submission_id>", view_func=submission, methods=["GET", "POST"])
    pages.add_url_rule("/submissions/<submission_id>/status", view_func=set_status, methods=["POST"])
    pages.add_url_rule("/submissions/<submission_id>/redeliver", view_func=redeliver, methods=["POST"])


def arrivals() -> str:
    """List what has arrived, the latest first, or what has a receipt number."""
    start = max(request.args.get("from", 0, type=int), 0)
    wanted = request.args.get("q", "").strip().upper()[:30]
    newest = (held.c.received_at.desc(), held.c.submission_id.desc())
    asked = select(*_SHOWN).order_by(*newest).offset(start).limit(ON_A_PAGE + 1)
    counted = select(func.count()).select_from(held)
    if wanted:
        asked = asked.where(_is_found(wanted))
        counted = counted.where(_is_found(wanted))
    with context().engine.begin() as db:
        rows = db.execute(asked).all()
        count = db.execute(counted).scalar_one()
        told = epochs.recent_notices(db, 3)
    older = start + ON_A_PAGE if len(rows) > ON_A_PAGE else None
    return render_template(
        "arrivals.html", rows=rows[:ON_A_PAGE], count=count, notices=told, older=older, wanted=wanted
    )


def _is_found(wanted: str) -> Any:
    """Match a receipt number from its beginning; an official number whole."""
    return held.c.receipt_no.startswith(wanted, autoescape=True) | (held.c.official_no == wanted)


def submission(submission_id: str) -> str:
    """Show a submission's facts; its body only after a reason, which is kept."""
    reason = request.form.get("reason", "").strip()[:300]
    with context().engine.begin() as db:
        row = _held_or_404(db, submission_id)
        if reason:
            accounts.record(db, access.session().login, "looked", submission_id, context().settings.now(), reason)
        acts = events.of(db, row.kiosk_id, row.receipt_no)
        papers = documents.list_documents(db, row.kiosk_id, row.receipt_no)
        looked = accounts.list_views(db, submission_id)
        forward = forwarding.find(db, row.kiosk_id, row.receipt_no)
        attempts = forwarding.attempts_of(db, row.kiosk_id, row.receipt_no)
    lines = _lines(json.loads(row.body)) if reason else []
    return render_template(
        "submission.html", row=row, lines=lines, acts=acts, papers=papers, views=looked, forward=forward,
        attempts=attempts, is_reason_missing=request.method == "POST" and not reason,
    )  # fmt: skip


def set_status(submission_id: str) -> AnyResponse:
    """Set a status, so that the kiosk hears of it."""
    code = request.form.get("status", 0, type=int)
    if not 2 <= code <= 10:
        abort(400)
    facts: dict[str, object] = {"status_code": code, "note": request.form.get("note", "").strip()[:2000]}
    official_no = request.form.get("official_no", "").strip()[:60]
    if official_no:
        facts["official_no"] = official_no
    now = context().settings.now()
    with context().engine.begin() as db:
        row = _held_or_404(db, submission_id)
        submissions.set_status(db, row, now, **facts)
        accounts.record(db, access.session().login, "set_status", row.receipt_no, now, str(code))
    return redirect(url_for("pages.submission", submission_id=submission_id))


def redeliver(submission_id: str) -> AnyResponse:
    """Hand an accepted dossier over to the far side once more."""
    now = context().settings.now()
    with context().engine.begin() as db:
        row = _held_or_404(db, submission_id)
        if forwarding.redeliver(db, row.kiosk_id, row.receipt_no, now):
            accounts.record(db, access.session().login, "redelivered", row.receipt_no, now)
    return redirect(url_for("pages.submission", submission_id=submission_id))


def _held_or_404(db: Connection, submission_id: str) -> Any:
    row = db.execute(select(held).where(held.c.submission_id == submission_id)).one_or_none()
    if row is None:
        abort(404)
    return row


def _lines(body: Any, at: str = "") -> list[tuple[str, str]]:
    """Lay a body out as lines of place and value."""
    if isinstance(body, dict):
        return [line for name, part in body.items() for line in _lines(part, f"{at} › {name}" if at else name)]
    if isinstance(body, list):
        return [line for place, part in enumerate(body, 1) for line in _lines(part, f"{at} {place}")]
    return [(at, body if isinstance(body, str) else json.dumps(body))]
