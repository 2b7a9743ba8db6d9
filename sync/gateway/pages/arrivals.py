"""Arrivals: the submissions in the gateway, searched by receipt number, and the page of one submission."""

import json
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response as AnyResponse

from sync.encoding import timestamp
from sync.gateway import (
    accounts,
    documents,
    epochs,
    events,
    forward_steps,
    forwarding,
    messages,
    receipt_numbers,
    sealing,
    status_changes,
)
from sync.gateway.context import context
from sync.gateway.pages import access, labels
from sync.gateway.tables import submissions as submissions_table

PAGE_SIZE = 50
_COLUMNS = (
    submissions_table.c.submission_id,
    submissions_table.c.received_at,
    submissions_table.c.kiosk_id,
    submissions_table.c.receipt_no,
    submissions_table.c.procedure_code,
    submissions_table.c.form_revision,
    submissions_table.c.status_code,
    submissions_table.c.official_no,
)


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/", view_func=arrivals)
    pages.add_url_rule("/submissions/<submission_id>", view_func=submission)
    pages.add_url_rule("/submissions/<submission_id>", view_func=open_submission, methods=["POST"])
    pages.add_url_rule("/submissions/<submission_id>/status", view_func=set_status, methods=["POST"])
    pages.add_url_rule("/submissions/<submission_id>/redeliver", view_func=redeliver, methods=["POST"])
    pages.add_url_rule("/submissions/<submission_id>/by-hand", view_func=file_by_hand, methods=["POST"])


def arrivals() -> str:
    """Show the submissions, latest first; with a query those with that number."""
    start = max(request.args.get("from", 0, type=int), 0)
    query = request.args.get("q", "").strip().upper()[:30]
    wards = access.current_wards()
    is_seen = wards.of_units(submissions_table.c.unit_code)
    latest_first = select(*_COLUMNS).order_by(
        submissions_table.c.received_at.desc(), submissions_table.c.submission_id.desc()
    )
    listing = latest_first.where(is_seen).offset(start).limit(PAGE_SIZE + 1)
    counting = select(func.count()).select_from(submissions_table).where(is_seen)
    if query:
        listing = listing.where(_matches(query))
        counting = counting.where(_matches(query))
    with context().engine.begin() as db:
        rows = db.execute(listing).all()
        count = db.execute(counting).scalar_one()
        notices = [] if wards.is_limited else epochs.recent_notices(db, 3)
    return render_template(
        "arrivals.html",
        rows=rows[:PAGE_SIZE],
        count=count,
        notices=notices,
        keep_days=context().settings.keep_days,
        older=start + PAGE_SIZE if len(rows) > PAGE_SIZE else None,
        query=query,
    )


def _matches(query: str) -> Any:
    """Match the beginning of a receipt number, or a complete official number."""
    is_receipt_no = submissions_table.c.receipt_no.startswith(query, autoescape=True)
    return is_receipt_no | (submissions_table.c.official_no == query)


def submission(submission_id: str) -> str:
    """Show a submission without its body."""
    return _render_submission(submission_id)


def open_submission(submission_id: str) -> str:
    """Show a submission with its body after a reason, which is recorded."""
    return _render_submission(submission_id, reason=request.form.get("reason", "").strip()[:300])


def _render_submission(submission_id: str, reason: str = "") -> str:
    with context().engine.begin() as db:
        row = _submission_or_404(db, submission_id)
        if reason and row.body != sealing.DELETED:
            login = access.current_session().login
            accounts.record(
                db, login=login, act=accounts.OPENED, subject=submission_id, now=context().settings.now(), reason=reason
            )
        touched_at, deleted_at = receipt_numbers.find_content_times(db, row.kiosk_id, row.receipt_no)
        body = sealing.sealer(db).open(sealing.BODY, submission_id, row.body) if reason and not deleted_at else b""
        variables = {
            "row": row,
            "events": events.list_events(db, row.kiosk_id, row.receipt_no),
            "documents": documents.list_documents(db, row.kiosk_id, row.receipt_no),
            "views": accounts.list_views(db, submission_id),
            "forward": forwarding.find_forward(db, row.kiosk_id, row.receipt_no),
            "attempts": forwarding.list_attempts(db, row.kiosk_id, row.receipt_no),
            "steps": forward_steps.list_steps(db, row.kiosk_id, row.receipt_no),
            "hand_error": labels.HAND_FILINGS.get(request.args.get("hand", ""), ""),
        }
    return render_template(
        "submission.html",
        lines=_body_lines(json.loads(body)) if body else [],
        deleted_at=deleted_at,
        delete_at=timestamp(datetime.fromisoformat(touched_at) + timedelta(days=context().settings.keep_days)),
        is_reason_missing=request.method == "POST" and not reason,
        **variables,
    )


def set_status(submission_id: str) -> AnyResponse:
    """Set the status of a submission; the kiosk receives it with the feed."""
    code = request.form.get("status", 0, type=int)
    if not 2 <= code <= 10:
        abort(400)
    values: dict[str, object] = {"status_code": code, "note": request.form.get("note", "").strip()[:2000]}
    official_no = request.form.get("official_no", "").strip()[:60]
    if official_no:
        values["official_no"] = official_no
    now = context().settings.now()
    with context().engine.begin() as db:
        row = _submission_or_404(db, submission_id)
        status_changes.set_status(db, row, now, **values)
        messages.on_status(db, row, code, now)
        accounts.record(
            db,
            login=access.current_session().login,
            act="set_status",
            subject=row.receipt_no,
            now=now,
            reason=str(code),
        )
    return redirect(url_for("pages.submission", submission_id=submission_id))


def redeliver(submission_id: str) -> AnyResponse:
    """Forward an accepted dossier again."""
    now = context().settings.now()
    with context().engine.begin() as db:
        row = _submission_or_404(db, submission_id)
        if forwarding.redeliver(db, kiosk_id=row.kiosk_id, receipt_no=row.receipt_no, now=now):
            accounts.record(
                db, login=access.current_session().login, act="redelivered", subject=row.receipt_no, now=now
            )
    return redirect(url_for("pages.submission", submission_id=submission_id))


def file_by_hand(submission_id: str) -> AnyResponse:
    """Record that a person has filed the dossier at the other side, under a number."""
    now = context().settings.now()
    official_no = request.form.get("official_no", "").strip()
    with context().engine.begin() as db:
        row = _submission_or_404(db, submission_id)
        result = forwarding.file_by_hand(db, submission=row, official_no=official_no, now=now)
        if result == "filed":
            login = access.current_session().login
            accounts.record(db, login=login, act="filed_by_hand", subject=row.receipt_no, now=now, reason=official_no)
    error = None if result == "filed" else result
    return redirect(url_for("pages.submission", submission_id=submission_id, hand=error, _anchor="forward"))


def _submission_or_404(db: Connection, submission_id: str) -> Any:
    is_submission = submissions_table.c.submission_id == submission_id
    row = db.execute(select(submissions_table).where(is_submission)).one_or_none()
    if row is None or not access.current_wards().has(row.unit_code):
        abort(404)
    return row


def _body_lines(body: Any, place: str = "") -> list[tuple[str, str]]:
    """Return a body as lines of place and value."""
    if isinstance(body, dict):
        parts = [(f"{place} › {name}" if place else name, part) for name, part in body.items()]
    elif isinstance(body, list):
        parts = [(f"{place} {number}", part) for number, part in enumerate(body, 1)]
    else:
        return [(place, body if isinstance(body, str) else json.dumps(body))]
    lines = []
    for part_place, part in parts:
        lines.extend(_body_lines(part, part_place))
    return lines
